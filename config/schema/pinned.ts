import type { z } from "zod";

/** A schema for every key of a component's argument, and no other: a setting that the component lacks does not compile. */
export type Pinned<Args> = { [Name in keyof Args]-?: z.ZodType<Args[Name]> };
