import type { z } from "zod";
import { oneOf } from "../allowed";

/** The mapping, with at least one setting in it: Istio takes an empty one for a mistake. */
export function nonEmpty<Schema extends z.ZodObject>(schema: Schema): Schema {
    return schema.refine(
        (mapping) => Object.values(mapping).some((value) => value !== undefined),
        `a mapping with ${oneOf(Object.keys(schema.shape))}`,
    );
}
