import { strict as assert } from "node:assert";
import { kubernetesObject } from "../../../plan/kubernetesObject";
import { isApplied } from "../../../plan/report/manifests";
import { causesIn, type Group } from "../../../verify/check";
import { renderTable } from "../../../verify/report";
import type { Result } from "../../../verify/run";
import { kubectl } from "./command";
import { meshPlan } from "./mesh";
import { PATIENCE } from "./until";
import { apply } from "./verified";

/** Something wrong in the cluster, and what must be found of it. */
export interface Fault {
    what: string;
    make: () => Promise<unknown>;
    undo: () => Promise<unknown>;
    /** Names of the checks that fail. Which pods have curl, and so can be callers, depends on the images. */
    failing: (string | RegExp)[];
    /** What one of them says. */
    cause: RegExp;
}

/** Faults that show in checks of their own, so that one run must find each of them. */
export interface Round {
    groups: Group[];
    faults: Fault[];
}

type Change = Pick<Fault, "make" | "undo">;

interface Planned {
    kind: string;
    metadata?: { name: string };
    spec: object;
}

interface Added extends Planned {
    apiVersion: string;
    metadata: { name: string; namespace: string; labels?: Record<string, string> };
}

/** Applies an object of the mesh's plan, as it is or changed. */
function applyPlanned(kind: string, name: string, change: (object: Planned) => object = (same) => same) {
    const objects = meshPlan()
        .resources.filter(isApplied)
        .map((resource) => kubernetesObject(resource) as unknown as Planned);
    const found = objects.find((each) => each.kind === kind && each.metadata?.name === name);
    assert.ok(found, `${kind} ${name} is not planned`);
    return apply(change(found));
}

/** A change of an object's spec. */
export const changed = (kind: string, name: string, spec: object): Change => ({
    make: () => applyPlanned(kind, name, (planned) => ({ ...planned, spec: { ...planned.spec, ...spec } })),
    undo: () => applyPlanned(kind, name),
});

/** A planned object that is gone. */
export const deleted = (kind: string, name: string): Change => ({
    make: () => remove(kind, name),
    undo: () => applyPlanned(kind, name),
});

/** An object that nobody planned. */
export const added = (given: Added): Change => ({
    make: () => apply(given),
    undo: () => remove(given.kind, given.metadata.name),
});

/** A Deployment of istio-system without pods. */
export function scaled(deployment: string): Change {
    const at = [`deployment/${deployment}`, "-n", "istio-system"];
    return {
        make: () => kubectl(["scale", ...at, "--replicas", "0"]),
        undo: async () => {
            await kubectl(["scale", ...at, "--replicas", "1"]);
            await kubectl(["rollout", "status", ...at, "--timeout", `${PATIENCE}s`]);
        },
    };
}

/** An object of Bookinfo's namespace. */
export function object(apiVersion: string, kind: string, name: string, spec: object): Added {
    return { apiVersion, kind, metadata: { name, namespace: "bookinfo" }, spec };
}

/** A pod of Bookinfo's namespace that never runs. */
export function pod(name: string, labels: Record<string, string>, spec: object = {}, container: object = {}): Added {
    const containers = [{ name: "none", image: "example.invalid/none:1", ...container }];
    const metadata = { name, namespace: "bookinfo", labels };
    return { apiVersion: "v1", kind: "Pod", metadata, spec: { containers, ...spec } };
}

const remove = (kind: string, name: string) =>
    kubectl(["delete", kind, name, "-n", "bookinfo", "--wait", "--ignore-not-found"]);

/** Exactly the checks of these faults fail, and one of each fault's own says what it is. */
export function assertFound(results: Result[], faults: Fault[]): void {
    const table = renderTable(results);
    const failed = results.filter(({ finding }) => finding.verdict === "failed");
    const fits = (name: string) => (wanted: string | RegExp) =>
        typeof wanted === "string" ? name === wanted : wanted.test(name);
    const unexplained = failed
        .map(({ check }) => check.name)
        .filter((name) => !faults.some(({ failing }) => failing.some(fits(name))));
    assert.deepEqual(unexplained, [], table);
    for (const { what, failing, cause } of faults) {
        const missed = failing.filter((wanted) => !failed.some(({ check }) => fits(check.name)(wanted)));
        assert.deepEqual(missed, [], `${what}:\n${table}`);
        const own = failed.filter(({ check }) => failing.some(fits(check.name)));
        const causes = own.flatMap(({ finding }) => causesIn(finding).map((each) => each.what));
        assert.ok(
            causes.some((said) => cause.test(said)),
            `${what}: ${String(cause)} is not said\n${table}`,
        );
    }
}
