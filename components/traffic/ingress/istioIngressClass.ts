import { IngressClass } from "@pulumi/kubernetes/networking/v1";
import type * as pulumi from "@pulumi/pulumi";

/** Tells Kubernetes which Ingresses are Istio's. Its charts bring none. */
export function istioIngressClass(name: string, opts?: pulumi.CustomResourceOptions): IngressClass {
    const spec = { controller: "istio.io/ingress-controller" };
    return new IngressClass(name, { metadata: { name: "istio" }, spec }, opts);
}
