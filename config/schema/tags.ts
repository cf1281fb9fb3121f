import { z } from "zod";
import { definedTagName } from "./common";

const value = z.string().max(256);

export const tags = z
    .strictObject({
        freeform: z
            .record(
                z
                    .string()
                    .regex(/^[!-~]{1,100}$/, "up to 100 ASCII characters without spaces and dots")
                    .refine((key) => !key.includes("."), "up to 100 ASCII characters without spaces and dots"),
                value,
            )
            .default({})
            .describe("Free-form tags."),
        defined: z
            .record(definedTagName, value)
            .default({})
            .describe("Defined tags, as `Namespace.Key: value`; the tag namespace must exist."),
    })
    .prefault({})
    .describe("Tags on every OCI resource.");
