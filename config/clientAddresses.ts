import { ISTIO_NAMESPACE } from "../components/istio/versions";
import type { Settings } from "./schema";
import type { PolicySettings } from "./schema/authorization";

type RuleSettings = PolicySettings["rules"][number];

const OF_SOURCES = ["ipBlocks", "remoteIpBlocks"];
const OF_CONDITIONS = ["source.ip", "remote.ip"];

/**
 * Warns of policies that tell clients of the gateway apart by address, while it sees those of nodes: the load balancer passes
 * connections on to any node, which hands them to the gateway's pod under its own address.
 * https://istio.io/latest/docs/tasks/security/authorization/authz-ingress/#source-ip-address-of-the-original-client
 */
export function addressesOfClients({ security, gateway }: Settings): string | undefined {
    const index = security.authorization.policies.findIndex(
        (policy) => (policy.gateway ?? policy.namespace === ISTIO_NAMESPACE) && policy.rules.some(looksAtAddresses),
    );
    return index < 0 || keepsAddresses(gateway)
        ? undefined
        : `security.authorization.policies[${index}] matches addresses of clients, but the gateway sees those of the nodes: preserve client addresses with a load balancer of type nlb and gateway.extraValues.service.externalTrafficPolicy Local (docs/gateway.md).`;
}

export function looksAtAddresses({ from, when = [] }: RuleSettings): boolean {
    return OF_SOURCES.some((field) => field in (from ?? {})) || when.some(({ key }) => OF_CONDITIONS.includes(key));
}

function keepsAddresses({ extraValues, serviceType }: Settings["gateway"]): boolean {
    const { service } = extraValues as { service?: { externalTrafficPolicy?: string } };
    return serviceType === "ClusterIP" || service?.externalTrafficPolicy === "Local";
}
