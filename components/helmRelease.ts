import { Release, type ReleaseArgs } from "@pulumi/kubernetes/helm/v3";
import type * as pulumi from "@pulumi/pulumi";
import merge from "deepmerge";

/** A chart of a known version, and where it comes from. */
export interface HelmReleaseArgs<Values extends object> {
    /** Name of the chart in its repository. */
    chart: string;
    /** Chart version. */
    version: string;
    /** Helm repository (https://), OCI registry path (oci://), or a folder that holds `<chart>-<version>.tgz`. */
    repository: string;
    /** Name of the Helm release. Always explicit: charts derive names and selectors from it. */
    releaseName: string;
    /** Namespace of the release. */
    namespace: pulumi.Input<string>;
    /** Values of the chart, checked by type. */
    values: Values;
    /** Escape hatch: merged over `values`, unchecked. Lists replace lists, as with `helm --values`. @default none */
    extraValues?: Record<string, unknown>;
}

/** Seconds an installation or an upgrade may take until it is rolled back: images are pulled and a load balancer is made. */
const TIMEOUT_SECONDS = 600;

/**
 * A Helm release. `helm.v3.Release` rather than `helm.v4.Chart`: istiod edits its own webhooks, which a Chart's
 * server-side apply takes for a conflict on the second `pulumi up`
 * (https://github.com/pulumi/pulumi-kubernetes/issues/2210).
 */
export function helmRelease<Values extends object>(
    name: string,
    args: HelmReleaseArgs<Values>,
    opts: pulumi.CustomResourceOptions,
): Release {
    return new Release(
        name,
        {
            name: args.releaseName,
            namespace: args.namespace,
            ...chartSource(args),
            values: mergedValues(args.values, args.extraValues) as ReleaseArgs["values"],
            timeout: TIMEOUT_SECONDS,
            // Without it a failed first installation blocks its own name: pulumi/pulumi-kubernetes#1727.
            atomic: true,
            cleanupOnFail: true,
            maxHistory: 5,
        },
        // The release has a name of its own, so a replacement (`pulumi up --target-replace`) cannot stand beside it.
        { ...opts, deleteBeforeReplace: true, customTimeouts: { create: "15m", update: "15m", delete: "15m" } },
    );
}

/** Values with others laid over them. Lists replace lists, as with `helm --values`. */
export function mergedValues(values: object, extraValues: Record<string, unknown> = {}): object {
    return merge<object>(values, extraValues, {
        arrayMerge: (_, replacement: unknown[]) => replacement,
        // Outputs are values here, not structures to walk into.
        isMergeableObject: (value) => Array.isArray(value) || isPlainObject(value),
    });
}

type ChartSource = Pick<ReleaseArgs, "chart" | "version" | "repositoryOpts">;

/** How `helm.v3.Release` names a chart of a repository, a registry or a folder. */
export function chartSource(from: { chart: string; version: string; repository: string }): ChartSource {
    const repository = from.repository.replace(/\/$/, "");
    if (repository.startsWith("oci://")) {
        return { chart: `${repository}/${from.chart}`, version: from.version };
    }
    if (/^https?:\/\//.test(repository)) {
        return { chart: from.chart, version: from.version, repositoryOpts: { repo: repository } };
    }
    return { chart: `${repository}/${from.chart}-${from.version}.tgz`, version: from.version };
}

function isPlainObject(value: unknown): value is object {
    return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
