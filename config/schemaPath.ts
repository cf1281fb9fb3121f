import { z } from "zod";

export type Schema = z.core.$ZodType;
type Path = readonly PropertyKey[];

/** The part of `input` at `path`; undefined where it ends early. */
export function valueAt(input: unknown, path: Path): unknown {
    return path.reduce<unknown>((value, part) => ownValue(value, part), input);
}

/** A property of its own: `constructor` and the like, which every object inherits, are names that users may give. */
function ownValue(owner: unknown, name: PropertyKey): unknown {
    const isOwn = typeof owner === "object" && owner !== null && Object.hasOwn(owner, name);
    return isOwn ? (owner as Record<PropertyKey, unknown>)[name] : undefined;
}

/** The schema that judges the value at `path`; unions on the way are narrowed by what `input` chose. */
export function schemaAt(schema: Schema, input: unknown, path: Path): Schema | undefined {
    return path.reduce<Schema | undefined>((outer, part, depth) => {
        const place = narrow(unwrap(outer), valueAt(input, path.slice(0, depth)));
        if (place instanceof z.ZodObject) {
            return ownValue(place.shape, String(part)) as Schema | undefined;
        }
        if (place instanceof z.ZodArray) {
            return place.element;
        }
        return place instanceof z.ZodRecord ? place.valueType : undefined;
    }, schema);
}

/** Names of the settings at `path`. */
export function keysAt(schema: Schema, input: unknown, path: Path): string[] {
    const place = narrow(unwrap(schemaAt(schema, input, path)), valueAt(input, path));
    return place instanceof z.ZodObject ? Object.keys(place.shape) : [];
}

/** The schema without its default and optional wrappers. */
export function unwrap(schema: Schema | undefined): Schema | undefined {
    const inside = schema && inner(schema);
    return inside ? unwrap(inside) : schema;
}

/** What a default or optional wrapper holds; undefined for any other schema. */
export function inner(schema: Schema): Schema | undefined {
    const wrapped =
        schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault;
    return wrapped ? schema.def.innerType : undefined;
}

/** The alternatives of a union that a key such as `source` tells apart. */
export function alternatives(union: z.ZodDiscriminatedUnion): { value: string; schema: z.ZodObject }[] {
    const schemas = union.options as unknown as z.ZodObject[];
    return schemas.map((schema) => {
        const literal = schema.shape[union.def.discriminator] as z.ZodLiteral<string>;
        return { value: literal.value, schema };
    });
}

function narrow(schema: Schema | undefined, input: unknown): Schema | undefined {
    if (!(schema instanceof z.ZodDiscriminatedUnion)) {
        return schema;
    }
    const chosen = (input as Record<string, unknown> | undefined)?.[schema.def.discriminator];
    return alternatives(schema).find(({ value }) => value === chosen)?.schema;
}
