import type { Operation, Rule, Source } from "../components/istio/api";
import { principal } from "../components/security/identity";
import { withAnyPort } from "../components/security/hosts";
import type { Policy } from "../components/security/policy";
import type { PolicySettings } from "../config/schema/authorization";
import { serviceNamed, type Mesh } from "../mesh/mesh";

type RuleSettings = PolicySettings["rules"][number];

/** A policy of the user's own, in Istio's words. */
export function customPolicy(policy: PolicySettings, mesh: Mesh, trustDomain: string): Policy {
    const { name, action, provider, dryRun, rules } = policy;
    const { namespace, selector } = targetOf(policy, mesh);
    return {
        name,
        namespace,
        dryRun,
        spec: {
            ...(selector && { selector: { matchLabels: selector } }),
            action,
            ...(provider !== undefined && { provider: { name: provider } }),
            ...(rules.length > 0 && { rules: rules.map((rule) => ruleOf(rule, mesh, trustDomain)) }),
        },
    };
}

function targetOf(
    { service, gateway, namespace, selector }: PolicySettings,
    mesh: Mesh,
): { namespace: string; selector?: Record<string, string> } {
    if (service !== undefined) {
        return serviceNamed(mesh, service);
    }
    return gateway || namespace === undefined ? mesh.gateway : { namespace, selector };
}

function ruleOf({ from, to, when }: RuleSettings, mesh: Mesh, trustDomain: string): Rule {
    return {
        ...(from && { from: [{ source: sourceOf(from, mesh, trustDomain) }] }),
        ...(to && { to: [{ operation: operationOf(to) }] }),
        ...(when && { when }),
    };
}

function sourceOf(
    { services: names = [], gateway, principals = [], ...rest }: NonNullable<RuleSettings["from"]>,
    mesh: Mesh,
    trustDomain: string,
): Source {
    const identities = [...names.map((name) => serviceNamed(mesh, name)), ...(gateway ? [mesh.gateway] : [])];
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
