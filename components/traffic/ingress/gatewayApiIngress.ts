import * as pulumi from "@pulumi/pulumi";
import { Component } from "../../component";
import type { NamedMetadata } from "../../customObject";
import { Gateway, HTTPRoute, type HTTPRouteMatch, type HTTPRouteSpec, type Listener } from "../../gatewayApi";
import type { Inputs } from "../../istio/api";
import { GATEWAY_SERVICE, INGRESS_PORTS } from "../../istio/gateways";
import type { ExposedService } from "../../mesh/meshService";
import { exposedOf, routeName, type ExposedOpening } from "../openings";
import {
    inOrder,
    labelOfHost,
    nameOfHost,
    podsBehind,
    type HostIngress,
    type HostTls,
    type IngressArgs,
} from "./ingress";

/** Where a host is served: by which Gateway, and by which of its listeners. */
export interface HostListener {
    /** Name of the Gateway. */
    gateway: string;
    /** The listener whose requests reach services. */
    section: string;
}

/** Arguments of a `GatewayApiIngress`. */
export interface GatewayApiIngressArgs extends IngressArgs {
    /** Services whose routes they are, with all places where they are open. */
    routes: {
        /** The service that they lead to. */
        service: ExposedService;
        /** Where it is open: `hostListeners` of the hosts. */
        at: HostListener[];
        /** The pods that answer: requests are let in after they are there. */
        pods: pulumi.Resource[];
    }[];
    /** Gateways made elsewhere through which routes lead, by their names. @default none */
    gateways?: Record<string, pulumi.Resource>;
}

/**
 * Opens hosts at the ingress gateway with the Kubernetes Gateway API: listeners for each host, and one HTTPRoute for each
 * service, which the API itself puts in order by precedence.
 *
 * The Gateway names the ingress gateway's Service as its address, so Istio lets its proxies serve it instead of deploying
 * others with a load balancer that no state would know of, and that `pulumi destroy` would leave behind.
 * https://istio.io/latest/docs/tasks/traffic-management/ingress/gateway-api/#manual-deployment
 *
 * @example
 * ```ts
 * const service = { ...cart, exposure: { hosts: ["shop.example.com"], paths: [{ prefix: "/cart" }] } };
 * const hosts = [{ host: "shop.example.com", behind: [{ service }] }];
 * const at = hostListeners({ hosts }).map(([, listener]) => listener);
 * new GatewayApiIngress(
 *     "shop",
 *     { hosts, routes: [{ service, at, pods: [] }], gatewayNamespace: controlPlane.namespace },
 *     { provider, dependsOn: [controlPlane, gatewayApiCrds("gateway-api", GATEWAY_API_MANIFEST, { provider })] },
 * );
 * ```
 */
export class GatewayApiIngress extends Component {
    /** Its Gateways, by their names. */
    readonly gateways: Record<string, pulumi.Resource> = {};

    constructor(name: string, args: GatewayApiIngressArgs, opts?: pulumi.ComponentResourceOptions) {
        super("traffic:GatewayApiIngress", name, opts);

        const { application, gatewayNamespace: namespace, routes } = args;
        for (const { gateway, prefix, hosts } of gatewaysOf(args)) {
            const spec = {
                gatewayClassName: "istio",
                addresses: [
                    {
                        type: "Hostname",
                        value: pulumi.interpolate`${GATEWAY_SERVICE}.${namespace}.svc.cluster.local`,
                    },
                ],
                listeners: hosts.flatMap((host) => listenersOf(host, args)),
            };
            // Beside the proxies and their certificates; routes come from the services' namespaces.
            const metadata = { name: gateway, namespace, annotations: PROGRAMMED };
            const opts = this.after(...podsBehind(hosts));
            this.gateways[gateway] = new Gateway(`${name}${prefix}-gateway`, { metadata, spec }, opts);
        }
        const known = { ...args.gateways, ...this.gateways };
        const route = (
            suffix: string,
            metadata: NamedMetadata,
            at: HostListener[],
            rules: HTTPRouteSpec["rules"],
            pods: pulumi.Resource[] = [],
        ) => {
            const parentRefs = at.map(({ gateway, section }) => ({ name: gateway, namespace, sectionName: section }));
            const before = [...new Set(at.map(({ gateway }) => gateway))].flatMap((gateway) => known[gateway] ?? []);
            new HTTPRoute(
                `${name}${suffix}`,
                { metadata, spec: { parentRefs, rules } },
                this.after(...before, ...pods),
            );
        };
        for (const { service, at, pods } of routes) {
            const metadata = { name: routeName(service), namespace: service.namespace };
            const matches = exposedOf({ service }, true).flatMap(matchesOf);
            const backendRefs = [{ name: service.host, port: service.port }];
            route(application ? "-route" : `-${service.name}-route`, metadata, at, [{ matches, backendRefs }], pods);
        }
        for (const { gateway, prefix, hosts } of gatewaysOf(args)) {
            const encrypted = hosts.filter(({ tls }) => tls !== undefined);
            const at = encrypted.map(({ host }) => ({ gateway, section: `http-${labelOfHost(host)}` }));
            const metadata = {
                name: `${application?.name ?? prefix.slice(1)}-redirect`,
                namespace: application?.namespace ?? namespace,
            };
            if (at.length > 0) {
                route(`${application ? "-route" : prefix}-redirect`, metadata, at, [{ filters: [REDIRECT] }]);
            }
        }
        this.registerOutputs({});
    }
}

/** `pulumi up` waits until istiod has accepted it, and says why if it never does. */
const PROGRAMMED = { "pulumi.com/waitFor": "condition=Programmed" };

const REDIRECT = { type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 301 } } as const;

/** One for all hosts of an application, or one for each host: a Gateway has 64 listeners at most. */
function gatewaysOf({
    application,
    hosts,
}: Pick<IngressArgs, "application" | "hosts">): { gateway: string; prefix: string; hosts: HostIngress[] }[] {
    return application
        ? [{ gateway: `${application.name}-gateway`, prefix: "", hosts }]
        : inOrder({ hosts }).map((each) => ({
              gateway: `${nameOfHost(each.host)}-gateway`,
              prefix: `-${nameOfHost(each.host)}`,
              hosts: [each],
          }));
}

/** Where each of these hosts is served, by the host. */
export function hostListeners(args: Pick<IngressArgs, "application" | "hosts">): [host: string, at: HostListener][] {
    return gatewaysOf(args).flatMap(({ gateway, hosts }) =>
        hosts.map(({ host, tls }): [string, HostListener] => [
            host,
            { gateway, section: `${tls ? "https" : "http"}-${labelOfHost(host)}` },
        ]),
    );
}

/** A listener for a host, and one more where HTTP only leads to HTTPS. */
function listenersOf(
    { host, tls, behind }: HostIngress,
    { application, ports = INGRESS_PORTS }: Pick<IngressArgs, "application" | "ports">,
): Inputs<Listener>[] {
    const label = labelOfHost(host);
    const hostname = host === "*" ? {} : { hostname: host };
    const toServices = routesFrom(behind.map(({ service }) => service.namespace));
    const http = { name: `http-${label}`, port: ports.http, protocol: "HTTP", ...hostname };
    if (!tls) {
        return [{ ...http, allowedRoutes: toServices }];
    }
    const toHttps = application ? routesFrom([application.namespace]) : ({ namespaces: { from: "Same" } } as const);
    const https = { name: `https-${label}`, port: ports.https, protocol: "HTTPS", ...hostname };
    return [
        { ...http, allowedRoutes: toHttps },
        { ...https, allowedRoutes: toServices, tls: listenerTls(tls) },
    ];
}

/** Namespaces whose routes a listener takes. */
function routesFrom(namespaces: string[]): Listener["allowedRoutes"] {
    const values = [...new Set(namespaces)].sort();
    const key = "kubernetes.io/metadata.name";
    const [only = ""] = values;
    const selector =
        values.length > 1 ? { matchExpressions: [{ key, operator: "In", values }] } : { matchLabels: { [key]: only } };
    return { namespaces: { from: "Selector", selector } };
}

/** The API knows neither mutual TLS of this form nor versions; Istio reads the one from an option. */
function listenerTls({ credentialName, mode }: HostTls): Listener["tls"] {
    return {
        mode: "Terminate",
        certificateRefs: [{ name: credentialName }],
        ...(mode === "MUTUAL" && { options: { "gateway.istio.io/tls-terminate-mode": "MUTUAL" } }),
    };
}

/** A match for each of the methods. Prefixes end at a slash here: `/static` opens `/static/x`, and not `/statics`. */
function matchesOf({ path, methods, headers }: ExposedOpening): HTTPRouteMatch[] {
    const wanted = Object.entries(headers).map(([name, { exact }]) => ({ name, value: exact }));
    const match: HTTPRouteMatch = {
        path: "exact" in path ? { type: "Exact", value: path.exact } : { type: "PathPrefix", value: path.prefix },
        ...(wanted.length > 0 && { headers: wanted }),
    };
    return methods ? methods.map((method) => ({ ...match, method: method as HTTPRouteMatch["method"] })) : [match];
}
