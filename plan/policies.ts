import { LEVELS, type Level, type PolicySettings } from "../policies/rule";
import { at } from "./model";
import { readStack } from "./stackFile";
import { items } from "./words";

/** What a stack file says about policies. The program has checked it; the strictest level where it says nothing. */
export function policySettings(folder: string, stack: string): PolicySettings {
    const { project, config } = readStack(folder, stack);
    const given: unknown = JSON.parse(config[`${project}:policies`] || "{}");
    const level = at(given, "level");
    return { level: isLevel(level) ? level : "prod", exceptions: items(at(given, "exceptions")) };
}

function isLevel(value: unknown): value is Level {
    return LEVELS.some((level) => level === value);
}
