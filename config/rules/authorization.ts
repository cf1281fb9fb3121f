import { ISTIO_NAMESPACE } from "../../components/istio/versions";
import type { Mesh } from "../../mesh/mesh";
import { nearest } from "../nearest";
import { removeCommand, setCommand, type Problem } from "../problems";
import type { AuthorizationSettings, PolicySettings } from "../schema/authorization";
import { speaksTcp, unknownService } from "./meshNames";
import { policyDetailRules } from "./policyDetails";
import { onMesh, type Rule } from "./rule";

const guideNeedsBookinfo: Rule = ({ security, bookinfo }) => {
    const key = "security.authorization.mode";
    const message = "is guide, whose policies are for Bookinfo, but bookinfo.enabled is false";
    return security?.authorization.mode === "guide" && bookinfo?.enabled === false
        ? [{ key, message, fix: [setCommand(key, "<off or zero-trust>")] }]
        : [];
};

const callsAreKnown = onMesh((mesh, { security }) => {
    const calls = Object.entries(security.authorization.calls);
    return calls.flatMap(([caller, called]) => {
        const key = `security.authorization.calls.${caller}`;
        return [
            ...unknownService(key, caller, mesh, { value: called, taken: calls.map(([name]) => name) }),
            ...called.flatMap((service, index) => unknownService(`${key}[${index}]`, service, mesh)),
        ];
    });
});

/** A rule for each policy of the user's own. */
function forEachPolicy(
    check: (policy: PolicySettings, key: string, mesh: Mesh | undefined, all: AuthorizationSettings) => Problem[],
): Rule {
    return ({ security }, mesh) => {
        const all = security?.authorization;
        const keyOf = (index: number) => `security.authorization.policies[${index}]`;
        return all?.policies.flatMap((policy, index) => check(policy, keyOf(index), mesh, all)) ?? [];
    };
}

const oneTarget = forEachPolicy(({ service, gateway, namespace, selector }, key) => {
    const given = Object.entries({ service, gateway, namespace }).filter(([, value]) => value !== undefined);
    const names = given.map(([name]) => name);
    if (given.length === 0) {
        const message = "must have one of service, gateway and namespace";
        return [{ key, message, fix: [setCommand(`${key}.service`, "<name of a service>")] }];
    }
    const [first, ...others] = names;
    const tooMany = others.map((name) => ({
        key: `${key}.${name}`,
        message: `is set beside ${first}; a policy protects one of service, gateway and namespace`,
        fix: [removeCommand(`${key}.<${first} or ${name}>`)],
    }));
    const message = "needs namespace; service and gateway have their own labels";
    const selected = selector !== undefined && namespace === undefined;
    return [
        ...tooMany,
        ...(selected
            ? [{ key: `${key}.selector`, message, fix: [removeCommand(`${key}.<selector or ${names.join(" or ")}>`)] }]
            : []),
    ];
});

const namesAreKnown = forEachPolicy(({ service, namespace, rules }, key, mesh) => {
    if (!mesh) {
        return [];
    }
    const foreign = namespace !== undefined && ![...mesh.namespaces, ISTIO_NAMESPACE].includes(namespace);
    const message = `is ${namespace}, where no pod has a sidecar that would enforce it`;
    const near = nearest(namespace ?? "", mesh.namespaces) ?? "<namespace>";
    return [
        ...(service === undefined ? [] : unknownService(`${key}.service`, service, mesh)),
        ...(foreign ? [{ key: `${key}.namespace`, message, fix: [setCommand(`${key}.namespace`, near)] }] : []),
        ...rules.flatMap(({ from }, rule) =>
            (from?.services ?? []).flatMap((caller, index) =>
                unknownService(`${key}.rules[${rule}].from.services[${index}]`, caller, mesh),
            ),
        ),
    ];
});

/** Istio refuses them: https://github.com/istio/istio/blob/release-1.31/pkg/config/validation/validation.go */
const actionsAreWhole = forEachPolicy(({ action, provider, dryRun, rules }, key, _mesh, all) => {
    const providers = Object.keys(all.providers);
    const problem = (name: string, message: string, ...fix: string[]) => ({ key: `${key}.${name}`, message, fix });
    const [only] = providers.length === 1 ? providers : [];
    const near = nearest(provider ?? "", providers) ?? only ?? "<name of a provider>";
    const setProvider = setCommand(`${key}.provider`, near);
    // Without its action, a provider for CUSTOM would be asked nothing: the other way leaves out who decides.
    const useProvider = action === "ALLOW" ? setCommand(`${key}.action`, "CUSTOM") : removeCommand(`${key}.provider`);
    const known = providers.length > 0 ? `there are ${providers.join(", ")}` : "there is none";
    const custom = action === "CUSTOM";
    return [
        ...(action !== "ALLOW" && rules.length === 0
            ? [
                  problem(
                      "rules",
                      `is empty; ${action} needs at least one rule, and {} is one that always matches`,
                      setCommand(`${key}.rules[0].<from, to or when>`, "<value>"),
                  ),
              ]
            : []),
        ...(custom && provider === undefined
            ? [problem("provider", "is missing; CUSTOM needs one that decides", setProvider)]
            : []),
        ...(!custom && provider !== undefined
            ? [problem("provider", `goes with action CUSTOM, but action is ${action}`, useProvider)]
            : []),
        ...(custom && provider !== undefined && !providers.includes(provider)
            ? [
                  problem(
                      "provider",
                      `is ${provider}, which is not one of security.authorization.providers; ${known}`,
                      setProvider,
                  ),
              ]
            : []),
        ...(dryRun && (custom || action === "AUDIT")
            ? [problem("dryRun", `is for ALLOW and DENY, but action is ${action}`, removeCommand(`${key}.dryRun`))]
            : []),
    ];
});

/** Names that the modes give to their own policies, beside one another in a namespace. */
const OWN_NAMES = /^(allow-nothing|productpage-browsing|.+-(viewer|callers|required))$/;

const namesAreFree: Rule = ({ security }) => {
    const policies = security?.authorization.policies ?? [];
    return policies.flatMap(({ name }, index) => {
        const key = `security.authorization.policies[${index}].name`;
        const first = policies.findIndex((other) => other.name === name);
        const fix = [setCommand(key, `${name.slice(0, 60)}-${index}`)];
        if (OWN_NAMES.test(name)) {
            return [{ key, message: `is ${name}, a name that this program uses for its policies`, fix }];
        }
        return first < index ? [{ key, message: `is ${name}, the name of policies[${first}] already`, fix }] : [];
    });
};

/** TCP has no methods, paths, hosts and tokens: an ALLOW rule with them never matches, a DENY rule denies everything else. */
const tcpHasPortsOnly = forEachPolicy(({ service, rules }, key, mesh) => {
    return (mesh && speaksTcp(mesh, service) ? rules : []).flatMap(({ from, to }, index) => {
        const wrong = [
            ...Object.keys(to ?? {})
                .filter((name) => !/ports$/i.test(name))
                .map((name) => `to.${name}`),
            ...Object.keys(from ?? {})
                .filter((name) => /requestPrincipals$/i.test(name))
                .map((name) => `from.${name}`),
        ];
        return wrong.map((name) => {
            const place = `${key}.rules[${index}].${name}`;
            const message = `is for HTTP, but ${service} is of protocol tcp`;
            const ports = setCommand(`${key}.rules[${index}].to.ports[0]`, "<port of the container>");
            return { key: place, message, fix: [ports, removeCommand(place)] };
        });
    });
});

export const authorizationRules: Rule[] = [
    guideNeedsBookinfo,
    callsAreKnown,
    oneTarget,
    namesAreKnown,
    actionsAreWhole,
    namesAreFree,
    tcpHasPortsOnly,
    ...policyDetailRules,
];
