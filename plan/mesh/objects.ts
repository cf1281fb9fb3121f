import { at, type Plan } from "../model";
import { isKubernetes, isManaged } from "../query";
import { kubernetesObject } from "../kubernetesObject";
import { items, text } from "../words";

export type KubernetesObject = Record<string, unknown>;

/** Finds the plan's Kubernetes objects of a kind, and of a group where kinds of one name have several. */
export function kubernetesObjects(plan: Plan): (kind: string, group?: string) => KubernetesObject[] {
    const all = plan.resources
        .filter((resource) => isKubernetes(resource) && isManaged(resource))
        .map(kubernetesObject);
    return (kind, group = "") =>
        all.filter((object) => object.kind === kind && word(object.apiVersion).startsWith(group));
}

/** A value that should be a text, as one. */
export function word(value: unknown, otherwise = ""): string {
    return value === undefined ? otherwise : text(value);
}

export function nameOf(object: KubernetesObject): string {
    return word(at(object, "metadata", "name"));
}

export function namespaceOf(object: KubernetesObject): string {
    return word(at(object, "metadata", "namespace"), "default");
}

/** Namespace and name, which no two objects of a kind share. */
export function idOf(object: KubernetesObject): string {
    return `${namespaceOf(object)}/${nameOf(object)}`;
}

/** The texts at a place; undefined where there is no list. */
export function texts(object: unknown, ...path: (string | number)[]): string[] | undefined {
    const found = at(object, ...path);
    return Array.isArray(found) ? items(found).map((item) => word(item)) : undefined;
}
