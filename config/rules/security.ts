import { removeCommand, setCommand, type Problem } from "../problems";
import { authorizationRules } from "./authorization";
import { meshNames, unknownService } from "./meshNames";
import { requestAuthenticationRules } from "./requestAuthentication";
import type { Rule } from "./rule";

/** What is not injected has no proxy that could ask for a certificate, so the setting would protect nothing. */
const onlyInjectedNamespaces: Rule = (settings) => {
    const names = meshNames(settings);
    return Object.entries(settings.security?.mtls.namespaces ?? {}).flatMap(([namespace, { mode }]): Problem[] => {
        const key = `security.mtls.namespaces.${namespace}`;
        if (namespace === "istio-system") {
            const message = "is the whole mesh to Istio; set security.mtls.mode instead";
            return [{ key, message, mend: [removeCommand(key), setCommand("security.mtls.mode", mode)] }];
        }
        const message = `is ${mode}, but pods of ${namespace} get no sidecars that could see to it`;
        return !names || names.namespaces.includes(namespace) ? [] : [{ key, message, mend: [removeCommand(key)] }];
    });
};

const mtlsServicesAreKnown: Rule = (settings) => {
    const names = meshNames(settings);
    return Object.entries(settings.security?.mtls.services ?? {}).flatMap(([service, { mode, ports }]): Problem[] => {
        const key = `security.mtls.services.${service}`;
        const empty = mode === undefined && ports.length === 0;
        const message = "says neither mode nor ports";
        return [
            ...(names ? unknownService(key, service, names, true) : []),
            ...(empty ? [{ key, message, mend: [removeCommand(key)] }] : []),
        ];
    });
};

const mtlsPortsOnce: Rule = ({ security }) =>
    Object.entries(security?.mtls.services ?? {}).flatMap(([service, { ports }]) =>
        ports.flatMap(({ port }, index) => {
            const first = ports.findIndex((other) => other.port === port);
            const key = `security.mtls.services.${service}.ports[${index}]`;
            const message = `is port ${port}, which ports[${first}] has already`;
            return first < index ? [{ key, message, mend: [removeCommand(key)] }] : [];
        }),
    );

export const securityRules: Rule[] = [
    onlyInjectedNamespaces,
    mtlsServicesAreKnown,
    mtlsPortsOnce,
    ...authorizationRules,
    ...requestAuthenticationRules,
];
