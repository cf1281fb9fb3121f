import * as pulumi from "@pulumi/pulumi";
import { Component } from "../../component";
import { Gateway, HTTPRoute, type HTTPRouteSpec, type Listener } from "../../gatewayApi";
import type { Inputs } from "../../istio/api";
import { GATEWAY_SERVICE } from "../../istio/gateways";
import type { PathMatch } from "../../mesh/meshService";
import { ingressNames, type HostTls, type IngressArgs } from "./ingress";

/** A listener, and what its routes do. */
interface Entrance {
    listener: Inputs<Listener>;
    name: string;
    redirects: boolean;
}

/**
 * Opens a service at the ingress gateway with the Kubernetes Gateway API.
 *
 * The Gateway names the ingress gateway's Service as its address, so Istio lets its proxies serve it instead of deploying
 * others with a load balancer that no state would know of, and that `pulumi destroy` would leave behind.
 * https://istio.io/latest/docs/tasks/traffic-management/ingress/gateway-api/#manual-deployment
 */
export class GatewayApiIngress extends Component {
    constructor(name: string, args: IngressArgs, opts: pulumi.ComponentResourceOptions) {
        super("traffic:GatewayApiIngress", name, opts);

        const { service, gatewayNamespace: namespace } = args;
        const names = ingressNames(service);
        const doors = entrancesOf(args);
        const gateway = new Gateway(
            `${name}-gateway`,
            {
                // Beside the proxies and their certificates; routes come from the service's namespace.
                metadata: { name: names.gateway, namespace, annotations: PROGRAMMED },
                spec: {
                    gatewayClassName: "istio",
                    addresses: [
                        {
                            type: "Hostname",
                            value: pulumi.interpolate`${GATEWAY_SERVICE}.${namespace}.svc.cluster.local`,
                        },
                    ],
                    listeners: doors.map(({ listener }) => listener),
                },
            },
            this.childOptions,
        );
        const parents = (redirects: boolean) =>
            doors
                .filter((entrance) => entrance.redirects === redirects)
                .map((entrance) => ({ name: names.gateway, namespace, sectionName: entrance.name }));
        const route = (suffix: string, spec: Inputs<HTTPRouteSpec>) =>
            new HTTPRoute(
                `${name}-route${suffix}`,
                { metadata: { name: `${names.routes}${suffix}`, namespace: service.namespace }, spec },
                this.after(gateway),
            );
        const backendRefs = [{ name: service.host, port: service.port }];
        const matches = service.exposure.paths.map((path) => ({ path: pathMatch(path) }));
        route("", { parentRefs: parents(false), rules: [{ matches, backendRefs }] });
        if (doors.some(({ redirects }) => redirects)) {
            const redirect = {
                type: "RequestRedirect",
                requestRedirect: { scheme: "https", statusCode: 301 },
            } as const;
            route("-redirect", { parentRefs: parents(true), rules: [{ filters: [redirect] }] });
        }
        this.registerOutputs({});
    }
}

/** `pulumi up` waits until istiod has accepted it, and says why if it never does. */
const PROGRAMMED = { "pulumi.com/waitFor": "condition=Programmed" };

/** A listener for each host, and one more where HTTP only leads to HTTPS. */
function entrancesOf({ service, ports, tls = {} }: IngressArgs): Entrance[] {
    const allowedRoutes: Listener["allowedRoutes"] = {
        namespaces: {
            from: "Selector",
            selector: { matchLabels: { "kubernetes.io/metadata.name": service.namespace } },
        },
    };
    return service.exposure.hosts.flatMap((host): Entrance[] => {
        const encrypted = tls[host];
        const hostname = host === "*" ? {} : { hostname: host };
        const common = { ...hostname, allowedRoutes };
        const plain = { name: `http-${label(host)}`, port: ports.http, protocol: "HTTP", ...common };
        const entrance = { listener: plain, name: plain.name, redirects: encrypted !== undefined };
        if (!encrypted) {
            return [entrance];
        }
        const secure = { name: `https-${label(host)}`, port: ports.https, protocol: "HTTPS", ...common };
        const listener = { ...secure, tls: listenerTls(encrypted) };
        return [entrance, { listener, name: secure.name, redirects: false }];
    });
}

/** The API knows neither mutual TLS of this form nor versions; Istio reads the one from an option. */
function listenerTls({ credentialName, mode }: HostTls): Listener["tls"] {
    return {
        mode: "Terminate",
        certificateRefs: [{ name: credentialName }],
        ...(mode === "MUTUAL" && { options: { "gateway.istio.io/tls-terminate-mode": "MUTUAL" } }),
    };
}

/** A host as a part of a listener's name, in which Istio takes no dots. A dash becomes two, to stay different from a dot. */
function label(host: string): string {
    return host.replaceAll("-", "--").replace("*", "any").replaceAll(".", "-");
}

/** Prefixes end at a slash here: `/static` opens `/static/x`, and not `/statics`. */
function pathMatch(path: PathMatch) {
    return "exact" in path
        ? { type: "Exact" as const, value: path.exact }
        : { type: "PathPrefix" as const, value: path.prefix };
}
