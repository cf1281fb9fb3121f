import { dotted, setCommand, type Problem } from "./problems";

/** What suggested commands show where only the user knows the value, such as `<your address>/32`. */
const PLACEHOLDER = /^<[^<>]+>(\/\d+)?$/;

/** Whether a text stands for a value that is still to be given. */
export function isPlaceholder(text: string): boolean {
    return PLACEHOLDER.test(text);
}

/** A placeholder for a value, in words. */
export function placeholder(words: string): string {
    return `<${words.replace(/[<>]/g, "").replace(/'/g, "").slice(0, 70).trim()}>`;
}

/** Values and names that a command was meant to be completed with, wherever any text would be accepted. */
export function placeholdersIn(section: string, input: unknown): Problem[] {
    const found = (value: unknown, path: PropertyKey[]): Problem[] => {
        const key = dotted([section, ...path]);
        if (typeof value === "string") {
            const message = `is the placeholder ${value}: put your own value in its place`;
            return isPlaceholder(value) ? [{ key, message, fix: [setCommand(key, value)] }] : [];
        }
        if (Array.isArray(value)) {
            return value.flatMap((each, index) => found(each, [...path, index]));
        }
        return typeof value === "object" && value !== null
            ? Object.entries(value)
                  .filter(([name]) => name !== "extraValues")
                  .flatMap(([name, each]) => found(each, [...path, name]))
            : [];
    };
    return found(input, []);
}
