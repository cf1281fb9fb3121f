/** What a mapping has under a name of the user's choosing: not what every object inherits, such as `constructor`. */
export function entryOf<T>(mapping: Record<string, T>, name: string): T | undefined {
    return Object.hasOwn(mapping, name) ? mapping[name] : undefined;
}
