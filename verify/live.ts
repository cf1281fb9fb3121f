import { kubernetesObject } from "../plan/kubernetesObject";
import { at, type Plan } from "../plan/model";
import { isKubernetes, isManaged, isRelease, ofType } from "../plan/query";
import type { Cluster, LiveObject } from "./cluster";
import { groupKind, type Schema } from "./drift";

/** Kinds that decide about access and routing: those of Istio and the Gateway API, and NetworkPolicies. */
const GOVERNS = /^([a-z]+\.istio\.io|gateway\.networking\.k8s\.io)$/;
const NETWORK_POLICY = "networking.k8s.io/NetworkPolicy";

/** The objects of those kinds that a plan has. */
export function plannedObjects(plan: Plan): LiveObject[] {
    return plan.resources
        .filter((resource) => isKubernetes(resource) && isManaged(resource) && !isRelease(resource))
        .map((resource) => kubernetesObject(resource) as unknown as LiveObject)
        .filter(
            (object) => GOVERNS.test(object.apiVersion.split("/")[0] ?? "") || groupKind(object) === NETWORK_POLICY,
        );
}

/** The objects of those kinds in the plan's namespaces, and the schemas from which the API server sets defaults. */
export async function liveObjects(
    plan: Plan,
    cluster: Pick<Cluster, "list">,
): Promise<{ objects: LiveObject[]; schemas: Record<string, Schema> }> {
    const definitions = await cluster.list<CustomKind>("apiextensions.k8s.io/v1", "CustomResourceDefinition");
    const kinds = definitions.filter(({ spec }) => GOVERNS.test(spec.group) && spec.scope === "Namespaced");
    const all = await Promise.all([
        ...kinds.map(({ spec }) => cluster.list(`${spec.group}/${storedIn({ spec }).name}`, spec.names.kind)),
        cluster.list("networking.k8s.io/v1", "NetworkPolicy"),
    ]);
    const namespaces = new Set(namespacesOf(plan));
    const releases = new Set(ofType(plan, "Release").map(({ inputs }) => inputs.name));
    const objects = all
        .flat()
        .filter(
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
interface CustomKind extends LiveObject {
    spec: {
        group: string;
        scope: string;
        names: { kind: string };
        versions: { name: string; storage: boolean; schema: { openAPIV3Schema: { properties?: { spec?: Schema } } } }[];
    };
}

const kindOf = ({ spec }: CustomKind) => `${spec.group}/${spec.names.kind}`;

const storedIn = ({ spec }: Pick<CustomKind, "spec">) => spec.versions.find(({ storage }) => storage)!;

const schemaOf = (kind: CustomKind): Schema => storedIn(kind).schema.openAPIV3Schema.properties?.spec ?? {};
