import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { kubernetesObject } from "../plan/kubernetesObject";
import { at, type Plan } from "../plan/model";
import { isKubernetes, isManaged, isRelease, ofType } from "../plan/query";
import { groupKind, type ClusterObject, type Schema } from "./drift";

/** Runs kubectl with these arguments and returns what it prints. */
export type Kubectl = (args: string[]) => Promise<string>;

/** Timeout of a request to the API server; exceeding it ends the check. */
const REQUEST_TIMEOUT = "30s";

/** kubectl for a cluster; by default that of KUBECONFIG or ~/.kube/config. */
export function kubectlFor({ kubeconfig, context }: { kubeconfig?: string; context?: string }): Kubectl {
    const cluster = [
        ...(kubeconfig === undefined ? [] : ["--kubeconfig", kubeconfig]),
        ...(context === undefined ? [] : ["--context", context]),
        ...["--request-timeout", REQUEST_TIMEOUT],
    ];
    const maxBuffer = 256 * 1024 * 1024;
    return async (args) => (await promisify(execFile)("kubectl", [...cluster, ...args], { maxBuffer })).stdout;
}

/** Kinds that decide about access and routing: those of Istio and the Gateway API, and NetworkPolicies. */
const GOVERNS = /^([a-z]+\.istio\.io|gateway\.networking\.k8s\.io)$/;
const NETWORK_POLICY = "networking.k8s.io/NetworkPolicy";

/** The objects of those kinds that a plan has. */
export function plannedObjects(plan: Plan): ClusterObject[] {
    return plan.resources
        .filter((resource) => isKubernetes(resource) && isManaged(resource) && !isRelease(resource))
        .map((resource) => kubernetesObject(resource) as unknown as ClusterObject)
        .filter(
            (object) => GOVERNS.test(object.apiVersion.split("/")[0] ?? "") || groupKind(object) === NETWORK_POLICY,
        );
}

/** The objects of those kinds in the plan's namespaces, and the schemas from which the API server sets defaults. */
export async function liveObjects(
    plan: Plan,
    kubectl: Kubectl,
): Promise<{ objects: ClusterObject[]; schemas: Record<string, Schema> }> {
    const kinds = (await listed<CustomKind>(kubectl, "customresourcedefinitions")).filter(
        ({ spec }) => GOVERNS.test(spec.group) && spec.scope === "Namespaced",
    );
    const names = [...kinds.map(({ metadata }) => metadata.name), "networkpolicies.networking.k8s.io"];
    const all = await listed<ClusterObject>(kubectl, names.join(","), "--all-namespaces");
    const namespaces = new Set(namespacesOf(plan));
    const releases = new Set(ofType(plan, "Release").map(({ inputs }) => inputs.name));
    const objects = all.filter(
        ({ metadata }) =>
            namespaces.has(metadata.namespace) &&
            metadata.ownerReferences === undefined &&
            !releases.has(metadata.annotations?.["meta.helm.sh/release-name"] ?? ""),
    );
    return { objects, schemas: Object.fromEntries(kinds.map((kind) => [kindOf(kind), schemaOf(kind)])) };
}

/** Namespaces of the mesh: those that the plan creates, labels, or has objects in. */
function namespacesOf(plan: Plan): unknown[] {
    const objects = plan.resources.filter((resource) => isKubernetes(resource) && isManaged(resource));
    return objects.map((resource) =>
        /:Namespace(Patch)?$/.test(resource.type)
            ? at(resource.inputs, "metadata", "name")
            : (at(resource.inputs, "metadata", "namespace") ?? resource.inputs.namespace),
    );
}

/** The part of a CustomResourceDefinition that is read. */
interface CustomKind extends Pick<ClusterObject, "metadata"> {
    spec: {
        group: string;
        scope: string;
        names: { kind: string };
        versions: { storage: boolean; schema: { openAPIV3Schema: { properties?: { spec?: Schema } } } }[];
    };
}

const kindOf = ({ spec }: CustomKind) => `${spec.group}/${spec.names.kind}`;

const schemaOf = ({ spec }: CustomKind): Schema =>
    spec.versions.find(({ storage }) => storage)?.schema.openAPIV3Schema.properties?.spec ?? {};

async function listed<T>(kubectl: Kubectl, ...what: string[]): Promise<T[]> {
    return (JSON.parse(await kubectl(["get", ...what, "--output", "json"])) as { items: T[] }).items;
}
