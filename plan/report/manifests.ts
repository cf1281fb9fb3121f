import { stringify } from "yaml";
import { word } from "../../components/shell";
import { kubernetesObject, knownAfterApply, plain } from "../kubernetesObject";
import { at, type Plan, type Resource } from "../model";
import { isKubernetes, isManaged, isRelease, waves } from "../query";
import { headline } from "./tree";

/** A file of the manifests folder. */
export interface ManifestFile {
    path: string;
    content: string;
}

/** First words of the folder's README, which identify a folder that a plan wrote. */
export const readmeTitle = "# Kubernetes objects of";

/**
 * Folder of the releases' values. They do not end in `.yaml`: istioctl and GitOps tools read all such files, in folders too,
 * as objects.
 */
export const RELEASES = "helm";

/**
 * Every Kubernetes object of a plan as a file that `kubectl apply` accepts, numbered in the order of their dependencies,
 * and each Helm release as its values with the command that installs it.
 */
export function renderManifests(plan: Plan): ManifestFile[] {
    const used = new Set<string>();
    const files = waves(plan, isApplied).flatMap((wave, index) =>
        wave.map((resource) => {
            const number = String(index + 1).padStart(2, "0");
            const beside = (title: string) => unused(`${RELEASES}/${number}-${fileName(title)}`, used);
            if (isManifest(resource)) {
                return manifestFile(resource, beside(resource.name));
            }
            return isRelease(resource)
                ? releaseFile(resource, beside(releaseTitle(resource)))
                : objectFile(resource, unused(`${number}-${objectName(resource)}`, used));
        }),
    );
    return [{ path: "README.md", content: readme(plan, files) }, ...files];
}

/** What is applied to the cluster: objects, releases, and manifests of other projects. */
export function isApplied(resource: Resource): boolean {
    return isKubernetes(resource) && (isManaged(resource) || isManifest(resource));
}

/** A file of objects, which the provider reads when it applies them. */
export function isManifest({ type }: Resource): boolean {
    return type === "kubernetes:yaml/v2:ConfigFile";
}

/** Arguments for `kubectl` that apply one. */
export function manifestArguments({ inputs }: Resource): string[] {
    return ["apply", "--server-side", "-f", String(plain(inputs.file))];
}

/** Arguments for `helm` that install a release the way Pulumi's provider would. */
export function helmArguments(release: Resource, valuesFile: string): string[] {
    const { inputs } = release;
    const option = (flag: string, value: unknown) => (value === undefined ? [] : [flag, String(plain(value))]);
    const flag = (name: string, on: unknown) => (on === true ? [name] : []);
    const seconds = at(inputs, "timeout");
    return [
        ...["upgrade", "--install", releaseTitle(release), String(plain(at(inputs, "chart")))],
        ...option("--repo", at(inputs, "repositoryOpts", "repo")),
        ...option("--version", at(inputs, "version")),
        ...option("--namespace", at(inputs, "namespace")),
        ...flag("--create-namespace", at(inputs, "createNamespace")),
        ...["--values", valuesFile],
        ...flag("--skip-crds", at(inputs, "skipCrds")),
        ...(at(inputs, "skipAwait") === true ? [] : ["--wait"]),
        ...flag("--atomic", at(inputs, "atomic")),
        ...flag("--cleanup-on-fail", at(inputs, "cleanupOnFail")),
        ...option("--timeout", typeof seconds === "number" ? `${seconds}s` : undefined),
    ];
}

function objectFile(resource: Resource, path: string): ManifestFile {
    return { path: `${path}.yaml`, content: toYaml(kubernetesObject(resource)) };
}

function releaseFile(resource: Resource, path: string): ManifestFile {
    const file = `${path}.values`;
    const command = ["helm", ...helmArguments(resource, file)].map(word).join(" ");
    return { path: file, content: `# ${command}\n${toYaml(plain(resource.inputs.values ?? {}))}` };
}

function manifestFile(resource: Resource, path: string): ManifestFile {
    const command = ["kubectl", ...manifestArguments(resource)].map(word).join(" ");
    return { path: `${path}.sh`, content: `${command}\n` };
}

function releaseTitle(resource: Resource): string {
    return String(plain(resource.inputs.name ?? resource.name));
}

function objectName(resource: Resource): string {
    const { kind, metadata } = kubernetesObject(resource);
    return fileName(at(metadata, "namespace"), kind, at(metadata, "name"));
}

function fileName(...parts: unknown[]): string {
    const words = parts.filter((part) => part !== undefined).map(String);
    return words
        .join("-")
        .toLowerCase()
        .replace(/[^a-z0-9.-]+/g, "-");
}

function unused(path: string, used: Set<string>): string {
    let free = path;
    for (let copy = 2; used.has(free); copy++) {
        free = `${path}-${copy}`;
    }
    used.add(free);
    return free;
}

/** kubectl reads YAML 1.1, where a bare `on` or `0o17` means something else than in 1.2. */
function toYaml(value: unknown): string {
    return stringify(value, { version: "1.1", lineWidth: 0, aliasDuplicateObjects: false });
}

function readme(plan: Plan, files: ManifestFile[]): string {
    return [
        `${readmeTitle} ${plan.project}/${plan.stack}`,
        "",
        headline(plan),
        "",
        "Files with the same number do not depend on each other; each number depends on the smaller ones. Apply an object with",
        `\`kubectl apply --server-side -f FILE\`; a release's values are in \`${RELEASES}\`, with the \`helm\` command that uses`,
        "them in the first line, for this folder. A script there applies a manifest that another project publishes.",
        `\`${knownAfterApply}\` stands for a value that is not known yet. Secrets hold the placeholder \`[secret]\`.`,
        "",
        ...files.map(({ path }) => `- [${path}](${encodeURI(path)})`),
        "",
    ].join("\n");
}
