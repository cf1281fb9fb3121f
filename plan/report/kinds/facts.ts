/**
 * What a reader wants to know about a resource besides its name, in a few words, by the last part of its type. What is
 * undefined or empty is left out.
 */
export type Facts = Record<string, (inputs: unknown) => unknown[]>;
