import { ACTION_NAMES, ROUTE_ACTIONS } from "../../components/traffic/routeActions";
import type { RouteActions } from "../../components/traffic/serviceTraffic";
import { CLIENT_NAMES } from "../../components/workloads/clientWorkloads";
import { nearest } from "../nearest";
import { removeCommand, setCommand, type Problem } from "../problems";
import { renameCommands } from "../rename";
import { matchRules } from "./matches";
import { resilienceRules } from "./resilience";
import { onMesh, type Rule } from "./rule";
import { actionPlaces, forEachService } from "./trafficPlaces";

const scenarioNeedsBookinfo: Rule = ({ traffic, bookinfo }) =>
    traffic?.scenario !== undefined && bookinfo?.enabled === false
        ? [
              {
                  key: "traffic.scenario",
                  message: `is ${traffic.scenario}, a step with Bookinfo's services, but bookinfo.enabled is false`,
                  fix: [removeCommand("traffic.scenario")],
              },
          ]
        : [];

const servicesExist = onMesh(({ services }, { traffic }) => {
    const known = services.map(({ name }) => name);
    return Object.keys(traffic.services)
        .filter((name) => !known.includes(name))
        .map((name): Problem => {
            const key = `traffic.services.${name}`;
            if (CLIENT_NAMES.some((client) => client === name)) {
                const fix = [setCommand(`clients.${name}`, true)];
                return { key, message: `is about one of the clients, but clients.${name} is false`, fix };
            }
            const near = nearest(name, known);
            const hint = near === undefined ? `there are ${known.join(", ") || "none yet"}` : `did you mean ${near}?`;
            const better = near === undefined || Object.hasOwn(traffic.services, near) ? "<service>" : near;
            const fix = renameCommands(key, `traffic.services.${better}`, plain(traffic.services[name]));
            return { key, message: `is no service of the mesh; ${hint}`, fix };
        });
});

/** As it was written: without what is left out. */
function plain(settings: unknown): unknown {
    return JSON.parse(JSON.stringify(settings));
}

/** Two settings of one Kubernetes Service would be two VirtualServices of one host, of which proxies take one by chance. */
const hostsOnce = onMesh(({ services, traffic }) => {
    const seen = new Map<string, string>();
    return services
        .filter(({ name, versions }) => Object.hasOwn(traffic, name) || Object.keys(versions).length > 0)
        .flatMap(({ name, host, namespace }): Problem[] => {
            const place = `${host} in namespace ${namespace}`;
            const first = seen.get(place);
            seen.set(place, first ?? name);
            const key = Object.hasOwn(traffic, name) ? `traffic.services.${name}` : `services.${name}.versions`;
            const message = `is the Kubernetes Service ${place}, as ${first} is already; route it under one name`;
            const fix = [removeCommand(`traffic.services.<${first} or ${name}>`)];
            return first === undefined ? [] : [{ key, message, fix }];
        });
});

const sharesAddUp = forEachService((service) =>
    actionPlaces(service).flatMap(({ key, actions: { route } }): Problem[] => {
        const sum = Object.values(route ?? {}).reduce((total, share) => total + share, 0);
        const message = `shares add up to ${sum}, they must add up to 100`;
        return route === undefined || sum === 100 ? [] : [{ key: `${key}.route`, message, fix: fixed(key, route) }];
    }),
);

/** Changes the last shares by what is missing or too much. */
function fixed(key: string, route: Record<string, number>): string[] {
    let missing = 100 - Object.values(route).reduce((total, share) => total + share, 0);
    return Object.entries(route)
        .reverse()
        .flatMap(([version, share]) => {
            const better = Math.min(100, Math.max(0, share + missing));
            missing += share - better;
            return better === share ? [] : [setCommand(`${key}.route.${version}`, better)];
        });
}

const versionsExist = forEachService((treated) => {
    const { name, versions } = treated.service;
    const known = Object.keys(versions);
    const named = ({ route, mirror }: RouteActions) => [
        ...Object.keys(route ?? {}).map((version) => ({ part: `route.${version}`, version })),
        ...(mirror ? [{ part: "mirror.to", version: mirror.to }] : []),
    ];
    return actionPlaces(treated).flatMap(({ key, actions }) =>
        named(actions)
            .filter(({ version }) => !known.includes(version))
            .map(({ part, version }): Problem => {
                if (known.length === 0) {
                    const message = `is ${version}, but ${name} has no versions; set their labels`;
                    const fix = [setCommand(`services.${name}.versions.${version}.version`, version)];
                    return { key: `${key}.${part}`, message, fix };
                }
                const near = nearest(version, known);
                const hint = near === undefined ? "" : `; did you mean ${near}?`;
                const message = `is ${version}, a version that ${name} does not have: there is ${known.join(", ")}${hint}`;
                const place = `${key}.${part}`;
                const { route = {} } = actions;
                const better = near === undefined || Object.hasOwn(route, near) ? "<version>" : near;
                const fix =
                    part === "mirror.to"
                        ? [setCommand(place, near ?? "<version>")]
                        : renameCommands(place, `${key}.route.${better}`, route[version]);
                return { key: place, message, fix };
            }),
    );
});

/** What needs HTTP requests. */
const HTTP_ONLY = ["match" as const, ...ACTION_NAMES.filter((name) => !ROUTE_ACTIONS[name].tcp)];

const tcpHasNoRequests = forEachService(({ key, service, traffic }) => {
    if (service.protocol !== "tcp") {
        return [];
    }
    const { connectionPool, loadBalancer } = traffic;
    const hash = loadBalancer?.consistentHash;
    const found = [
        ...HTTP_ONLY.filter((name) => traffic[name] !== undefined),
        ...(connectionPool?.http ? ["connectionPool.http"] : []),
        ...(hash && !("useSourceIp" in hash) ? ["loadBalancer.consistentHash"] : []),
    ];
    return found.map((part) => ({
        key: `${key}.${part}`,
        message: `is for HTTP requests, but ${service.name} is of protocol tcp`,
        fix: [removeCommand(`${key}.${part}`)],
    }));
});

export const trafficRules: Rule[] = [
    scenarioNeedsBookinfo,
    servicesExist,
    hostsOnce,
    sharesAddUp,
    versionsExist,
    tcpHasNoRequests,
    ...matchRules,
    ...resilienceRules,
];
