import { removeCommand, setCommand, step } from "./problems";

/** More lines than this are for an editor, not for a shell. */
const MOST = 6;

/** Moves a setting with all that it says to another name. */
export function renameCommands(from: string, to: string, value: unknown): string[] {
    const leaves = leavesOf(value, to);
    const set =
        leaves && leaves.length <= MOST
            ? leaves.map(([key, leaf]) => setCommand(key, leaf))
            : [setCommand(`${to}.<setting>`, "<value>")];
    return [...set, removeCommand(from)];
}

type Leaf = [key: string, value: string | number | boolean];

/** Everything inside with its path; undefined where a command could not say it, such as an empty list. */
function leavesOf(value: unknown, key: string): Leaf[] | undefined {
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
        return [[key, value]];
    }
    if (typeof value !== "object" || value === null || Object.keys(value).length === 0) {
        return undefined;
    }
    const inside = Array.isArray(value)
        ? value.map((each, index) => leavesOf(each, `${key}[${index}]`))
        : Object.entries(value).map(([name, each]) => leavesOf(each, `${key}${step(name)}`));
    return inside.every((leaves) => leaves !== undefined) ? inside.flat() : undefined;
}
