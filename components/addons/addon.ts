import type { Release } from "@pulumi/kubernetes/helm/v3";
import type * as pulumi from "@pulumi/pulumi";
import { helmRelease } from "../helmRelease";
import type { Resources } from "../resources";
import { ADDON_CHARTS, type AddonName } from "./versions";

/** Arguments of every add-on. */
export interface AddonArgs {
    /** Requests and limits of its main container. @default small ones, enough for Bookinfo */
    resources?: Resources;
    /** Chart values that no argument covers. */
    extraValues: Record<string, unknown>;
}

/** The release of an add-on. It is named like the add-on: the Services other add-ons look for are called so. */
export function addonRelease<Values extends object>(
    name: string,
    addon: AddonName,
    args: { namespace: pulumi.Input<string>; values: Values; extraValues: Record<string, unknown> },
    opts: pulumi.CustomResourceOptions,
): Release {
    const { chart, repository, version } = ADDON_CHARTS[addon];
    return helmRelease<Values>(name, { chart, repository, version, releaseName: addon, ...args }, opts);
}
