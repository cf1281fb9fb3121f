/**
 * What a reader wants to know about a resource besides its name, in a few words, by the last part of its type. Values that
 * are undefined or empty are left out.
 */
export type Facts = Record<string, (inputs: unknown) => unknown[]>;
