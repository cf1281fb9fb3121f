import { at, type Plan, type Resource, type Value } from "../../plan/model";
import { label } from "../../policies/judge";

/** Sets an input, or with undefined removes it. */
export function put(value: Value | undefined, ...path: (string | number)[]): (resource: Resource) => void {
    return ({ inputs }) => {
        const last = path[path.length - 1]!;
        const holder = at(inputs, ...path.slice(0, -1)) as Record<string | number, Value>;
        if (value === undefined) {
            delete holder[last];
        } else {
            holder[last] = value;
        }
    };
}

/** A copy of a plan with one resource changed or left out. */
export function changed(plan: Plan, name: string, spoil: ((resource: Resource) => void) | "removed"): Plan {
    const found = plan.resources.filter((resource) => label(resource) === name);
    if (found.length !== 1) {
        throw new Error(`${found.length} resources named ${name}`);
    }
    const resources = plan.resources.flatMap((resource): Resource[] => {
        if (resource !== found[0]) {
            return [resource];
        }
        if (spoil === "removed") {
            return [];
        }
        const copy = structuredClone(resource);
        spoil(copy);
        return [copy];
    });
    return { ...plan, resources };
}
