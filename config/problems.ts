import * as pulumi from "@pulumi/pulumi";

/** One setting that needs attention. Never holds a secret's value. */
export interface Problem {
    /** Dotted path as `pulumi config set --path` takes it, such as `cluster.nodePools[0].shape`. */
    key: string;
    /** What was found and what is allowed, in one sentence. */
    message: string;
    /** Commands that mend it, without the stack's name. */
    mend: string[];
}

/** Thrown when a stack's settings are wrong. Pulumi prints its message alone, without a stack trace. */
export class SettingsError extends pulumi.RunError {
    constructor(
        stack: string,
        readonly problems: Problem[],
    ) {
        super(describeProblems(stack, problems));
    }
}

/** All problems at once, each with its way out. */
export function describeProblems(stack: string, problems: Problem[]): string {
    const count = problems.length === 1 ? "1 setting needs" : `${problems.length} settings need`;
    const width = Math.min(44, Math.max(...problems.map(({ key }) => key.length)));
    const blocks = problems.map(({ key, message, mend }) =>
        [`  ${key.padEnd(width)}  ${message}`, ...mend.map((command) => `      ${forStack(command, stack)}`)].join(
            "\n",
        ),
    );
    return [`Pulumi.${stack}.yaml: ${count} attention`, ...blocks].join("\n\n");
}

/** `pulumi config set --path 'key' value`, quoted for a shell. */
export function setCommand(key: string, value: unknown): string {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    const quoted = /^[\w.,:/@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
    const path = key.includes(":") ? key : `--path '${key}'`;
    return `pulumi config set ${path} ${quoted}`;
}

/** `pulumi config rm --path 'key'`. */
export function removeCommand(key: string): string {
    return `pulumi config rm --path '${key}'`;
}

/** A dotted path from its parts: `["cluster", "nodePools", 0]` is `cluster.nodePools[0]`. */
export function dotted(path: readonly PropertyKey[]): string {
    return path.reduce<string>((text, part) => {
        if (typeof part === "number") {
            return `${text}[${part}]`;
        }
        const name = String(part);
        if (!/^[\w-]+$/.test(name)) {
            return `${text}["${name}"]`;
        }
        return text ? `${text}.${name}` : name;
    }, "");
}

function forStack(command: string, stack: string): string {
    return command.startsWith("pulumi config ") ? `${command} --stack ${stack}` : command;
}
