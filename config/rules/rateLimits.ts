import { runningRevisions } from "../../components/istio/revisions";
import { ISTIO_VERSION } from "../../components/istio/versions";
import { ENVOY_OF_ISTIO } from "../../components/traffic/rateLimits/envoyRateLimit";
import type { RateLimit } from "../../components/traffic/rateLimits/rateLimit";
import { limitsOf } from "../../components/traffic/rateLimits/rateLimits";
import { milliseconds } from "../../components/duration";
import { removeCommand, setCommand, type Problem } from "../problems";
import { setClientAddresses } from "./clientAddresses";
import { minorOf, versionKey } from "./revisions";
import { onMesh, type Rule } from "./rule";
import { actionPlaces, forEachService, treated } from "./trafficPlaces";

/** A limit with its setting. */
interface Placed {
    key: string;
    limit: RateLimit;
}

function placed(key: string, limits: RateLimit[] = []): Placed[] {
    return limits.map((limit, index) => ({ key: `${key}.rateLimit[${index}]`, limit }));
}

/** Two windows for the same clients make sense, such as a second's and a day's; two that are alike do not. */
function twice(limits: Placed[]): Problem[] {
    const sameAs = ({ each, header, per }: RateLimit) => JSON.stringify([each, header, milliseconds(per)]);
    return limits.flatMap(({ key, limit }, index) => {
        const first = limits.findIndex((other) => sameAs(other.limit) === sameAs(limit));
        const message = `counts the same requests for the same time as ${limits[first]?.key}; one of them is enough`;
        const alike = JSON.stringify(limits[first]?.limit) === JSON.stringify(limit);
        const list = key.replace(/\[\d+\]$/, "");
        const fix = [removeCommand(alike ? key : `${list}.<one of the two>`)];
        return first < index ? [{ key, message, fix }] : [];
    });
}

const limitsOnce = forEachService((service) =>
    actionPlaces(service).flatMap(({ key, actions }) => twice(placed(key, actions.rateLimit))),
);

const gatewayLimitsOnce: Rule = ({ gateway }) => twice(placed("gateway", gateway?.rateLimit));

/** Without clients' addresses all of them would share the bucket of a node. */
const addressesAreKnown = onMesh((mesh, settings) => {
    const { gateway } = settings;
    const source = gateway.clientAddresses?.source;
    const unknown = ({ key }: Placed, behind: string): Problem => ({
        key: `${key}.each`,
        message: `is client-address, but ${behind} sees addresses of nodes or the load balancer: all clients would share a few buckets. Set gateway.clientAddresses (docs/gateway.md)`,
        fix: setClientAddresses(settings),
    });
    const byAddress = (limits: Placed[]) => limits.filter(({ limit }) => limit.each === "client-address");
    const atGateway = byAddress(placed("gateway", gateway.rateLimit)).map((each) => unknown(each, "the gateway"));
    const atServices = treated(mesh).flatMap((each): Problem[] => {
        const limits = each.service.exposure
            ? byAddress(actionPlaces(each).flatMap(({ key, actions }) => placed(key, actions.rateLimit)))
            : [];
        // Sidecars know the last address of X-Forwarded-For, which the gateway appends: that of who connects to it.
        const message = `is client-address, but with gateway.clientAddresses.source forwarded-headers the sidecars of ${each.service.name} see the last proxy in front of the gateway; limit clients in gateway.rateLimit`;
        return source === undefined
            ? limits.map((limit) => unknown(limit, each.service.name))
            : source === "forwarded-headers"
              ? limits.map(({ key }) => ({
                    key: `${key}.each`,
                    message,
                    fix: [setCommand(`${key}.each`, "<token-subject or header>")],
                }))
              : [];
    });
    return [...(source === undefined ? atGateway : []), ...atServices];
});

/** Only the proxies that check tokens know whose they are. */
const tokensAreChecked = onMesh((mesh, { gateway, security }) => {
    const checks = (service?: string) => security.requestAuthentication.some((tokens) => tokens.service === service);
    const unchecked = (limits: Placed[], where: string): Problem[] =>
        limits
            .filter(({ limit }) => limit.each === "token-subject")
            .map(({ key }) => ({
                key: `${key}.each`,
                message: `is token-subject, but nothing in security.requestAuthentication has ${where} check tokens`,
                fix: [removeCommand(`${key}.<each, unless security.requestAuthentication is set>`)],
            }));
    return [
        ...(checks() ? [] : unchecked(placed("gateway", gateway.rateLimit), "the gateway")),
        ...treated(mesh).flatMap((each) =>
            checks(each.service.name)
                ? []
                : actionPlaces(each).flatMap(({ key, actions }) =>
                      unchecked(placed(key, actions.rateLimit), `the sidecars of ${each.service.name}`),
                  ),
        ),
    ];
});

/** The service's sidecars decide which rule fits, by what arrives. */
const requestsAreToldApart = forEachService((each) =>
    actionPlaces(each).flatMap(({ key, actions, rule }): Problem[] => {
        const { name } = each.service;
        const unknown = rule?.rewrite !== undefined ? "rewrite" : rule?.claims !== undefined ? "claims" : undefined;
        const why = { rewrite: "they arrive with another path", claims: "routes by claims are the gateway's alone" };
        return actions.rateLimit && unknown
            ? [
                  {
                      key: `${key}.rateLimit`,
                      message: `stands beside ${unknown}, so the sidecars of ${name} cannot tell which requests it counts: ${why[unknown]}. Limit the service, or a rule without ${unknown}`,
                      fix: [removeCommand(`${key}.<rateLimit or ${unknown}>`)],
                  },
              ]
            : [];
    }),
);

const envoyIsKnown: Rule = ({ istio, gateway }, mesh) => {
    const limited =
        gateway?.rateLimit ?? (mesh && Object.values(mesh.traffic).some((each) => limitsOf(each).length > 0));
    const known = Object.keys(ENVOY_OF_ISTIO);
    return istio && limited
        ? runningRevisions(istio)
              .filter(({ version }) => !known.includes(minorOf(version)))
              .map(({ name, version }) => ({
                  key: versionKey(name),
                  message: `is ${version}, but rate limits are written for the Envoy of Istio ${known.join(" and ")}`,
                  fix: [setCommand(versionKey(name), ISTIO_VERSION)],
              }))
        : [];
};

export const rateLimitRules: Rule[] = [
    limitsOnce,
    gatewayLimitsOnce,
    addressesAreKnown,
    tokensAreChecked,
    requestsAreToldApart,
    envoyIsKnown,
];
