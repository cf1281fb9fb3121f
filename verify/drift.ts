import { isDeepStrictEqual } from "node:util";
import { knownAfterApply } from "../plan/kubernetesObject";
import { isMap } from "../plan/model";
import { compare } from "../plan/order";
import type { LiveObject } from "./cluster";

/** The schema of a kind's spec, as far as an API server sets defaults from it. */
export interface Schema {
    default?: unknown;
    properties?: Record<string, Schema>;
    additionalProperties?: Schema | boolean;
    items?: Schema;
}

/** One way in which the cluster differs from the plan. */
export type Drift =
    /** Planned, but not in the cluster. */
    | { object: string; finding: "missing" }
    /** In the cluster, but not planned. */
    | { object: string; finding: "foreign" }
    /** In both, with different values; undefined if there is none. */
    | { object: string; finding: "changed"; path: string; planned: unknown; live: unknown };

/**
 * Compares objects exactly, additions included: `pulumi refresh` compares only fields that the program sets,
 * and so does not see a rule appended to an AuthorizationPolicy, or a selector on a mesh-wide PeerAuthentication.
 *
 * @param schemas Of the kinds that have defaults, by `group/Kind`.
 */
export function findDrift(planned: LiveObject[], live: LiveObject[], schemas: Record<string, Schema> = {}): Drift[] {
    const wanted = new Map(planned.map((object) => [idOf(object), object]));
    const found = new Map(live.map((object) => [idOf(object), object]));
    const ids = [...new Set([...wanted.keys(), ...found.keys()])].sort(compare);
    return ids.flatMap((object): Drift[] => {
        const [plan, cluster] = [wanted.get(object), found.get(object)];
        if (plan === undefined || cluster === undefined) {
            return [{ object, finding: plan === undefined ? "foreign" : "missing" }];
        }
        const defaulted = { ...plan, spec: withDefaults(plan.spec ?? {}, schemas[groupKind(plan)] ?? {}) };
        return changes("", compared(defaulted), compared(cluster)).map((change) => ({
            object,
            finding: "changed",
            ...change,
        }));
    });
}

/** `security.istio.io/AuthorizationPolicy`, whatever the version. */
export function groupKind({ apiVersion, kind }: Pick<LiveObject, "apiVersion" | "kind">): string {
    return `${apiVersion.split("/")[0]}/${kind}`;
}

/** `AuthorizationPolicy bookinfo/allow-nothing (security.istio.io)`: kinds of one name exist in several groups. */
function idOf({ apiVersion, kind, metadata }: LiveObject): string {
    return `${kind} ${metadata.namespace ?? ""}/${metadata.name} (${apiVersion.split("/")[0]})`;
}

/** Annotations that users write, without those that tools add when they apply objects. */
function compared({ metadata, spec }: LiveObject) {
    const { labels = {}, annotations = {} } = metadata;
    const isOfTool = (key: string) =>
        /^(kubectl\.kubernetes\.io|pulumi\.com|meta\.helm\.sh|argocd\.argoproj\.io)\//.test(key) ||
        key === "app.kubernetes.io/managed-by";
    const written = (entries: Record<string, string>) =>
        Object.fromEntries(Object.entries(entries).filter(([key]) => !isOfTool(key)));
    return { labels: written(labels), annotations: written(annotations), spec: spec ?? {} };
}

/** A value as an API server would store it. https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#defaulting */
function withDefaults(value: unknown, schema: Schema): unknown {
    if (Array.isArray(value)) {
        return value.map((item) => withDefaults(item, schema.items ?? {}));
    }
    if (!isMap(value)) {
        return value;
    }
    const { properties = {}, additionalProperties: others = {} } = schema;
    const missing = Object.entries(properties).flatMap(([key, { default: fallback }]) =>
        fallback === undefined || key in value ? [] : [[key, fallback] as const],
    );
    return Object.fromEntries(
        [...Object.entries(value), ...missing].map(([key, inner]) => [
            key,
            withDefaults(inner, properties[key] ?? (typeof others === "object" ? others : {})),
        ]),
    );
}

interface Change {
    path: string;
    planned: unknown;
    live: unknown;
}

/** Every path at which two values differ. An unknown planned value matches anything. */
function changes(path: string, planned: unknown, live: unknown): Change[] {
    if (planned === knownAfterApply || isDeepStrictEqual(planned, live)) {
        return [];
    }
    if (Array.isArray(planned) && Array.isArray(live)) {
        const length = Math.max(planned.length, live.length);
        return Array.from({ length }).flatMap((_, index) =>
            changes(`${path}[${index}]`, planned[index] as unknown, live[index] as unknown),
        );
    }
    if (isMap(planned) && isMap(live)) {
        const keys = [...new Set([...Object.keys(planned), ...Object.keys(live)])].sort(compare);
        return keys.flatMap((key) => changes(path ? `${path}.${key}` : key, planned[key], live[key]));
    }
    return [{ path, planned, live }];
}
