import type { KindSchema, Schema } from "./schemas";

/** A shape that becomes a named TypeScript type. */
export interface Shape {
    name: string;
    schema: Schema;
}

/** Calls `visit` for the schema and all below it; see names.ts for what a path looks like. */
function walk(path: string, schema: Schema, visit: (path: string, schema: Schema) => void): void {
    visit(path, schema);
    for (const [field, child] of Object.entries(schema.properties ?? {})) {
        walk(`${path}.${field}`, child, visit);
    }
    if (schema.items) {
        walk(`${path}[]`, schema.items, visit);
    }
    if (typeof schema.additionalProperties === "object") {
        walk(`${path}{}`, schema.additionalProperties, visit);
    }
}

/** A key that is equal for places with the same shape. */
export function shapeKey(schema: Schema): string {
    return JSON.stringify({ ...schema, description: undefined });
}

/** The spec of every kind, and the shapes named in `names`, in the order of their first occurrence. */
export function findShapes(kinds: KindSchema[], names: Record<string, string>): Shape[] {
    const allNames = { ...Object.fromEntries(kinds.map(({ kind }) => [kind, `${kind}Spec`])), ...names };
    const unseen = new Set(Object.keys(allNames));
    const shapes = new Map<string, Shape>();
    for (const { kind, spec } of kinds) {
        walk(kind, spec, (path, schema) => {
            const name = allNames[path];
            if (!name) {
                return;
            }
            unseen.delete(path);
            const other = shapes.get(shapeKey(schema));
            if (other && other.name !== name) {
                throw new Error(`${path} cannot be named ${name}: the same shape is called ${other.name}`);
            }
            // Below the top, a description is about the field that holds the shape.
            const description = path === kind ? schema.description : undefined;
            shapes.set(shapeKey(schema), { name, schema: { ...schema, description } });
        });
    }
    if (unseen.size > 0) {
        throw new Error(`names.ts names fields that Istio does not have: ${[...unseen].join(", ")}`);
    }
    return [...shapes.values()];
}
