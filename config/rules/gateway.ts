import { removeCommand, setCommand } from "../problems";
import type { Rule } from "./rule";

/** Ports that the proxy keeps for itself: https://istio.io/latest/docs/ops/deployment/application-requirements/ */
const PROXY_PORTS = [15000, 15001, 15004, 15006, 15008, 15020, 15021, 15053, 15090];

const distinctPorts: Rule = ({ gateway }) => {
    if (!gateway) {
        return [];
    }
    const { http, https } = gateway.ports;
    const taken = Object.entries(gateway.ports)
        .filter(([, port]) => PROXY_PORTS.includes(port))
        .map(([name, port]) => ({
            key: `gateway.ports.${name}`,
            message: `is ${port}, which Istio's proxy keeps for itself`,
            mend: [setCommand(`gateway.ports.${name}`, name === "http" ? 80 : 443)],
        }));
    const same = { key: "gateway.ports.https", message: `is ${https}, the same as gateway.ports.http` };
    return http === https ? [...taken, { ...same, mend: [setCommand("gateway.ports.https", 443)] }] : taken;
};

const hostsOnce: Rule = ({ gateway }) => {
    const hosts = gateway?.hosts ?? [];
    return hosts.flatMap((host, index) => {
        const key = `gateway.hosts[${index}]`;
        if (hosts.indexOf(host) < index) {
            return [{ key, message: `is ${host}, listed twice`, mend: [removeCommand(key)] }];
        }
        const covered = host !== "*" && hosts.includes("*");
        return covered ? [{ key, message: `is ${host}, which "*" covers already`, mend: [removeCommand(key)] }] : [];
    });
};

const bandwidth: Rule = ({ gateway }) => {
    const { minimumMbps = 0, maximumMbps = 0 } = gateway?.loadBalancer ?? {};
    const key = "gateway.loadBalancer.maximumMbps";
    const message = `is ${maximumMbps}, below gateway.loadBalancer.minimumMbps ${minimumMbps}`;
    return maximumMbps < minimumMbps ? [{ key, message, mend: [setCommand(key, minimumMbps)] }] : [];
};

/** In a network that exists, its own NSGs decide who reaches the load balancer. */
const sourcesNeedOwnNsg: Rule = ({ gateway, network }) => {
    const { allowedCidrs = ["0.0.0.0/0"] } = gateway?.loadBalancer ?? {};
    const anywhere = allowedCidrs.length === 1 && allowedCidrs[0] === "0.0.0.0/0";
    const key = "gateway.loadBalancer.allowedCidrs";
    const message = "has no effect without network.source new; set the rules of network.nsgs.loadBalancers instead";
    return !anywhere && network?.source !== "new" ? [{ key, message, mend: [removeCommand(key)] }] : [];
};

export const gatewayRules = [distinctPorts, hostsOnce, bandwidth, sourcesNeedOwnNsg];
