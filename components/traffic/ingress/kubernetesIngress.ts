import { Ingress } from "@pulumi/kubernetes/networking/v1";
import type { input } from "@pulumi/kubernetes/types";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../../component";
import type { PathMatch } from "../../mesh/meshService";
import { groupedByTls, ingressNames, type IngressArgs } from "./ingress";

export interface KubernetesIngressArgs extends IngressArgs {
    /** Name of the IngressClass that Istio serves. */
    className: pulumi.Input<string>;
    /** Wait until the gateway's address is in the object's status. It never is where no load balancer has one. */
    waitForAddress: boolean;
}

/**
 * Opens a service at the ingress gateway with a Kubernetes Ingress.
 * Guide: "Configuring Ingress using Kubernetes Ingress Resource", with `ingressClassName` in place of the annotation that
 * Kubernetes deprecated, and all of the application's paths in place of /productpage alone, which loses its style sheets.
 */
export class KubernetesIngress extends Component {
    constructor(name: string, args: KubernetesIngressArgs, opts: pulumi.ComponentResourceOptions) {
        super("traffic:KubernetesIngress", name, opts);

        const { service, className, waitForAddress } = args;
        const { hosts, paths } = service.exposure;
        const http = { paths: paths.map((path) => rule(path, service)) };
        new Ingress(
            `${name}-ingress`,
            {
                metadata: {
                    name: ingressNames(service).gateway,
                    namespace: service.namespace,
                    annotations: waitForAddress ? {} : { "pulumi.com/skipAwait": "true" },
                },
                spec: {
                    ingressClassName: className,
                    rules: hosts.map((host) => (host === "*" ? { http } : { host, http })),
                    tls: groupedByTls(args).flatMap((group) =>
                        group.tls ? [{ hosts: named(group.hosts), secretName: group.tls.credentialName }] : [],
                    ),
                },
            },
            this.childOptions,
        );
        this.registerOutputs({});
    }
}

/** Prefixes end at a slash here: `/static` opens `/static/x`, and not `/statics`. */
function rule(path: PathMatch, { host, port }: IngressArgs["service"]): input.networking.v1.HTTPIngressPath {
    const backend = { service: { name: host, port: { number: port } } };
    return "exact" in path
        ? { path: path.exact, pathType: "Exact", backend }
        : { path: path.prefix, pathType: "Prefix", backend };
}

/** A Secret without hosts is for all of them. */
function named(hosts: string[]): string[] | undefined {
    return hosts.includes("*") ? undefined : hosts;
}
