import { accessSync, constants, readFileSync, statSync } from "node:fs";
import { parse } from "yaml";
import { atHome } from "./machine";
import { dotted, setCommand, type Problem } from "./problems";
import type { Settings } from "./schema";

/** A file or folder on this machine that a setting names. */
interface Named {
    key: string;
    path: string;
    kind: "file" | "folder";
}

/** Files and folders that settings name and this machine does not have, or may not read. */
export function missingFiles(settings: Partial<Settings>): Problem[] {
    const problems = namedFiles(settings).flatMap(({ key, path, kind }): Problem[] => {
        const fault = faultOf(path, kind);
        return fault === undefined
            ? []
            : [{ key, message: `is ${path}, which ${fault}`, fix: [setCommand(key, `<path of a ${kind}>`)] }];
    });
    return problems.some(({ key }) => key === "cluster.kubeconfig")
        ? problems
        : [...problems, ...missingContext(settings)];
}

function namedFiles({ cluster, istio, gateway }: Partial<Settings>): Named[] {
    const { tls, gatewayApiManifest } = gateway ?? {};
    const repository = istio?.chartRepository ?? "";
    const certificates = [
        { key: "gateway.tls.certificate", certificate: tls?.certificate },
        ...Object.entries(tls?.hosts ?? {}).map(([host, { certificate }]) => ({
            key: dotted(["gateway", "tls", "hosts", host, "certificate"]),
            certificate,
        })),
    ];
    const file = (key: string, path: string | undefined): Named[] =>
        path === undefined ? [] : [{ key, path, kind: "file" }];
    return [
        ...(cluster?.source === "kubeconfig" ? file("cluster.kubeconfig", cluster.kubeconfig) : []),
        ...(isUrl(repository) || repository === ""
            ? []
            : [{ key: "istio.chartRepository", path: repository, kind: "folder" as const }]),
        ...(gatewayApiManifest === undefined || gatewayApiManifest === "none" || isUrl(gatewayApiManifest)
            ? []
            : file("gateway.gatewayApiManifest", gatewayApiManifest)),
        ...certificates.flatMap(({ key, certificate }) =>
            certificate?.source === "files"
                ? [...file(`${key}.certificate`, certificate.certificate), ...file(`${key}.key`, certificate.key)]
                : [],
        ),
        ...file("gateway.tls.clientCa", tls?.clientCa),
    ];
}

function isUrl(text: string): boolean {
    return /^[a-z]+:\/\//i.test(text);
}

function faultOf(path: string, kind: Named["kind"]): string | undefined {
    const place = atHome(path);
    try {
        const found = statSync(place);
        if (found.isDirectory() !== (kind === "folder")) {
            return `is not a ${kind}`;
        }
        accessSync(place, constants.R_OK);
        return undefined;
    } catch (error) {
        return (error as NodeJS.ErrnoException).code === "ENOENT" ? "does not exist" : "cannot be read";
    }
}

/** Only of a kubeconfig that the settings name: KUBECONFIG is whatever the machine that runs `pulumi up` has. */
function missingContext({ cluster }: Partial<Settings>): Problem[] {
    if (cluster?.source !== "kubeconfig" || cluster.kubeconfig === undefined) {
        return [];
    }
    const { kubeconfig, context } = cluster;
    const contexts = contextsIn(kubeconfig);
    if (contexts === undefined) {
        const message = `is ${kubeconfig}, which cannot be read as a kubeconfig`;
        return [{ key: "cluster.kubeconfig", message, fix: [setCommand("cluster.kubeconfig", "<path of a file>")] }];
    }
    const known = contexts.length > 0 ? `there are ${contexts.join(", ")}` : "there is none";
    const message = `is ${context}, which does not exist in ${kubeconfig}; ${known}`;
    return context === undefined || contexts.includes(context)
        ? []
        : [{ key: "cluster.context", message, fix: [setCommand("cluster.context", "<context>")] }];
}

function contextsIn(kubeconfig: string): string[] | undefined {
    try {
        const { contexts = [] } = parse(readFileSync(atHome(kubeconfig), "utf8")) as { contexts?: { name: string }[] };
        return contexts.map(({ name }) => name);
    } catch {
        return undefined;
    }
}
