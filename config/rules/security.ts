import { entryOf } from "../../components/entry";
import { ISTIO_NAMESPACE } from "../../components/istio/versions";
import { nearest } from "../nearest";
import { removeCommand, setCommand, type Problem } from "../problems";
import { renameCommands } from "../rename";
import { authorizationRules } from "./authorization";
import { unknownService } from "./meshNames";
import { requestAuthenticationRules } from "./requestAuthentication";
import { onMesh, type Rule } from "./rule";
import { treated } from "./trafficPlaces";

/** What is not injected has no proxy that could ask for a certificate, so the setting would protect nothing. */
const onlyInjectedNamespaces = onMesh(({ namespaces }, { security }) => {
    const given = security.mtls.namespaces;
    return Object.entries(given).flatMap(([namespace, { mode }]): Problem[] => {
        const key = `security.mtls.namespaces.${namespace}`;
        if (namespace === ISTIO_NAMESPACE) {
            const message = "is the whole mesh for Istio; set security.mtls.mode instead";
            const wanted = mode === "STRICT" ? [setCommand("security.mtls.mode", mode)] : [];
            return [{ key, message, fix: [...wanted, removeCommand(key)] }];
        }
        const message = `is ${mode}, but pods of ${namespace} have no sidecars to enforce it`;
        const near = nearest(namespace, namespaces);
        const better = near === undefined || Object.hasOwn(given, near) ? "<namespace>" : near;
        const fix = renameCommands(key, `security.mtls.namespaces.${better}`, { mode });
        return namespaces.includes(namespace) ? [] : [{ key, message, fix }];
    });
});

const mtlsServicesAreKnown = onMesh((mesh, { security }) => {
    const given = security.mtls.services;
    return Object.entries(given).flatMap(([service, { mode, ports }]): Problem[] => {
        const value = { ...(mode && { mode }), ...(ports.length > 0 && { ports }) };
        const key = `security.mtls.services.${service}`;
        const empty = mode === undefined && ports.length === 0;
        const message = "has neither mode nor ports";
        return [
            ...unknownService(key, service, mesh, { value, taken: Object.keys(given) }),
            ...(empty ? [{ key, message, fix: [removeCommand(key)] }] : []),
        ];
    });
});

/** Callers in plain text have no identity, and these modes refuse callers without one. */
const identitiesAreSeen: Rule = ({ security }) => {
    const mode = security?.authorization.mode;
    return Object.entries((mode === "zero-trust" && security?.mtls.services) || {})
        .filter(([, service]) => service.mode === "DISABLE")
        .map(([service]) => {
            const key = `security.mtls.services.${service}.mode`;
            const message = `is DISABLE, but security.authorization.mode ${mode} identifies callers by their certificates: nothing could call ${service}`;
            return { key, message, fix: [setCommand(key, "PERMISSIVE")] };
        });
};

/** Clients without TLS, towards pods that require it. */
const clientsSpeakTls = onMesh((mesh, { security: { mtls, authorization } }) =>
    treated(mesh).flatMap(({ key, service, traffic }): Problem[] => {
        const own = entryOf(mtls.services, service.name)?.mode;
        const asked = own ?? entryOf(mtls.namespaces, service.namespace)?.mode ?? mtls.mode;
        const wanted = authorization.mode === "zero-trust" ? "security.authorization.mode zero-trust" : "mutual TLS";
        const message = `is DISABLE, but ${wanted} is required by ${service.name}: every request to it would be refused`;
        const refused = asked === "STRICT" || authorization.mode === "zero-trust";
        if (traffic.tls?.mode === "SIMPLE" && refused) {
            const simple = `is SIMPLE, but ${wanted} is required by ${service.name}: every request to it would be refused`;
            return [{ key: `${key}.tls`, message: simple, fix: [removeCommand(`${key}.tls`)] }];
        }
        return traffic.tls?.mode === "DISABLE" && refused
            ? [{ key: `${key}.tls.mode`, message, fix: [removeCommand(`${key}.tls`)] }]
            : [];
    }),
);

const mtlsPortsOnce: Rule = ({ security }) =>
    Object.entries(security?.mtls.services ?? {}).flatMap(([service, { ports }]) =>
        ports.flatMap(({ port }, index) => {
            const first = ports.findIndex((other) => other.port === port);
            const key = `security.mtls.services.${service}.ports[${index}]`;
            const message = `is port ${port}, which ports[${first}] has already`;
            const same = ports[first]?.mode === ports[index]?.mode;
            const fix = same ? removeCommand(key) : setCommand(`${key}.port`, "<port>");
            return first < index ? [{ key, message, fix: [fix] }] : [];
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
