import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Plan, Resource } from "../../../plan/model";
import { isRelease, waves } from "../../../plan/query";
import { kubernetesObject, plain } from "../../../plan/kubernetesObject";
import {
    helmArguments,
    isApplied,
    isManifest,
    manifestArguments,
    renderManifests,
} from "../../../plan/report/manifests";
import { attempt, kubectl, run } from "./command";

/** The inputs of a release that are known before anything is installed. */
interface ReleaseInputs {
    name: string;
    namespace: string;
}

/** Applies a plan in its own order, as the engine would: a wave starts when all before it is ready. */
export async function deploy(plan: Plan, chosen: (resource: Resource) => boolean = () => true): Promise<void> {
    for (const wave of kubernetesWaves(plan, chosen)) {
        const objects = wave.filter((resource) => !isRelease(resource) && !isManifest(resource));
        const manifests = wave.filter(isManifest).map((manifest) => kubectl(manifestArguments(manifest)));
        await Promise.all([apply(objects), ...manifests, ...wave.filter(isRelease).map(install)]);
        await rollOut(objects);
    }
}

/** Takes a plan down in reverse order. */
export async function takeDown(plan: Plan): Promise<void> {
    for (const wave of kubernetesWaves(plan).reverse()) {
        const objects = wave.filter((resource) => !isRelease(resource) && !isManifest(resource) && !isPatch(resource));
        const manifests = wave.filter(isManifest).map(({ inputs }) => remove(inputs.file as string));
        const own = objects.length > 0 ? [remove("-", documentsOf(objects))] : [];
        await Promise.all([...own, ...manifests, ...wave.filter(isRelease).map(uninstall)]);
    }
}

const remove = (file: string, input?: string) => kubectl(["delete", "-f", file, "--wait", "--ignore-not-found"], input);

async function uninstall(release: Resource): Promise<void> {
    const { name, namespace } = inputsOf(release);
    await run("helm", ["uninstall", name, "-n", namespace, "--wait", "--ignore-not-found"]);
}

/** A few fields of an object that is somebody else's. */
function isPatch({ type }: Resource): boolean {
    return type.endsWith("Patch");
}

/** The Kubernetes objects of a plan in one text: the files that `--manifests` writes. */
export function manifestOf(plan: Plan): string {
    const objects = renderManifests(plan).filter(({ path }) => /^\d+-.*\.yaml$/.test(path));
    return objects.map(({ content }) => content).join("---\n");
}

/** What a release of the plan renders to with its chart. */
export async function render(plan: Plan, releaseName: string): Promise<string> {
    const release = plan.resources.find((resource) => isRelease(resource) && inputsOf(resource).name === releaseName);
    if (!release) {
        throw new Error(`no release ${releaseName} in the plan of ${plan.stack}`);
    }
    // `helm template` takes the flags of an installation, not those of an upgrade.
    const [, , , ...from] = helmArguments(release, valuesFile(release)).filter((word) => word !== "--cleanup-on-fail");
    return run("helm", ["template", releaseName, ...from]);
}

function kubernetesWaves(plan: Plan, chosen: (resource: Resource) => boolean = () => true): Resource[][] {
    return waves(plan, (resource) => isApplied(resource) && chosen(resource));
}

/**
 * The API server may hold on to a connection to istiod's former pod for a while after it was replaced, and then waits in
 * vain for its answer; a few tries outlast that. What a test has patched by hand is taken back, as the program does it.
 */
async function apply(objects: Resource[], tries = 4): Promise<void> {
    if (objects.length === 0) {
        return;
    }
    const args = ["apply", "--server-side", "--force-conflicts", "--field-manager", "oke-mesh-test", "-f", "-"];
    const { code, stderr } = await attempt("kubectl", args, documentsOf(objects));
    if (code !== 0 && tries > 1 && /failed calling webhook.*deadline exceeded/.test(stderr)) {
        return apply(objects, tries - 1);
    }
    if (code !== 0) {
        throw new Error(`kubectl ${args.join(" ")}: exit ${code}\n${stderr}`);
    }
}

async function rollOut(objects: Resource[]): Promise<void> {
    const deployments = objects
        .filter(({ inputs }) => inputs.kind === "Deployment")
        .map(({ inputs }) => inputs.metadata as { name: string; namespace: string });
    const namespaces = [...new Set(deployments.map(({ namespace }) => namespace))];
    await Promise.all(
        namespaces.map((each) => {
            const names = deployments.filter(({ namespace }) => namespace === each).map(({ name }) => name);
            return kubectl(["rollout", "status", "deployment", ...names, "-n", each, "--timeout", "480s"]);
        }),
    );
}

/** The API server checks what it gets; helm would fetch and parse all schemas of the cluster for that, each time. */
async function install(release: Resource): Promise<void> {
    await run("helm", [...helmArguments(release, valuesFile(release)), "--disable-openapi-validation"]);
}

/** Exactly the values that the plan holds. */
function valuesFile(release: Resource): string {
    const file = join(mkdtempSync(join(tmpdir(), "oke-mesh-")), `${inputsOf(release).name}.values.json`);
    writeFileSync(file, JSON.stringify(plain(release.inputs.values)));
    return file;
}

function documentsOf(resources: Resource[]): string {
    return resources.map((resource) => JSON.stringify(kubernetesObject(resource))).join("\n---\n");
}

function inputsOf(release: Resource): ReleaseInputs {
    return release.inputs as unknown as ReleaseInputs;
}
