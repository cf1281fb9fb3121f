import { at, type Plan, type Resource } from "../model";
import { childrenOf, descendantsOf, isKubernetes, isManaged, isProvider, shortType } from "../query";
import { optionsOf, factsOf } from "./facts";
import { plural } from "../words";

/** Children of a component that are shown together: each component or provider by itself, other siblings by kind. */
export interface Group {
    /** Kind as shown, such as `Subnet` or `kubernetes provider`. */
    kind: string;
    resources: Resource[];
    /** Children, for a group of one. */
    groups: Group[];
}

/** The plan as a tree of groups, in plan order. */
export function groupsOf(plan: Plan, parent?: Resource): Group[] {
    const groups = new Map<string, Group>();
    for (const resource of childrenOf(plan, parent)) {
        const below = groupsOf(plan, resource);
        const alone = !resource.custom || below.length > 0 || aloneKinds.has(kindOf(resource));
        const key = alone ? resource.urn : resource.type;
        const group = groups.get(key) ?? { kind: kindOf(resource), resources: [], groups: below };
        group.resources.push(resource);
        groups.set(key, group);
    }
    return [...groups.values()];
}

/** A group as text: names and facts, once if all share them; kinds with many resources are counted. */
export function describe(group: Group, parent: Resource | undefined, most = 12): string {
    const [first] = group.resources;
    if (!first || group.groups.length > 0 || !first.custom) {
        return "";
    }
    const details = group.resources.map((resource) => [...factsOf(resource), ...optionsOf(resource)].join(" "));
    if (countedKinds.has(group.kind)) {
        return tally(details);
    }
    const names = distinctNames(group.resources, parent);
    const shared = new Set(details).size === 1;
    const shown = names.slice(0, most).map((name, index) => (shared ? name : `${name} ${details[index]}`.trim()));
    const rest = names.length > most ? [`… and ${names.length - most} more`] : [];
    const joined = [...shown, ...rest].join(shown.some((words) => words.includes(", ")) ? "; " : ", ");
    return shared && details[0] ? `${joined}${names.length > 1 ? ":" : ""} ${details[0]}` : joined;
}

/** Kinds with a line for each resource. */
const aloneKinds = new Set(["Release", "NodePool"]);

const countedKinds = new Set(["NetworkSecurityGroupSecurityRule"]);

/** How many of each, such as `14 ingress, 10 egress`. */
function tally(details: string[]): string {
    const counts = new Map<string, number>();
    for (const detail of details) {
        counts.set(detail, (counts.get(detail) ?? 0) + 1);
    }
    return [...counts].map(([detail, count]) => `${count} ${detail}`.trim()).join(", ");
}

/** Names in the cluster, with the namespace if several namespaces have the name. */
function distinctNames(resources: Resource[], parent: Resource | undefined): string[] {
    const names = resources.map((resource) => shownName(resource, parent));
    return names.map((name, index) => {
        const namespace = at(resources[index]?.inputs, "metadata", "namespace");
        const isShared = names.indexOf(name) !== names.lastIndexOf(name);
        return isShared && typeof namespace === "string" ? `${name}.${namespace}` : name;
    });
}

/**
 * Displayed name of a resource: its name in the cluster for a Kubernetes object or release, otherwise its logical name
 * without the component's name, which the tree shows already.
 */
function shownName(resource: Resource, parent: Resource | undefined): string {
    const { inputs } = resource;
    const inCluster = isKubernetes(resource) && (at(inputs, "metadata", "name") ?? inputs.name);
    if (typeof inCluster === "string") {
        return inCluster;
    }
    const prefix = `${parent?.name}-`;
    return parent && resource.name.startsWith(prefix) ? resource.name.slice(prefix.length) : resource.name;
}

/** Kind as shown. */
export function kindOf(resource: Resource): string {
    return isProvider(resource) ? `${shortType(resource.type)} provider` : shortType(resource.type);
}

/** What a component holds: its facts where it is made by a provider and nothing of it is known, or else how much. */
export function insideOf(plan: Plan, component: Resource): string {
    return factsOf(component).join(" ") || plural(size(plan, component), "resource");
}

/** How many resources a provider creates below a component; in the whole plan without one. */
export function size(plan: Plan, parent?: Resource): number {
    return (parent ? descendantsOf(plan, parent) : plan.resources).filter(isManaged).length;
}

/** Resources by package, such as `{ oci: 41, kubernetes: 52 }`. */
export function countByPackage(plan: Plan): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const resource of plan.resources.filter(isManaged)) {
        const name = resource.type.split(":")[0] ?? "";
        counts[name] = (counts[name] ?? 0) + 1;
    }
    return counts;
}
