import type { Release } from "@pulumi/kubernetes/helm/v3";
import type * as pulumi from "@pulumi/pulumi";
import { helmRelease, type HelmReleaseArgs } from "../helmRelease";

export { chartSource } from "../helmRelease";

/** One of Istio's charts, and where it comes from. Its version is the Istio version. */
export interface ChartArgs<Values extends object> extends HelmReleaseArgs<Values> {
    chart: "base" | "cni" | "istiod" | "gateway";
}

/** A Helm release of one of Istio's charts. */
export function istioRelease<Values extends object>(
    name: string,
    args: ChartArgs<Values>,
    opts: pulumi.CustomResourceOptions,
): Release {
    return helmRelease(name, args, opts);
}
