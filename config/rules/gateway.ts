import { servesHttps } from "../../mesh/mesh";
import { removeCommand, setCommand } from "../problems";
import { hostRules } from "./hosts";
import { onMesh, type Rule } from "./rule";

/** Ports that the proxy keeps for itself: https://istio.io/latest/docs/ops/deployment/application-requirements/ */
export const PROXY_PORTS = [15000, 15001, 15004, 15006, 15008, 15020, 15021, 15053, 15090];

const distinctPorts: Rule = ({ gateway }) => {
    if (!gateway) {
        return [];
    }
    const { http, https } = gateway.ports;
    const taken = Object.entries(gateway.ports)
        .filter(([, port]) => PROXY_PORTS.includes(port))
        .map(([name, port]) => ({
            key: `gateway.ports.${name}`,
            message: `is ${port}, which Istio's proxy uses itself`,
            fix: [setCommand(`gateway.ports.${name}`, name === "http" ? 80 : 443)],
        }));
    if (http !== https) {
        return taken;
    }
    // Fix the one that is not at its usual port.
    const [name, other, usual] = http === 443 ? (["http", "https", 80] as const) : (["https", "http", 443] as const);
    const key = `gateway.ports.${name}`;
    const message = `is ${http}, the same as gateway.ports.${other}`;
    return [...taken, { key, message, fix: [setCommand(key, usual)] }];
};

/** Envoy's redirect changes the scheme and keeps the port the client used, so it only leads from 80 to 443. */
const redirectLeadsToHttps = onMesh((mesh, { gateway }) => {
    const redirects = gateway.kind !== "ingress" && servesHttps(mesh);
    return Object.entries(redirects ? { http: 80, https: 443 } : {})
        .map(([name, usual]) => ({ name, usual, port: gateway.ports[name as "http" | "https"] }))
        .filter(({ usual, port }) => port !== usual)
        .map(({ name, usual, port }) => ({
            key: `gateway.ports.${name}`,
            message: `is ${port}; with gateway.tls it must be ${usual}, because the redirect to HTTPS keeps the port`,
            fix: [setCommand(`gateway.ports.${name}`, usual)],
        }));
});

const hostsOnce: Rule = ({ gateway }) => {
    const hosts = gateway?.hosts ?? [];
    return hosts.flatMap((host, index) => {
        const key = `gateway.hosts[${index}]`;
        if (hosts.indexOf(host) < index) {
            return [{ key, message: `is ${host}, listed twice`, fix: [removeCommand(key)] }];
        }
        const covered = host !== "*" && hosts.includes("*");
        return covered ? [{ key, message: `is ${host}, which "*" covers already`, fix: [removeCommand(key)] }] : [];
    });
};

const bandwidth: Rule = ({ gateway }) => {
    const { type, minimumMbps, maximumMbps } = gateway?.loadBalancer ?? {};
    if (type === "nlb") {
        return Object.entries({ minimumMbps, maximumMbps })
            .filter(([, value]) => value !== undefined)
            .map(([name, value]) => ({
                key: `gateway.loadBalancer.${name}`,
                message: `is ${value}, but a network load balancer has no bandwidth to set`,
                fix: [removeCommand(`gateway.loadBalancer.${name}`)],
            }));
    }
    const key = "gateway.loadBalancer.maximumMbps";
    const message = `is ${maximumMbps}, below gateway.loadBalancer.minimumMbps ${minimumMbps ?? 10}`;
    return maximumMbps !== undefined && maximumMbps < (minimumMbps ?? 10)
        ? [{ key, message, fix: [setCommand(key, minimumMbps ?? 10)] }]
        : [];
};

/** Without a network there are no annotations, and an `internal` without effect would expose the gateway to the internet. */
const loadBalancerIsOci: Rule = (settings) => {
    const { gateway } = settings;
    if (!gateway?.loadBalancer || !("network" in settings)) {
        return [];
    }
    const key = "gateway.loadBalancer";
    const { internal, allowedCidrs } = gateway.loadBalancer;
    const isOpen = !internal && allowedCidrs.includes("0.0.0.0/0");
    // Left out without a word, what was to be private would be open.
    const fix = isOpen
        ? [removeCommand(key)]
        : [setCommand("gateway.serviceType", "<ClusterIP or NodePort>"), removeCommand(key)];
    if (gateway.serviceType !== "LoadBalancer") {
        return [{ key, message: `has no effect with gateway.serviceType ${gateway.serviceType}`, fix }];
    }
    return settings.network === undefined
        ? [{ key, message: "has no effect without network: only OCI's load balancers take these settings", fix }]
        : [];
};

/** In a network that exists, its own NSGs decide who reaches the load balancer. */
const sourcesNeedOwnNsg: Rule = ({ gateway, network }) => {
    const { allowedCidrs = ["0.0.0.0/0"] } = gateway?.loadBalancer ?? {};
    const anywhere = allowedCidrs.length === 1 && allowedCidrs[0] === "0.0.0.0/0";
    const key = "gateway.loadBalancer.allowedCidrs";
    const message = "has no effect with network.source existing; set the rules of network.nsgs.loadBalancers instead";
    const fix = [removeCommand("gateway.loadBalancer.<allowedCidrs, once those rules are set>")];
    return !anywhere && network?.source === "existing" ? [{ key, message, fix }] : [];
};

export const gatewayRules = [
    ...hostRules,
    distinctPorts,
    redirectLeadsToHttps,
    hostsOnce,
    bandwidth,
    loadBalancerIsOci,
    sourcesNeedOwnNsg,
];
