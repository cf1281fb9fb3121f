import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import { AuthorizationPolicy, PeerAuthentication, RequestAuthentication } from "../istio/api";
import { networkRules, type NetworkPoliciesArgs } from "./networkPolicies";
import { peerPolicies, type MtlsArgs } from "./peerAuthentication";
import { isDefaultDeny, type Policy } from "./policy";
import { requestAuthentication, tokenRequired, type TokensArgs } from "./requestAuthentication";

/** Arguments of `SecurityPolicies`. */
export interface SecurityPoliciesArgs {
    /** Who must speak mutual TLS. @default nobody: workloads take plain text as well */
    mtls?: MtlsArgs;
    /** Allowed callers, such as `zeroTrustPolicies(...)`. @default everybody */
    policies?: Policy[];
    /** End users with tokens. @default no tokens are checked */
    tokens?: TokensArgs[];
    /** Network access between pods. @default unrestricted */
    network?: NetworkPoliciesArgs;
}

/**
 * Allowed callers in the mesh, and encryption between services. Depend on the workloads: mutual TLS only, before a pod has its
 * sidecar, would cut it off.
 * Guide: "Securing Istio", except for TLS at the gateway.
 *
 * @example
 * ```ts
 * new SecurityPolicies(
 *     "security",
 *     {
 *         mtls: { mode: "STRICT" },
 *         policies: zeroTrustPolicies({ namespaces: ["shop"], services: [cart] }),
 *     },
 *     { provider, dependsOn: controlPlane },
 * );
 * ```
 */
export class SecurityPolicies extends Component {
    constructor(
        name: string,
        { mtls = {}, policies = [], tokens = [], network }: SecurityPoliciesArgs,
        opts?: pulumi.ComponentResourceOptions,
    ) {
        super("security:SecurityPolicies", name, opts);

        for (const { name: object, namespace, spec } of peerPolicies(mtls)) {
            const metadata = { name: object, namespace };
            new PeerAuthentication(`${name}-mtls-${namespace}.${object}`, { metadata, spec }, this.childOptions);
        }
        for (const each of tokens) {
            const metadata = { name: each.name, namespace: each.target.namespace };
            const authentication = new RequestAuthentication(
                `${name}-tokens-${each.name}`,
                { metadata, spec: requestAuthentication(each) },
                this.childOptions,
            );
            const required = tokenRequired(each);
            if (required) {
                this.add(name, required, this.after(authentication));
            }
        }
        const granting = policies.filter((policy) => !isDefaultDeny(policy));
        const granted = granting.map((policy) => this.add(name, policy, this.childOptions));
        // What is allowed stands before everything else is denied, and goes after: no request is refused on the way.
        policies.filter(isDefaultDeny).forEach((policy) => this.add(name, policy, this.after(...granted)));
        for (const { name: object, namespace, spec } of network ? networkRules(network) : []) {
            const metadata = { name: object, namespace };
            new NetworkPolicy(`${name}-network-${namespace}`, { metadata, spec }, this.childOptions);
        }
        this.registerOutputs({});
    }

    private add(prefix: string, policy: Policy, opts: pulumi.CustomResourceOptions): AuthorizationPolicy {
        const { name, namespace, spec, dryRun } = policy;
        const annotations = dryRun ? { annotations: { "istio.io/dry-run": "true" } } : {};
        const metadata = { name, namespace, ...annotations };
        return new AuthorizationPolicy(`${prefix}-${namespace}.${name}`, { metadata, spec }, opts);
    }
}
