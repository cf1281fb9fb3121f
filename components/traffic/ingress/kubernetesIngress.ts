import { Ingress } from "@pulumi/kubernetes/networking/v1";
import type { input } from "@pulumi/kubernetes/types";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../../component";
import { exposedOf, type ExposedOpening } from "../openings";
import { withoutSlash } from "../paths";
import { groupedByTls, inOrder, podsBehind, type HostIngress, type IngressArgs } from "./ingress";

/** Arguments of a `KubernetesIngress`. */
export interface KubernetesIngressArgs extends IngressArgs {
    /** Name of the IngressClass that Istio serves. */
    className: pulumi.Input<string>;
    /** Wait until the gateway's address is in the object's status. It never is where no load balancer has one. @default true */
    waitForAddress?: boolean;
}

/**
 * Opens hosts at the ingress gateway with Kubernetes Ingresses: one for each namespace, as an Ingress leads to Services of its
 * own. Istio puts those of one host together, the longest path first.
 * Guide: "Configuring Ingress using Kubernetes Ingress Resource", with `ingressClassName` in place of the annotation that
 * Kubernetes deprecated, and all of the application's paths in place of /productpage alone, which loses its style sheets.
 *
 * @example
 * ```ts
 * const service = { ...cart, exposure: { hosts: ["shop.example.com"], paths: [{ prefix: "/cart" }] } };
 * new KubernetesIngress(
 *     "shop",
 *     {
 *         hosts: [{ host: "shop.example.com", behind: [{ service }] }],
 *         className: istioIngressClass("istio", { provider }).metadata.name,
 *         gatewayNamespace: controlPlane.namespace,
 *     },
 *     { provider, dependsOn: controlPlane },
 * );
 * ```
 */
export class KubernetesIngress extends Component {
    constructor(name: string, args: KubernetesIngressArgs, opts?: pulumi.ComponentResourceOptions) {
        super("traffic:KubernetesIngress", name, opts);

        const { application, className, waitForAddress = true } = args;
        const all = args.hosts.flatMap(({ behind }) => behind.map(({ service }) => service.namespace));
        const annotations: Record<string, string> = waitForAddress ? {} : { "pulumi.com/skipAwait": "true" };
        for (const namespace of application ? [application.namespace] : [...new Set(all)].sort()) {
            const hosts = inOrder(args).filter(({ behind }) =>
                behind.some(({ service }) => service.namespace === namespace),
            );
            new Ingress(
                `${name}-${application ? "ingress" : namespace}`,
                {
                    metadata: { name: `${application?.name ?? "services"}-gateway`, namespace, annotations },
                    spec: {
                        ingressClassName: className,
                        rules: hosts.map((each) => rule(each, namespace)),
                        tls: groupedByTls(hosts).flatMap((group) =>
                            group.tls ? [{ hosts: named(group.hosts), secretName: group.tls.credentialName }] : [],
                        ),
                    },
                },
                this.after(...podsBehind(hosts, ({ service }) => service.namespace === namespace)),
            );
        }
        this.registerOutputs({});
    }
}

/** What of a host leads to Services of a namespace. */
function rule({ host, behind }: HostIngress, namespace: string): input.networking.v1.IngressRule {
    const here = behind.filter(({ service }) => service.namespace === namespace);
    const http = { paths: here.flatMap((each) => exposedOf(each, behind.length === 1)).map(pathOf) };
    return host === "*" ? { http } : { host, http };
}

/** Prefixes end at a slash here: `/static` opens `/static/x`, and not `/statics`. Istio ranks one with a slash too high. */
function pathOf({ path, service: { host, port } }: ExposedOpening): input.networking.v1.HTTPIngressPath {
    const backend = { service: { name: host, port: { number: port } } };
    return "exact" in path
        ? { path: path.exact, pathType: "Exact", backend }
        : { path: withoutSlash(path.prefix), pathType: "Prefix", backend };
}

/** A Secret without hosts is for all of them. */
function named(hosts: string[]): string[] | undefined {
    return hosts.includes("*") ? undefined : hosts;
}
