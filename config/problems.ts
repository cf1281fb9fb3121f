import * as pulumi from "@pulumi/pulumi";
import { quoted, word } from "../components/shell";

/** One setting that needs attention. Never holds a secret's value. */
export interface Problem {
    /** Dotted path as `pulumi config set --path` takes it, such as `cluster.nodePools[0].shape`. */
    key: string;
    /** What was found and what is allowed, in one sentence. */
    message: string;
    /** Commands that fix it, without the stack's name. */
    fix: string[];
}

/** Thrown when a stack's settings are wrong. Pulumi prints its message alone, without a stack trace. */
export class SettingsError extends pulumi.RunError {
    /** @param unchecked Sections whose own problems kept them from being checked against the others. */
    constructor(
        stack: string,
        readonly problems: Problem[],
        unchecked: string[] = [],
    ) {
        super(describeProblems(stack, problems, unchecked));
    }
}

/** All problems at once, each with its way out. */
function describeProblems(stack: string, problems: Problem[], unchecked: string[] = []): string {
    const count = problems.length === 1 ? "1 setting needs" : `${problems.length} settings need`;
    const width = Math.min(44, Math.max(...problems.map(({ key }) => key.length)));
    const blocks = problems.map(({ key, message, fix }) =>
        [`  ${key.padEnd(width)}  ${message}`, ...fix.map((command) => `      ${forStack(command, stack)}`)].join("\n"),
    );
    const rest =
        unchecked.length > 0
            ? [
                  `Once these are fixed, ${unchecked.join(" and ")} will also be checked against the other settings, and those against each other.`,
              ]
            : [];
    return [`Pulumi.${stack}.yaml: ${count} attention`, ...blocks, ...rest].join("\n\n");
}

/**
 * `pulumi config set --path 'key' value`. A text that the CLI would take for a number or a boolean carries its type, as does
 * a fraction, which it would take for a text.
 */
export function setCommand(key: string, value: string | number | boolean): string {
    const path = key.includes(":") ? key : `--path ${quoted(key)}`;
    return `pulumi config set ${path} ${word(String(value))}${typeFlag(value)}`;
}

/** `pulumi config rm --path 'key'`. */
export function removeCommand(key: string): string {
    return `pulumi config rm ${key.includes(":") ? key : `--path ${quoted(key)}`}`;
}

function typeFlag(value: string | number | boolean): string {
    if (typeof value === "string") {
        return /^(-?\d+|true|false)$/.test(value) ? " --type string" : "";
    }
    return typeof value === "number" && !Number.isInteger(value) ? " --type float" : "";
}

/** A dotted path from its parts: `["cluster", "nodePools", 0]` is `cluster.nodePools[0]`. */
export function dotted(path: readonly PropertyKey[]): string {
    return path.reduce<string>((text, part) => {
        if (typeof part === "number") {
            return `${text}[${part}]`;
        }
        const inside = step(String(part));
        return text ? text + inside : inside.replace(/^\./, "");
    }, "");
}

/** The way from a mapping to a setting in it: `.shape`, or `["example.com"]` where the name has more than letters. */
export function step(name: string): string {
    return /^[\w-]+$/.test(name) ? `.${name}` : `["${name.replaceAll('"', '\\"')}"]`;
}

function forStack(command: string, stack: string): string {
    return command.startsWith("pulumi config ") ? `${command} --stack ${stack}` : command;
}
