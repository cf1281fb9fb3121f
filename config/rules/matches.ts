import { takesAll, USER_HEADER } from "../../components/traffic/conditions";
import { blocksOf } from "../../components/traffic/gatewayRoutes";
import { straddles } from "../../components/traffic/paths";
import { ACTION_NAMES, ROUTE_ACTIONS, type ActionName } from "../../components/traffic/routeActions";
import type { MatchRule, RequestConditions } from "../../components/traffic/serviceTraffic";
import { behind } from "../../mesh/mesh";
import { removeCommand, setCommand, type Problem } from "../problems";
import { onMesh, type Rule } from "./rule";
import { actionPlaces, forEachService, treated, type Treated } from "./trafficPlaces";

const EVERY_REQUEST: RequestConditions = {};

/** Rules are tried in their order, and the service's own treatment last: each must leave something for those after it. */
const reachable = forEachService(({ key, traffic: { match = [] } }) =>
    match.flatMap((rule, index): Problem[] => {
        const place = `${key}.match[${index}]`;
        const fix = [removeCommand(place)];
        const first = match.slice(0, index).findIndex((earlier) => takesAll(earlier, rule));
        if (first >= 0) {
            const message = `is never reached: ${key}.match[${first}] takes all requests that it fits`;
            return [{ key: place, message, fix }];
        }
        const message = "matches every request, so no rule after it is reached; set it at the service itself";
        const narrow = [setCommand(`${place}.<user, headers, paths, method or claims>`, "<value>")];
        return takesAll(rule, EVERY_REQUEST) ? [{ key: place, message, fix: narrow }] : [];
    }),
);

/** One request cannot have two users, and the header is Bookinfo's: saying it one way keeps faults for a user comparable. */
const userIsUser = forEachService(({ key, traffic: { match = [] } }) =>
    match.flatMap(({ headers = {} }, index): Problem[] => {
        const header = headers[USER_HEADER];
        const place = `${key}.match[${index}]`;
        const exact = header && "exact" in header ? header.exact : "<user>";
        const fix = [removeCommand(`${place}.headers.${USER_HEADER}`), setCommand(`${place}.user`, exact)];
        return header
            ? [
                  {
                      key: `${place}.headers.${USER_HEADER}`,
                      message: "is what user matches; set user instead",
                      fix,
                  },
              ]
            : [];
    }),
);

/** The gateway alone checks tokens before it chooses a route; elsewhere the rule would never fit, without a word. */
const claimsAreKnown = onMesh((mesh, { security }) => {
    const checked = security.requestAuthentication.some(({ service }) => service === undefined);
    return treated(mesh).flatMap(({ key, service: { name, exposure }, traffic: { match = [] } }) =>
        match.flatMap(({ claims }, index): Problem[] => {
            const place = `${key}.match[${index}]`;
            const message = exposure
                ? "needs tokens that the gateway checks: an entry of security.requestAuthentication without service"
                : `counts for requests through the gateway, where ${name} is not exposed`;
            const otherwise = setCommand(`${place}.<user, headers, paths or method>`, "<value>");
            const fix = [removeCommand(`${place}.claims`), otherwise];
            return claims && !(exposure && checked) ? [{ key: `${place}.claims`, message, fix }] : [];
        }),
    );
});

const faultsHappen = forEachService((treated) =>
    actionPlaces(treated).flatMap(({ key, actions: { fault }, rule }): Problem[] => {
        if (!fault) {
            return [];
        }
        if (fault.delay === undefined && fault.abort === undefined) {
            const message = "has neither delay nor abort, so nothing would happen";
            return [{ key: `${key}.fault`, message, fix: [setCommand(`${key}.fault.<delay or abort>`, "<value>")] }];
        }
        const other = rule?.user !== undefined && fault.user !== undefined && fault.user !== rule.user;
        const message = `is ${fault.user}, but the rule is about requests of ${rule?.user}`;
        return other ? [{ key: `${key}.fault.user`, message, fix: [removeCommand(`${key}.fault.user`)] }] : [];
    }),
);

/** What has no effect where a redirect answers. What rules take from their service, they take whatever it answers itself. */
function idleBesideRedirect({ traffic: { match = [] } }: Treated, rule: MatchRule | undefined): ActionName[] {
    const hasHeirs = rule === undefined && match.some(({ redirect }) => redirect === undefined);
    return ACTION_NAMES.filter((name) => {
        const { besideRedirect, inherited } = ROUTE_ACTIONS[name];
        return !besideRedirect && !(hasHeirs && inherited);
    });
}

const redirectsAlone = forEachService((treated) =>
    actionPlaces(treated).flatMap(({ key, actions, rule }) => {
        const useless = idleBesideRedirect(treated, rule).filter((name) => actions[name] !== undefined);
        return (actions.redirect ? useless : []).map((name) => ({
            key: `${key}.${name}`,
            message: `has no effect beside ${key}.redirect, which responds without calling the service`,
            fix: [removeCommand(`${key}.${name}`)],
        }));
    }),
);

const mirrorsElsewhere = forEachService((treated) =>
    actionPlaces(treated).flatMap(({ key, actions: { route, mirror } }): Problem[] => {
        const answering = route ?? treated.traffic.route ?? {};
        const own = mirror !== undefined && (answering[mirror.to] ?? 0) > 0;
        const message = `is ${mirror?.to}, which serves the requests already`;
        const free = Object.keys(treated.service.versions).filter((version) => (answering[version] ?? 0) === 0);
        const [only] = free.length === 1 ? free : [];
        return own
            ? [{ key: `${key}.mirror.to`, message, fix: [setCommand(`${key}.mirror.to`, only ?? "<version>")] }]
            : [];
    }),
);

/**
 * At the gateway only open paths are matched, and of a regular expression Istio cannot match a part. At a host of several
 * services the paths of each are open part by part, where another's come between.
 */
const patternsEndAtGateway = onMesh((mesh) => {
    const blocks = mesh.hosts.flatMap((host) => blocksOf(behind(mesh, host)));
    return treated(mesh).flatMap(({ key, service, traffic: { match = [] } }) => {
        const parts = blocks
            .filter((block) => block.service === service)
            .map(({ openings }) => openings.flatMap(({ texts }) => texts));
        const own = ({ rewrite, redirect }: MatchRule) => rewrite === undefined && redirect === undefined;
        return match.flatMap((rule, index) =>
            (own(rule) ? (rule.paths ?? []) : []).flatMap((path, position): Problem[] => {
                const place = `${key}.match[${index}].paths[${position}]`;
                const message = `matches both exposed and other paths of ${service.name}; begin it with an exposed path, or use prefix or exact`;
                return parts.some((open) => straddles(path, open))
                    ? [{ key: place, message, fix: [setCommand(`${place}.regex`, "<regex>")] }]
                    : [];
            }),
        );
    });
});

export const matchRules: Rule[] = [
    reachable,
    userIsUser,
    claimsAreKnown,
    faultsHappen,
    redirectsAlone,
    mirrorsElsewhere,
    patternsEndAtGateway,
];
