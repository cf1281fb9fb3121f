import type { output } from "@pulumi/kubernetes/types";
import type * as gatewayApi from "../../components/gatewayApi/specs";
import type * as istio from "../../components/istio/api/specs";
import { kubernetesObject } from "../kubernetesObject";
import type { Plan } from "../model";
import { isKubernetes, isManaged } from "../query";

/** What every Kubernetes object has. */
export interface KubernetesObject {
    apiVersion?: string;
    kind?: string;
    /** Of the resource in the plan. */
    urn: string;
    metadata: {
        name: string;
        namespace?: string;
        labels?: Record<string, string>;
        annotations?: Record<string, string>;
    };
}

/** An object with a spec, as it would be applied. Unknown and secret values are replaced by placeholders. */
export type Planned<Spec> = KubernetesObject & { spec: Spec };

/** Makes all fields optional: the SDK's types describe what an API server returns. */
type DeepPartial<T> = T extends (infer Item)[]
    ? DeepPartial<Item>[]
    : T extends object
      ? { [K in keyof T]?: DeepPartial<T[K]> }
      : T;

export type Service = Planned<Partial<output.core.v1.ServiceSpec>>;
export type Deployment = Planned<DeepPartial<output.apps.v1.DeploymentSpec>>;

/** The part of cert-manager's Certificate that this program writes. */
interface CertificateSpec {
    secretName?: string;
    issuerRef?: { kind?: string; name?: string };
}

/** The kinds that can be read, by group and kind. */
interface Kinds {
    "/Namespace": KubernetesObject;
    "/Secret": KubernetesObject;
    "/Service": Service;
    "apps/Deployment": Deployment;
    "networking.k8s.io/Ingress": Planned<output.networking.v1.IngressSpec>;
    "cert-manager.io/Certificate": Planned<CertificateSpec>;
    "gateway.networking.k8s.io/Gateway": Planned<gatewayApi.GatewaySpec>;
    "gateway.networking.k8s.io/HTTPRoute": Planned<gatewayApi.HTTPRouteSpec>;
    "networking.istio.io/DestinationRule": Planned<istio.DestinationRuleSpec>;
    "networking.istio.io/Gateway": Planned<istio.GatewaySpec>;
    "networking.istio.io/ServiceEntry": Planned<istio.ServiceEntrySpec>;
    "networking.istio.io/EnvoyFilter": Planned<istio.EnvoyFilterSpec>;
    "networking.istio.io/VirtualService": Planned<istio.VirtualServiceSpec>;
    "security.istio.io/AuthorizationPolicy": Planned<istio.AuthorizationPolicySpec>;
    "security.istio.io/PeerAuthentication": Planned<istio.PeerAuthenticationSpec>;
    "security.istio.io/RequestAuthentication": Planned<istio.RequestAuthenticationSpec>;
}

/** Finds the plan's Kubernetes objects of a kind. */
export function kubernetesObjects(plan: Plan): <Kind extends keyof Kinds>(kind: Kind) => Kinds[Kind][] {
    const all = plan.resources
        .filter((resource) => isKubernetes(resource) && isManaged(resource))
        .map(
            (resource) =>
                ({ spec: {}, ...kubernetesObject(resource), urn: resource.urn }) as unknown as KubernetesObject,
        );
    return <Kind extends keyof Kinds>(kind: Kind) => all.filter((each) => groupAndKind(each) === kind) as Kinds[Kind][];
}

/** `networking.istio.io/Gateway`; the core group has no name. */
function groupAndKind({ apiVersion = "", kind }: KubernetesObject): string {
    return `${apiVersion.slice(0, Math.max(0, apiVersion.indexOf("/")))}/${kind}`;
}

export function nameOf({ metadata }: KubernetesObject): string {
    return metadata.name;
}

export function namespaceOf({ metadata }: KubernetesObject): string {
    return metadata.namespace ?? "default";
}

/** Namespace and name, which are unique for a kind. */
export function idOf(object: KubernetesObject): string {
    return `${namespaceOf(object)}/${nameOf(object)}`;
}

/** Whether labels have all that are wanted. */
export function carries(labels: Record<string, unknown>, wanted: Record<string, string>): boolean {
    return Object.entries(wanted).every(([name, value]) => labels[name] === value);
}

/** Whether a Service sends requests to pods of a namespace with these labels; false for one without selector. */
export function selects(service: Service, namespace: string, labels: Record<string, unknown>): boolean {
    const { selector = {} } = service.spec;
    return namespaceOf(service) === namespace && Object.keys(selector).length > 0 && carries(labels, selector);
}
