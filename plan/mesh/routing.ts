import type {
    Destination,
    DestinationRuleSpec,
    HTTPMatchRequest,
    HTTPRoute,
    StringMatch,
    TrafficPolicy,
    VirtualServiceSpec,
} from "../../components/istio/api/specs";
import { at } from "../model";
import { plural, text } from "../words";
import { pathWord } from "./entrances/entrance";
import { serviceOf } from "./entrances/istio";
import type { KubernetesObject, Planned } from "./objects";

/** What VirtualServices and DestinationRules do with the requests of a service. */
export interface Routing {
    /** Which pods get requests, or copies of them; empty if all get any. */
    shares: Share[];
    /** Faults that are injected, as text. */
    faults: string[];
    /** Rewritten paths, timeouts, retries and limits, as text. */
    limits: string[];
    /** URNs of the VirtualServices. */
    routes: string[];
    /** URNs of the DestinationRules. */
    rules: string[];
}

export interface Share {
    /** Labels of the pods. */
    labels: Record<string, string>;
    /** Which requests, and how many of them. */
    words: string;
    /** Whether they are copies, whose responses are discarded. */
    copies: boolean;
}

export type Routes = Planned<VirtualServiceSpec>[];
export type Rules = Planned<DestinationRuleSpec>[];

/** The routing of a service, by its namespace and name. */
export function routingOf(service: string, routes: Routes, rules: Rules): Routing {
    const own = routes.filter(
        ({ spec: { gateways = ["mesh"], hosts = [] }, ...object }) =>
            gateways.includes("mesh") && hosts.some((host) => serviceOf(host, object) === service),
    );
    const clients = rules.filter((rule) => serviceOf(rule.spec.host, rule) === service);
    const https = own.flatMap((object) => (object.spec.http ?? []).map((http) => ({ http, object })));
    const conditional = https.some(({ http }) => whoOf(http) !== "");
    const named = https.map((each) => ({ ...each, who: whoOf(each.http) || (conditional ? "others" : "") }));
    const suffix = (who: string) => (who && who !== "others" ? ` for ${who}` : "");
    return {
        shares: named.flatMap(({ http, object, who }) => sharesOf(http, object, who, rules)),
        faults: unique(named.flatMap(({ http, who }) => faultsOf(http).map((words) => words + suffix(who)))),
        limits: unique([
            ...named.flatMap(({ http, who }) => (http.rewrite?.uri ? [`${who || "all"} as ${http.rewrite.uri}`] : [])),
            ...named.flatMap(({ http, who }) => waitsOf(http).map((words) => words + suffix(who))),
            ...clients.flatMap(({ spec }) => (spec.trafficPolicy ? policyWords(spec.trafficPolicy) : [])),
        ]),
        routes: own.map(({ urn }) => urn),
        rules: clients.map(({ urn }) => urn),
    };
}

function sharesOf(http: HTTPRoute, object: KubernetesObject, who: string, rules: Rules): Share[] {
    const { route = [] } = http;
    const copies = [
        ...(http.mirror ? [{ destination: http.mirror, percentage: http.mirrorPercentage }] : []),
        ...(http.mirrors ?? []),
    ];
    const all = [
        ...route.map(({ destination, weight }) => {
            const percent = weight ?? (who === "" ? 100 : undefined);
            const words = [who, ...(percent === undefined ? [] : [`${percent}%`])].filter(Boolean).join(" ");
            return { destination, words, copies: false };
        }),
        ...copies.map(({ destination, percentage }) => ({
            destination,
            words: [`copies of ${percentage?.value ?? 100}%`, who].filter(Boolean).join(", "),
            copies: true,
        })),
    ];
    return all.flatMap(({ destination, ...rest }) => {
        const labels = subsetLabels(destination, object, rules);
        return labels === undefined ? [] : [{ labels, ...rest }];
    });
}

function subsetLabels({ host, subset }: Destination, object: KubernetesObject, rules: Rules) {
    const target = serviceOf(host, object);
    const rule = rules.find((candidate) => serviceOf(candidate.spec.host, candidate) === target);
    return rule?.spec.subsets?.find(({ name }) => name === subset)?.labels;
}

/** The requests that a rule is for, as text; empty for all. */
function whoOf({ match = [] }: HTTPRoute): string {
    return match.map(requestOf).join(" or ");
}

function requestOf({ uri, method, headers = {}, withoutHeaders = {} }: HTTPMatchRequest): string {
    return [
        method && valueOf(method),
        uri && pathWord(valueOf(uri), uri.prefix !== undefined),
        ...Object.entries(headers).map(([name, value]) => `${name}: ${valueOf(value)}`),
        ...Object.keys(withoutHeaders).map((name) => `no ${name}`),
    ]
        .filter(Boolean)
        .join(" ");
}

function valueOf(match: StringMatch): string {
    return text(Object.values(match)[0] ?? "any");
}

function faultsOf({ fault }: HTTPRoute): string[] {
    const of = (kind: "delay" | "abort", what: unknown) => {
        const percent = at(fault, kind, "percentage", "value") ?? 100;
        return at(fault, kind) === undefined
            ? []
            : [`${kind} ${text(what)}${percent === 100 ? "" : ` of ${text(percent)}%`}`];
    };
    return [...of("delay", at(fault, "delay", "fixedDelay")), ...of("abort", at(fault, "abort", "httpStatus"))];
}

function waitsOf({ timeout, retries, redirect }: HTTPRoute): string[] {
    return [
        ...(timeout === undefined ? [] : [`timeout ${timeout}`]),
        ...(retries?.attempts === undefined
            ? []
            : [retries.attempts === 1 ? "1 retry" : `${retries.attempts} retries`]),
        ...(redirect === undefined ? [] : ["redirect"]),
    ];
}

function policyWords({ connectionPool, outlierDetection }: TrafficPolicy): string[] {
    const { tcp, http } = connectionPool ?? {};
    const most = [
        ...(tcp?.maxConnections === undefined ? [] : [plural(tcp.maxConnections, "connection")]),
        ...(http?.http1MaxPendingRequests === undefined ? [] : [`${http.http1MaxPendingRequests} waiting`]),
        ...(http?.http2MaxRequests === undefined ? [] : [plural(http.http2MaxRequests, "request")]),
    ];
    const errors = outlierDetection?.consecutive5xxErrors ?? outlierDetection?.consecutiveGatewayErrors;
    return [
        ...(most.length > 0 ? [`at most ${most.join(", ")}`] : []),
        ...(errors ? [`out for ${outlierDetection?.baseEjectionTime ?? "30s"} after ${plural(errors, "error")}`] : []),
    ];
}

function unique(lines: string[]): string[] {
    return [...new Set(lines)];
}
