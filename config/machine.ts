import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import type { ClusterSettings } from "./schema/cluster";

/** The parts of a kubeconfig that decide how its user signs in. */
interface Kubeconfig {
    "current-context"?: string;
    contexts?: { name: string; context: { user?: string } }[];
    users?: { name: string; user: { exec?: { command: string } } }[];
}

/** What this machine and this run of Pulumi are, so that a test can say something else. */
interface Machine {
    path: string;
    kubeconfig?: string;
    homedir: string;
    /** Whether an engine is there that creates what is registered: not for plans and tests. */
    engine: boolean;
    preview: boolean;
}

const thisMachine = (): Machine => ({
    path: process.env.PATH ?? "",
    kubeconfig: process.env.KUBECONFIG,
    homedir: os.homedir(),
    engine: pulumi.runtime.hasEngine(),
    preview: pulumi.runtime.isDryRun(),
});

/**
 * Says what this machine lacks for reaching the cluster, before anything is created on OCI that an update could not
 * finish. A preview only warns: it is often made where the cluster cannot be reached, and changes nothing.
 */
export function requireClusterAccess(cluster: ClusterSettings, machine = thisMachine()): void {
    const missing = machine.engine ? missingForCluster(cluster, machine) : undefined;
    if (missing === undefined) {
        return;
    }
    if (!machine.preview) {
        throw new pulumi.RunError(missing);
    }
    void pulumi.log.warn(missing);
}

/** What keeps this machine from signing in to the cluster, and what to do; undefined if nothing does. */
export function missingForCluster(
    cluster: ClusterSettings,
    machine: Pick<Machine, "path" | "kubeconfig" | "homedir">,
): string | undefined {
    if (cluster.source !== "kubeconfig") {
        return onPath("oci", machine.path)
            ? undefined
            : "The cluster's kubeconfig signs in with the OCI CLI, but there is no `oci` on PATH here. Install it " +
                  "(https://docs.oracle.com/iaas/Content/API/SDKDocs/cliinstall.htm) and run `oci setup config`.";
    }
    const files = kubeconfigFiles(cluster.kubeconfig, machine);
    const existing = files.filter((file) => fs.existsSync(file));
    if (existing.length === 0) {
        return (
            `There is no kubeconfig at ${files.join(" or ")}. Set KUBECONFIG or \`pulumi config set --path ` +
            "cluster.kubeconfig <file>`; `kind create cluster` writes one."
        );
    }
    return missingInKubeconfigs(existing, cluster.context, machine.path);
}

function missingInKubeconfigs(files: string[], wanted: string | undefined, searchPath: string): string | undefined {
    const configs: Kubeconfig[] = [];
    for (const file of files) {
        try {
            configs.push((parse(fs.readFileSync(file, "utf8")) as Kubeconfig | null) ?? {});
        } catch {
            return `The kubeconfig ${file} cannot be read as YAML.`;
        }
    }
    // As kubectl merges them: of two entries with one name, the first counts.
    const contexts = configs.flatMap((config) => config.contexts ?? []);
    const users = configs.flatMap((config) => config.users ?? []);
    const name = wanted ?? configs.map((config) => config["current-context"]).find(Boolean);
    const context = contexts.find((candidate) => candidate.name === name);
    const where = files.join(" and ");
    if (!context) {
        const found =
            contexts.length > 0 ? `there are ${contexts.map((each) => each.name).join(", ")}` : "there is none";
        return `No context ${name ?? "selected"} in the kubeconfig ${where}; ${found}. Choose one: \`pulumi config set --path cluster.context <name>\`.`;
    }
    const command = users.find((user) => user.name === context.context.user)?.user.exec?.command;
    return command === undefined || onPath(command, searchPath)
        ? undefined
        : `Context ${context.name} of ${where} signs in with \`${command}\`, which is not on PATH here. Install it first.`;
}

/** The files kubectl would read: it merges those that KUBECONFIG lists. */
function kubeconfigFiles(setting: string | undefined, machine: Pick<Machine, "kubeconfig" | "homedir">): string[] {
    const listed = setting === undefined ? (machine.kubeconfig ?? "").split(path.delimiter) : [setting];
    const files = listed.filter(Boolean);
    return files.length > 0
        ? files.map((file) => atHome(file, machine.homedir))
        : [path.join(machine.homedir, ".kube", "config")];
}

/** As the shell and kubectl's users write it. */
export function atHome(file: string, homedir = os.homedir()): string {
    return file.startsWith("~/") ? path.join(homedir, file.slice(2)) : file;
}

/** The contents of a kubeconfig that the settings name. */
export function readKubeconfig(file: string): string {
    try {
        return fs.readFileSync(atHome(file), "utf8");
    } catch {
        throw new pulumi.RunError(`cluster.kubeconfig is ${file}, which does not exist or cannot be read here.`);
    }
}

function onPath(command: string, searchPath: string): boolean {
    const folders = command.includes(path.sep) ? [""] : searchPath.split(path.delimiter);
    const endings = process.platform === "win32" ? [".exe", ".cmd", ".bat", ""] : [""];
    return folders.some((folder) => endings.some((ending) => isExecutable(path.join(folder, command + ending))));
}

function isExecutable(file: string): boolean {
    try {
        fs.accessSync(file, fs.constants.X_OK);
        return fs.statSync(file).isFile();
    } catch {
        return false;
    }
}
