import type { Release } from "@pulumi/kubernetes/helm/v3";
import type * as pulumi from "@pulumi/pulumi";
import { helmRelease } from "../helmRelease";
import type { Resources } from "../resources";
import { ADDON_CHARTS, type AddonName } from "./versions";

/** Arguments of every add-on. */
export interface AddonArgs {
    /** Version of the chart. @default the one this program is built for */
    version?: string;
    /** Requests and limits of its main container. @default small ones, enough for Bookinfo */
    resources?: Resources;
    /** Values of its chart that no argument covers, merged over those of the arguments. @default none */
    extraValues?: Record<string, unknown>;
}

/** The release of an add-on. It is named like the add-on: the Services other add-ons look for are called so. */
export function addonRelease<Values extends object>(
    name: string,
    addon: AddonName,
    args: { namespace: pulumi.Input<string>; values: Values } & Pick<AddonArgs, "version" | "extraValues">,
    opts: pulumi.CustomResourceOptions,
): Release {
    const { chart, repository, version } = ADDON_CHARTS[addon];
    const from = { chart, repository, version: args.version ?? version };
    return helmRelease<Values>(name, { ...args, ...from, releaseName: addon }, opts);
}
