import type { Operation, Rule, Source } from "../components/istio/api";
import type { MeshService } from "../components/mesh/meshService";
import { principal } from "../components/security/identity";
import { withAnyPort } from "../components/security/hosts";
import type { Policy } from "../components/security/policy";
import type { PolicySettings } from "../config/schema/authorization";
import { GATEWAY, serviceNamed } from "./identities";

type RuleSettings = PolicySettings["rules"][number];

/** A policy of the user's own, in Istio's words. */
export function customPolicy(policy: PolicySettings, services: MeshService[], trustDomain: string): Policy {
    const { name, action, provider, dryRun, rules } = policy;
    const { namespace, selector } = targetOf(policy, services);
    return {
        name,
        namespace,
        dryRun,
        spec: {
            ...(selector && { selector: { matchLabels: selector } }),
            action,
            ...(provider !== undefined && { provider: { name: provider } }),
            ...(rules.length > 0 && { rules: rules.map((rule) => ruleOf(rule, services, trustDomain)) }),
        },
    };
}

function targetOf(
    { service, gateway, namespace = GATEWAY.namespace, selector }: PolicySettings,
    services: MeshService[],
): { namespace: string; selector?: Record<string, string> } {
    if (service !== undefined) {
        return serviceNamed(services, service);
    }
    return gateway ? GATEWAY : { namespace, selector };
}

function ruleOf({ from, to, when }: RuleSettings, services: MeshService[], trustDomain: string): Rule {
    return {
        ...(from && { from: [{ source: sourceOf(from, services, trustDomain) }] }),
        ...(to && { to: [{ operation: operationOf(to) }] }),
        ...(when && { when }),
    };
}

function sourceOf(
    { services: names = [], gateway, principals = [], ...rest }: NonNullable<RuleSettings["from"]>,
    services: MeshService[],
    trustDomain: string,
): Source {
    const identities = [...names.map((name) => serviceNamed(services, name)), ...(gateway ? [GATEWAY] : [])];
    const all = [...identities.map((identity) => principal(trustDomain, identity)), ...principals];
    return { ...rest, ...(all.length > 0 && { principals: all }) };
}

/** Istio has ports as texts. */
function operationOf({ ports, notPorts, hosts, notHosts, ...rest }: NonNullable<RuleSettings["to"]>): Operation {
    return {
        ...rest,
        ...(hosts && { hosts: withAnyPort(hosts) }),
        ...(notHosts && { notHosts: withAnyPort(notHosts) }),
        ...(ports && { ports: ports.map(String) }),
        ...(notPorts && { notPorts: notPorts.map(String) }),
    };
}
