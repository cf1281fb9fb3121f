import { strict as assert } from "node:assert";
import type { Problem } from "../../config/problems";
import { harmOf } from "./harm";
import { problemsIn } from "./settings";

/**
 * Runs the commands that problems suggest, as the CLI would, and asserts that what they were about is gone and that nothing
 * else is worse. Commands with a placeholder (`<a larger range>`) are for the user to complete: run as they are, they are
 * refused.
 */
export function assertFixable(settings: Record<string, unknown>): void {
    const problems = problemsIn(settings);
    assert.ok(problems.length > 0, "there is nothing to fix");
    const complete = problems.filter(({ fix }) => !fix.some((command) => command.includes("<")));
    const fixed = structuredClone(settings);
    complete.flatMap(({ fix }) => fix).forEach((command) => runCommand(fixed, command));
    const left = problemsIn(fixed).map(({ key, message }) => `${key} ${message}`);
    const same = complete.map(({ key, message }) => `${key} ${message}`).filter((problem) => left.includes(problem));
    assert.deepEqual(same, [], "the suggested command does not fix it");
    assert.deepEqual(harmOf(settings, fixed, problems), [], "the suggested commands do harm");
    problems.forEach((problem) => assertPlaceholdersRefused(settings, problem));
}

function assertPlaceholdersRefused(settings: Record<string, unknown>, { fix }: Problem): void {
    const open = fix.filter((command) => / set .*</.test(command));
    if (open.length === 0) {
        return;
    }
    const copied = structuredClone(settings);
    fix.forEach((command) => runCommand(copied, command));
    const said = problemsIn(copied).map(({ key, message }) => `${key} ${message}`);
    const mentioned = (text: string) => said.some((line) => line.includes(text.slice(0, 40)));
    const accepted = open.filter((command) => !(command.match(/<[^<>]*>/g) ?? []).some(mentioned));
    assert.deepEqual(accepted, [], `a placeholder is taken as it is:\n${fix.join("\n")}\n${said.join("\n")}`);
}

/** `pulumi config set` and `rm`, with the CLI's own conversion: `--path` takes integers and booleans for what they are. */
export function runCommand(settings: Record<string, unknown>, command: string): void {
    const words = [...command.matchAll(/'((?:[^']|'\\'')*)'|\S+/g)].map(([word, quoted]) => quoted ?? word);
    const [, , verb, ...rest] = words;
    const type = rest.includes("--type") ? rest[rest.indexOf("--type") + 1] : undefined;
    const usesPath = rest.includes("--path");
    const [key = "", value = ""] = rest.filter((word, index) => !word.startsWith("--") && rest[index - 1] !== "--type");
    if (rest.includes("--secret")) {
        delete settings[key]; // What is encrypted then is nothing that a test without the CLI can have.
        return;
    }
    if (!usesPath) {
        const name = key.includes(":") ? key : `oke-mesh:${key}`;
        if (verb === "rm") {
            delete settings[name];
        } else {
            settings[name] = value;
        }
        return;
    }
    const parts = [...key.matchAll(/\["([^"]*)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(
        ([, quoted, index, plain]) => quoted ?? (index === undefined ? plain : Number(index)) ?? "",
    );
    const last = parts.pop() ?? "";
    let place = settings as Record<string | number, unknown>;
    for (const [depth, part] of parts.entries()) {
        const next = parts[depth + 1] ?? last;
        if (typeof place[part] !== "object" || place[part] === null) {
            if (verb === "rm") {
                return;
            }
            place[part] = typeof next === "number" ? [] : {};
        }
        place = place[part] as Record<string | number, unknown>;
    }
    if (verb === "rm") {
        if (Array.isArray(place)) {
            place.splice(Number(last), 1);
        } else {
            delete place[last];
        }
        return;
    }
    place[last] = converted(value, type);
}

function converted(value: string, type: string | undefined): unknown {
    if (type === "string") {
        return value;
    }
    if (type === "float" || /^-?\d+$/.test(value)) {
        return Number(value);
    }
    return value === "true" || value === "false" ? value === "true" : value;
}
