import { GATEWAY_SELECTOR, GATEWAY_SERVICE } from "../../components/istio/gateways";
import { ISTIO_NAMESPACE } from "../../components/istio/versions";
import { removeCommand, setCommand, type Problem } from "../problems";
import type { Settings } from "../schema";
import type { PolicySettings } from "../schema/authorization";
import { LOAD_BALANCER_DEFAULTS } from "../schema/gateway";
import type { Rule } from "./rule";

const SOURCE = "gateway.clientAddresses.source";

const ANY_SOURCE = "<proxy-protocol, preserve-source or forwarded-headers>";

type RuleSettings = PolicySettings["rules"][number];

/** A place where a policy names addresses. */
interface Named {
    /** The setting, below that of the rule. */
    place: string;
    /** Whether it is the source of packets, rather than the client that a proxy in front tells of. */
    packets: boolean;
    /** Commands that make it about the client. */
    fix: (rule: string) => string[];
}

/** https://istio.io/latest/docs/tasks/security/authorization/authz-ingress/#ip-based-allow-list-and-deny-list */
function addressesIn({ from = {}, when = [] }: RuleSettings): Named[] {
    const both = from.remoteIpBlocks !== undefined;
    return [
        ...(from.ipBlocks
            ? [{ place: "from.ipBlocks", packets: true, fix: (rule: string) => toRemote(rule, both) }]
            : []),
        ...(from.remoteIpBlocks ? [{ place: "from.remoteIpBlocks", packets: false, fix: () => [] }] : []),
        ...when.flatMap(({ key }, index) => {
            const place = `when[${index}].key`;
            const fix = (rule: string) => [setCommand(`${rule}.${place}`, "remote.ip")];
            return key === "source.ip" || key === "remote.ip" ? [{ place, packets: key === "source.ip", fix }] : [];
        }),
    ];
}

/** Which networks go over to the other list only their owner may say: to name some there is to let them in. */
function toRemote(rule: string, both: boolean): string[] {
    return both
        ? [removeCommand(`${rule}.from.<ipBlocks or remoteIpBlocks>`)]
        : [setCommand(`${rule}.from.remoteIpBlocks[0]`, "<network>"), removeCommand(`${rule}.from.ipBlocks`)];
}

/** Whether a rule tells callers apart by address. */
export function looksAtAddresses(rule: RuleSettings): boolean {
    return addressesIn(rule).length > 0;
}

/** Whether a policy holds at the ingress gateway. */
function isAtGateway({ gateway, namespace, selector = {} }: PolicySettings): boolean {
    const labels: Record<string, string> = { app: GATEWAY_SERVICE, ...GATEWAY_SELECTOR };
    return (
        gateway ??
        (namespace === ISTIO_NAMESPACE && Object.entries(selector).every(([name, value]) => labels[name] === value))
    );
}

/**
 * An allow list of addresses that never arrive locks everybody out, and a deny list of them denies nobody.
 * https://istio.io/latest/docs/tasks/security/authorization/authz-ingress/#source-ip-address-of-the-original-client
 */
const policiesSeeClients: Rule = ({ security, gateway, network }) => {
    const policies = (gateway && security?.authorization.policies) ?? [];
    return policies.flatMap((policy, index) =>
        (isAtGateway(policy) ? policy.rules : []).flatMap((rule, number) => {
            const key = `security.authorization.policies[${index}].rules[${number}]`;
            return addressesIn(rule).flatMap((named) => unseen(key, named, gateway!, network));
        }),
    );
};

/** Commands that bring addresses to the gateway: OCI's load balancers can, of others only their owner knows. */
export function setClientAddresses({ gateway, network }: Partial<Settings>): string[] {
    const sends = network !== undefined && gateway?.serviceType === "LoadBalancer";
    return [setCommand(SOURCE, sends ? "proxy-protocol" : ANY_SOURCE)];
}

function unseen(
    key: string,
    { place, packets, fix }: Named,
    gateway: Settings["gateway"],
    network: Settings["network"],
): Problem[] {
    const source = gateway.clientAddresses?.source;
    const problem = (message: string, ...commands: string[]) => [{ key: `${key}.${place}`, message, fix: commands }];
    if (source === undefined) {
        const ways = setClientAddresses({ gateway, network });
        return problem(
            "is about addresses of clients, but the gateway sees those of nodes or the load balancer: an allow list would lock everybody out, a deny list deny nobody. Set gateway.clientAddresses (docs/gateway.md)",
            ...ways,
            ...(packets && !ways[0]?.includes("<") ? fix(key) : []),
        );
    }
    const other = place.startsWith("from") ? "remoteIpBlocks" : "remote.ip";
    const message = `is about the source of packets, which is the proxy in front of the gateway with ${SOURCE} ${source}: clients are ${other}`;
    return packets && source !== "preserve-source" ? problem(message, ...fix(key)) : [];
}

/** A load balancer ends connections and opens its own: there is no source of the client's to preserve. */
const loadBalancerPreserves: Rule = ({ gateway, network }) => {
    const { type } = gateway?.loadBalancer ?? LOAD_BALANCER_DEFAULTS;
    const own = network !== undefined && gateway?.serviceType === "LoadBalancer";
    const message =
        "is preserve-source, which needs gateway.loadBalancer.type nlb: a load balancer of type lb opens connections of its own, but tells of clients with proxy-protocol";
    return own && type === "lb" && gateway.clientAddresses?.source === "preserve-source"
        ? [{ key: SOURCE, message, fix: [setCommand(SOURCE, "proxy-protocol")] }]
        : [];
};

/** What `clientAddresses` sets by itself, and extra values may say too: they are laid over it. */
interface Values {
    service?: { externalTrafficPolicy?: unknown; annotations?: Record<string, unknown> };
    podAnnotations?: Record<string, unknown>;
    meshConfig?: { defaultConfig?: { gatewayTopology?: unknown } };
}

const OWN_ANNOTATION = /proxy-protocol-version$|is-ppv2-enabled$|is-preserve-source$|ingress-ip-mode$/;

const saidOnce: Rule = ({ gateway, istio }) => {
    const source = gateway?.clientAddresses?.source;
    if (gateway === undefined || source === undefined) {
        return [];
    }
    const { service, podAnnotations } = gateway.extraValues as Values;
    const { meshConfig } = (istio?.extraValues.istiod ?? {}) as Values;
    const preserves = source === "preserve-source";
    const local = preserves || (source === "proxy-protocol" && gateway.loadBalancer?.type === "nlb");
    const said = [
        ...(local && service?.externalTrafficPolicy !== undefined ? ["service.externalTrafficPolicy"] : []),
        ...Object.keys(service?.annotations ?? {}).flatMap((name) =>
            OWN_ANNOTATION.test(name) ? [`service.annotations["${name}"]`] : [],
        ),
        ...(!preserves && podAnnotations?.["proxy.istio.io/config"] !== undefined
            ? [`podAnnotations["proxy.istio.io/config"]`]
            : []),
    ].map((place) => `gateway.extraValues.${place}`);
    const topology = meshConfig?.defaultConfig?.gatewayTopology;
    const places = [
        ...said,
        ...(topology === undefined ? [] : ["istio.extraValues.istiod.meshConfig.defaultConfig.gatewayTopology"]),
    ];
    return places.map((key) => ({
        key,
        message: `says what gateway.clientAddresses says too, and would override or contradict it; with ${SOURCE} ${source} leave it out`,
        fix: [
            removeCommand(
                key.includes("podAnnotations") ? `gateway.<extraValues.podAnnotations or clientAddresses>` : key,
            ),
        ],
    }));
};

export const clientAddressRules: Rule[] = [policiesSeeClients, loadBalancerPreserves, saidOnce];
