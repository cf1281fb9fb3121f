import type { input } from "@pulumi/kubernetes/types";
import * as ipaddr from "ipaddr.js";
import { GATEWAY_SELECTOR } from "../istio/gateways";
import { ISTIO_NAMESPACE } from "../istio/versions";

/** Who may reach pods of the mesh, below Istio. */
export interface NetworkPoliciesArgs {
    /** Namespaces of the mesh. */
    namespaces: string[];
    /** Networks outside the mesh that its pods may call, in CIDR notation. @default none */
    egressCidrs?: string[];
}

/** A NetworkPolicy to be made. */
export interface NetworkRule {
    /** Its name. */
    name: string;
    /** Its namespace. */
    namespace: string;
    /** As the NetworkPolicy has it. */
    spec: input.networking.v1.NetworkPolicySpec;
}

/** What istiod's pods carry as the label `istio`: upgraded in place, and by revision. */
const ISTIOD = ["pilot", "istiod"];

/** The metadata service, where a node returns its credentials to any process, pods included. */
const METADATA_SERVICE = "169.254.169.254";

/**
 * Below Istio: pods of the mesh are reached by the mesh only, and the gateway and istiod at their own ports, which their
 * charts see to. What Istio's policies rest on, that no packet passes a sidecar by, does not hold against a pod that has none.
 * https://istio.io/latest/docs/ops/best-practices/security/#defense-in-depth-with-networkpolicy
 */
export function networkRules({ namespaces, egressCidrs = [] }: NetworkPoliciesArgs): NetworkRule[] {
    const mesh = [peers([...namespaces, ISTIO_NAMESPACE])];
    const dns = ["UDP", "TCP"].map((protocol) => ({ protocol, port: 53 }));
    return [
        ...namespaces.map((namespace) => ({
            name: "mesh-only",
            namespace,
            spec: {
                podSelector: {},
                policyTypes: ["Ingress", "Egress"],
                ingress: [{ from: mesh }],
                egress: [
                    { to: mesh },
                    { to: [peers(["kube-system"])], ports: dns },
                    ...(egressCidrs.length > 0
                        ? [{ to: egressCidrs.map((cidr) => ({ ipBlock: outside(cidr) })) }]
                        : []),
                ],
            },
        })),
        {
            name: "mesh-only",
            namespace: ISTIO_NAMESPACE,
            spec: {
                // Add-ons and collectors: the charts of istiod and the gateway have policies for theirs.
                podSelector: {
                    matchExpressions: [
                        { key: "istio", operator: "NotIn", values: [...ISTIOD, GATEWAY_SELECTOR.istio] },
                    ],
                },
                policyTypes: ["Ingress"],
                ingress: [{ from: mesh }],
            },
        },
    ];
}

/** Pods of namespaces, by the label that Kubernetes gives each with its name. */
function peers(namespaces: string[]): input.networking.v1.NetworkPolicyPeer {
    const values = [...new Set(namespaces)];
    return {
        namespaceSelector: { matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "In", values }] },
    };
}

/** A network, without the metadata service if that is in it. */
function outside(cidr: string): input.networking.v1.IPBlock {
    const inside = ipaddr.IPv4.parse(METADATA_SERVICE).match(ipaddr.IPv4.parseCIDR(cidr));
    return { cidr, ...(inside && { except: [`${METADATA_SERVICE}/32`] }) };
}
