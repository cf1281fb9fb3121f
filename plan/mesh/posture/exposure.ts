import { at, isUnknown, type Plan } from "../../model";
import { ofType } from "../../query";
import { nameOf, namespaceOf } from "../objects";
import { text } from "../../words";
import type { Target, Listener, Entrance } from "../entrances/entrance";
import type { AuthorizationPolicy, SecurityObjects } from "./objects";
import { gatewayRelease } from "./workloads";

/** What is exposed outside of the cluster, and which requests need a token. */
export function exposureLines(plan: Plan, objects: SecurityObjects, entrances: Entrance[]): string[] {
    return [...gatewayLines(plan, entrances), ...clientLines(plan), ...apiLines(plan), ...tokenLines(objects)];
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
    return internal === undefined ? "load balancer" : `${internal === "true" ? "private" : "public"} load balancer`;
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

function tokenLines({ authentication, authorization }: SecurityObjects): string[] {
    return authentication.map((each) => {
        const issuers = (each.spec.jwtRules ?? []).map(({ issuer }) => issuer);
        const required = authorization.find(
            (policy) => nameOf(policy) === `${nameOf(each)}-required` && namespaceOf(policy) === namespaceOf(each),
        );
        const demand = required
            ? `a token is required for ${placesOf(required)}`
            : "invalid tokens are refused, none is required";
        return `end users of ${issuers.join(", ")}: ${demand}`;
    });
}

function placesOf({ spec }: AuthorizationPolicy): string {
    const operations = (spec.rules ?? []).flatMap(({ to = [] }) => to.map(({ operation }) => operation ?? {}));
    const places = operations.map(({ hosts = [], paths = [], notPaths = [] }) => {
        const named = hosts.filter((host) => !host.endsWith(":*"));
        return [...named, ...paths, ...notPaths.map((path) => `all but ${path}`)].join(" ");
    });
    return [...new Set(places)].filter(Boolean).join("; ") || "everything";
}
