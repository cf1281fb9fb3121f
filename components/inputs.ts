import type { Input } from "@pulumi/pulumi";

/**
 * `T` as a Pulumi argument: every value, at every depth, may also be an output or a promise.
 * Arrays, records and unions keep their form, fields keep their docstrings.
 */
export type Inputs<T> = [T] extends [never]
    ? // A field that excludes another one stays forbidden: an output of never would let something in.
      never
    : unknown extends T
      ? T
      : Input<{ [K in keyof T]: Inputs<T[K]> }>;
