import { createPublicKey } from "node:crypto";
import { nearest } from "../nearest";
import { removeCommand, setCommand, type Problem } from "../problems";
import { takesIn } from "./hosts";
import { speaksTcp, unknownService } from "./meshNames";
import { onMesh, type Rule } from "./rule";

const SECTION = "security.requestAuthentication";

/** Without keys Istio would look for them at the issuer by OpenID Connect's discovery, which OCI's issuer does not answer. */
const issuersHaveKeys: Rule = ({ security }) =>
    (security?.requestAuthentication ?? []).flatMap(({ issuers }, entry) =>
        issuers.flatMap(({ issuer, jwks, jwksUri }, index): Problem[] => {
            const key = `${SECTION}[${entry}].issuers[${index}]`;
            if (jwks !== undefined && jwksUri !== undefined) {
                const message = "is set beside jwksUri; set only one of the two";
                return [{ key: `${key}.jwks`, message, fix: [removeCommand(`${key}.<jwks or jwksUri>`)] }];
            }
            if (jwks === undefined && jwksUri === undefined) {
                const message = `has neither jwksUri nor jwks: tokens of ${issuer} could not be verified`;
                return [{ key, message, fix: [setCommand(`${key}.jwksUri`, "<https://.../keys>")] }];
            }
            const wrong = jwks === undefined ? undefined : wrongWith(jwks);
            return wrong === undefined
                ? []
                : [{ key: `${key}.jwks`, message: wrong, fix: [setCommand(`${key}.jwks`, "<public keys>")] }];
        }),
    );

/** What keeps a text from being a set of public keys. Never repeats it: it may hold a private one. */
function wrongWith(jwks: string): string | undefined {
    const keys = keysOf(jwks);
    if (keys === undefined || keys.length === 0) {
        return 'is not a JSON web key set such as {"keys":[{"kty":"RSA","kid":"...","n":"...","e":"AQAB"}]}';
    }
    const isPrivate = keys.some((key) => ["d", "k", "p", "q"].some((part) => Object.hasOwn(key, part)));
    if (isPrivate) {
        return "holds a private key, which only the issuer may have; revoke that key";
    }
    return keys.every(isPublicKey) ? undefined : "has an invalid key: a key has kty RSA, EC or OKP, and all its parts";
}

function isPublicKey(key: object): boolean {
    try {
        createPublicKey({ key: { ...key }, format: "jwk" });
        return true;
    } catch {
        return false;
    }
}

function keysOf(jwks: string): object[] | undefined {
    try {
        const { keys } = JSON.parse(jwks) as { keys?: unknown };
        const list = Array.isArray(keys) ? (keys as unknown[]) : [];
        return list.filter((key) => typeof key === "object" && key !== null);
    } catch {
        return undefined;
    }
}

const targetsAreKnown = onMesh((mesh, { security }) =>
    security.requestAuthentication.flatMap(({ service }, index): Problem[] => {
        if (service === undefined) {
            return [];
        }
        const key = `${SECTION}[${index}].service`;
        const message = `is ${service}, which speaks tcp and has no headers for tokens`;
        return speaksTcp(mesh, service)
            ? [{ key, message, fix: [setCommand(key, "<service that speaks http>")] }]
            : unknownService(key, service, mesh);
    }),
);

/** Two entries for one place would each demand a token of its own issuers, and a request carries one. */
const targetsOnce: Rule = ({ security }) => {
    const entries = security?.requestAuthentication ?? [];
    return entries.flatMap(({ name, service }, index): Problem[] => {
        const key = `${SECTION}[${index}]`;
        const place = service ?? "the gateway";
        const sameTarget = entries.findIndex((other) => other.service === service);
        const sameName = entries.findIndex((other) => other.name === name);
        if (sameTarget < index) {
            const message = `is for ${place}, as is [${sameTarget}]; put its issuers there`;
            return [{ key, message, fix: [setCommand(`${key}.service`, "<another service>")] }];
        }
        const message = `is ${name}, the name of [${sameName}] already`;
        return sameName < index
            ? [{ key: `${key}.name`, message, fix: [setCommand(`${key}.name`, `${name.slice(0, 50)}-${index}`)] }]
            : [];
    });
};

/** A misspelt host would leave the one that was meant without protection. */
const hostsAreOpen = onMesh((mesh, { security }) => {
    const open = mesh.hosts.map(({ host }) => host);
    const isOpen = (host: string) => open.some((each) => each === host || takesIn(each, host));
    return security.requestAuthentication.flatMap(({ service, require }, entry) =>
        (service === undefined ? require : []).flatMap(({ hosts = [] }, requirement) =>
            hosts.flatMap((host, index): Problem[] => {
                const key = `${SECTION}[${entry}].require[${requirement}].hosts[${index}]`;
                const near = nearest(host, open);
                const hint = near === undefined ? `there are ${open.join(", ") || "none"}` : `did you mean ${near}?`;
                const fix = [setCommand(key, near ?? "<host>")];
                return isOpen(host)
                    ? []
                    : [{ key, message: `is ${host}, which is not exposed at the gateway; ${hint}`, fix }];
            }),
        ),
    );
});

const gatewayPortsAreKnown: Rule = ({ security }) =>
    (security?.requestAuthentication ?? []).flatMap(({ service, ports }, index): Problem[] => {
        const key = `${SECTION}[${index}].ports`;
        const message = "needs service; the gateway's ports are gateway.ports";
        return service === undefined && ports.length > 0 ? [{ key, message, fix: [removeCommand(key)] }] : [];
    });

export const requestAuthenticationRules: Rule[] = [
    issuersHaveKeys,
    targetsAreKnown,
    targetsOnce,
    hostsAreOpen,
    gatewayPortsAreKnown,
];
