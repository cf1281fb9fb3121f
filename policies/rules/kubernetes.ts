import { at } from "../../plan/model";
import type { Checked } from "../rule";

/** Whether a resource is a Kubernetes object of an API group and kind, whatever its version. The core group is empty. */
export function isKind({ type }: Checked, group: string, kind: string): boolean {
    const [, of = "", named] = type.split(":");
    return type.startsWith("kubernetes:") && of.replace(/\/[^/]+$/, "") === (group || "core") && named === kind;
}

export function namespaceOf({ inputs }: Checked): unknown {
    return at(inputs, "metadata", "namespace") ?? "default";
}

export function nameOf({ inputs, name }: Checked): unknown {
    return at(inputs, "metadata", "name") ?? name;
}

/** Whether a resource is a Helm release, of a chart if one is given. */
export function isRelease({ type, inputs }: Checked, chart?: string): boolean {
    return type === "kubernetes:helm.sh/v3:Release" && (chart === undefined || inputs.chart === chart);
}
