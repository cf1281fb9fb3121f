import { removeCommand, setCommand, type Problem } from "../problems";
import { authorizationRules } from "./authorization";
import { meshNames, unknownService } from "./meshNames";
import { requestAuthenticationRules } from "./requestAuthentication";
import type { Rule } from "./rule";
import { treated } from "./trafficPlaces";

/** What is not injected has no proxy that could ask for a certificate, so the setting would protect nothing. */
const onlyInjectedNamespaces: Rule = (settings) => {
    const names = meshNames(settings);
    return Object.entries(settings.security?.mtls.namespaces ?? {}).flatMap(([namespace, { mode }]): Problem[] => {
        const key = `security.mtls.namespaces.${namespace}`;
        if (namespace === "istio-system") {
            const message = "is the whole mesh to Istio; set security.mtls.mode instead";
            return [{ key, message, fix: [removeCommand(key), setCommand("security.mtls.mode", mode)] }];
        }
        const message = `is ${mode}, but pods of ${namespace} get no sidecars that could see to it`;
        return !names || names.namespaces.includes(namespace) ? [] : [{ key, message, fix: [removeCommand(key)] }];
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
            ...(empty ? [{ key, message, fix: [removeCommand(key)] }] : []),
        ];
    });
};

/** Who speaks plain text has no identity, and these modes let nobody in without one. */
const identitiesAreSeen: Rule = ({ security }) => {
    const mode = security?.authorization.mode;
    return Object.entries((mode === "zero-trust" && security?.mtls.services) || {})
        .filter(([, service]) => service.mode === "DISABLE")
        .map(([service]) => {
            const key = `security.mtls.services.${service}.mode`;
            const message = `is DISABLE, but security.authorization.mode ${mode} knows callers by their certificates: nobody could call ${service}`;
            return { key, message, fix: [setCommand(key, "PERMISSIVE")] };
        });
};

/** Clients that leave out TLS, towards pods that refuse whoever does. */
const clientsSpeakTls: Rule = (settings) => {
    const { mtls, authorization } = settings.security ?? {};
    return treated(settings).flatMap(({ key, service, traffic }): Problem[] => {
        const own = mtls?.services[service.name]?.mode;
        const asked = own ?? mtls?.namespaces[service.namespace]?.mode ?? mtls?.mode;
        const wanted = authorization?.mode === "zero-trust" ? "security.authorization.mode zero-trust" : "mutual TLS";
        const message = `is DISABLE, but ${wanted} is asked of ${service.name}: every request to it would be refused`;
        const refused = asked === "STRICT" || authorization?.mode === "zero-trust";
        return traffic.tls?.mode === "DISABLE" && refused
            ? [{ key: `${key}.tls.mode`, message, fix: [removeCommand(`${key}.tls`)] }]
            : [];
    });
};

const mtlsPortsOnce: Rule = ({ security }) =>
    Object.entries(security?.mtls.services ?? {}).flatMap(([service, { ports }]) =>
        ports.flatMap(({ port }, index) => {
            const first = ports.findIndex((other) => other.port === port);
            const key = `security.mtls.services.${service}.ports[${index}]`;
            const message = `is port ${port}, which ports[${first}] has already`;
            return first < index ? [{ key, message, fix: [removeCommand(key)] }] : [];
        }),
    );

export const securityRules: Rule[] = [
    onlyInjectedNamespaces,
    mtlsServicesAreKnown,
    identitiesAreSeen,
    clientsSpeakTls,
    mtlsPortsOnce,
    ...authorizationRules,
    ...requestAuthenticationRules,
];
