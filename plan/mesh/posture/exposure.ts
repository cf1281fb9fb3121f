import type { JWTRule } from "../../../components/istio/api/specs";
import { at, isUnknown, type Plan } from "../../model";
import { ofType } from "../../query";
import { nameOf, namespaceOf } from "../objects";
import { text } from "../../words";
import type { Target, Listener, Entrance } from "../entrances/entrance";
import type { AuthorizationPolicy, SecurityObjects } from "./objects";
import { gatewayRelease } from "./workloads";

/** What is exposed outside of the cluster, and which requests need a token. */
export function exposureLines(plan: Plan, objects: SecurityObjects, entrances: Entrance[]): string[] {
    return [
        ...gatewayLines(plan, entrances),
        ...recordLines(plan),
        ...clientLines(plan),
        ...apiLines(plan),
        ...autoscalerLines(plan),
        ...tokenLines(objects),
    ];
}

function gatewayLines(plan: Plan, entrances: Entrance[]): string[] {
    const reached = gatewayWay(plan);
    return entrances.flatMap(({ name, listeners }) =>
        listeners.map((listener) => `${name}, ${reached}, ${listener.words}: ${destination(listener)}`),
    );
}

function destination({ redirects, targets }: Listener): string {
    return redirects ? "redirect to HTTPS" : [...new Set(targets.map(targetWords))].join("; ") || "nothing";
}

function targetWords({ service, paths }: Target): string {
    const name = service.slice(service.indexOf("/") + 1);
    return paths.length > 0 ? `${name} at ${paths.join(", ")}` : name;
}

function gatewayWay(plan: Plan): string {
    const service = at(gatewayRelease(plan)?.inputs, "values", "service");
    if (at(service, "type") !== "LoadBalancer") {
        return `Service of type ${text(at(service, "type") ?? "unknown")}`;
    }
    const annotations = Object.entries((at(service, "annotations") ?? {}) as Record<string, unknown>);
    const internal = annotations.find(([name]) => /(-|\/)internal$/.test(name))?.[1];
    const kept = at(service, "loadBalancerIP") === undefined ? "" : " at a reserved address";
    return internal === undefined
        ? "load balancer"
        : `${internal === "true" ? "private" : "public"} load balancer${kept}`;
}

/** A zone that is known by its name alone, and in no view, is one that everybody can ask. */
function recordLines(plan: Plan): string[] {
    return ofType(plan, "oci:Dns/rrset:Rrset").map(({ inputs }) => {
        const inView = at(inputs, "viewId") !== undefined ? ", for the networks of its view" : "";
        return `${text(at(inputs, "domain"))} in DNS: the gateway's address${inView}`;
    });
}

/** How the gateway knows who calls; nothing where it does not. */
function clientLines(plan: Plan): string[] {
    const values = at(gatewayRelease(plan)?.inputs, "values");
    const config = at(values, "podAnnotations", "proxy.istio.io/config");
    const { gatewayTopology: topology = {} } = JSON.parse(typeof config === "string" ? config : "{}") as {
        gatewayTopology?: { proxyProtocol?: object; numTrustedProxies?: number };
    };
    const ways = [
        topology.proxyProtocol && "from the PROXY protocol",
        topology.numTrustedProxies &&
            `from X-Forwarded-For, ${topology.numTrustedProxies} from its end; whoever reaches the gateway directly can claim any`,
        at(values, "service", "externalTrafficPolicy") === "Local" && "kept by the load balancer and nodes",
    ];
    return ways.filter((way) => typeof way === "string").map((way) => `addresses of clients: ${way}`);
}

function apiLines(plan: Plan): string[] {
    return ofType(plan, "oci:ContainerEngine/cluster:Cluster").map(({ inputs }) => {
        const isPublic = at(inputs, "endpointConfig", "isPublicIpEnabled");
        const address = isPublic ? "a public address, for the networks it allows" : "a private address";
        return `Kubernetes API: ${isUnknown(isPublic) ? "an address known after apply" : address}`;
    });
}

/** A workload that may act on OCI. */
function autoscalerLines(plan: Plan): string[] {
    return ofType(plan, "oci:ContainerEngine/addon:Addon")
        .filter(({ inputs }) => at(inputs, "addonName") === "ClusterAutoscaler")
        .map(() => "node pools and instances of the compartment: to the ServiceAccount kube-system/cluster-autoscaler");
}

function tokenLines({ authentication, authorization }: SecurityObjects): string[] {
    return authentication.map((each) => {
        const issuers = (each.spec.jwtRules ?? []).map(issuerOf);
        const required = authorization.find(
            (policy) => nameOf(policy) === `${nameOf(each)}-required` && namespaceOf(policy) === namespaceOf(each),
        );
        const demand = required
            ? `a token is required for ${placesOf(required)}`
            : "invalid tokens are refused, none is required";
        return `end users of ${issuers.join(", ")}: ${demand}`;
    });
}

/** An issuer, where its tokens stand if not in `Authorization`, and what of them services receive. */
function issuerOf({ issuer, fromHeaders = [], fromParams = [], fromCookies = [], outputClaimToHeaders = [] }: JWTRule) {
    const places = [
        ...fromHeaders.map(({ name }) => `header ${name}`),
        ...fromParams.map((name) => `parameter ${name}`),
        ...fromCookies.map((name) => `cookie ${name}`),
    ];
    const passed = outputClaimToHeaders.map(({ claim, header }) => `${claim} as ${header}`);
    const details = [
        ...(places.length > 0 ? [`token in ${places.join(" or ")}`] : []),
        ...(passed.length > 0 ? [`passes on ${passed.join(", ")}`] : []),
    ];
    return details.length > 0 ? `${issuer} (${details.join("; ")})` : issuer;
}

const PREFLIGHT_HEADER = "request.headers[access-control-request-method]";

function placesOf({ spec }: AuthorizationPolicy): string {
    const rules = spec.rules ?? [];
    const all = rules.flatMap(({ to = [] }) => to.map(({ operation }) => operation ?? {}));
    // Where preflights are spared, further rules are about these alone.
    const spares = rules.some(({ when = [] }) => when.some(({ key }) => key === PREFLIGHT_HEADER));
    const operations = spares ? all.filter(({ notMethods = [] }) => notMethods.includes("OPTIONS")) : all;
    const places = operations.map(({ hosts = [], paths = [], notPaths = [], methods = [], notMethods = [] }) => {
        const named = hosts.filter((host) => !host.endsWith(":*"));
        const others = [...notPaths, ...notMethods.filter((method) => !spares || method !== "OPTIONS")];
        return [...methods, ...named, ...paths, ...others.map((other) => `all but ${other}`)].join(" ");
    });
    return places.includes("") ? "everything" : [...new Set(places)].join("; ");
}
