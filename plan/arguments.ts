import { parseArgs } from "node:util";
import { didYouMean } from "./didYouMean";
import { UserError } from "./errors";
import { requireScenario } from "./scenarios";

export interface Arguments {
    stack: string;
    scenario?: string;
    json?: string;
    manifests?: string;
    markdown?: string;
    html?: string;
    against?: string;
    help: boolean;
}

/** Options with a value, and their help texts. */
const options: Record<Exclude<keyof Arguments, "help">, [value: string, about: string]> = {
    stack: ["NAME", "the stack whose settings are used, or its file's path (default: dev)"],
    scenario: ["NAME", "use this traffic scenario: a step of the guide (docs/walkthrough.md)"],
    json: ["FILE", "write the plan as JSON"],
    manifests: ["DIR", "write every Kubernetes object and Helm release as YAML"],
    markdown: ["FILE", "write a comment for a pull request, with a diagram of the mesh"],
    html: ["FILE", "write a page with pictures: network, mesh, allowed callers, resources"],
    against: ["FILE", "show the difference from an earlier --json"],
};

const columns = 22;

export const help = `Plans a stack without engine, cloud or cluster: runs the program on Pulumi's mock runtime and
shows everything it registers. A simulation: what exists already is not looked at.

  npm start -- [options]

${Object.entries(options)
    .map(([name, [value, about]]) => `  ${`--${name} ${value}`.padEnd(columns)}${about}`)
    .join("\n")}
  ${"--help".padEnd(columns)}show this

Exit codes: 0 planned, 1 settings or arguments are wrong, 2 a defect in the program or the
plan, or a broken installation, 3 planned, but a mandatory policy refuses it.
`;

/** Parses the command line. Throws a UserError that says what to write instead. */
export function readArguments(args: string[], env: NodeJS.ProcessEnv = {}): Arguments {
    refuseWhatNpmTook(args, env);
    const strings = Object.fromEntries(Object.keys(options).map((name) => [name, { type: "string" as const }]));
    const { tokens } = parseArgs({
        args,
        options: { ...strings, help: { type: "boolean", short: "h" } },
        strict: false,
        tokens: true,
    });
    const read: Arguments = { stack: "dev", help: false };
    for (const token of tokens) {
        if (token.kind === "positional") {
            throw new UserError(`"${token.value}" is not an option.${seeHelp}`);
        }
        if (token.kind !== "option") {
            continue;
        }
        if (token.name === "help") {
            read.help = true;
        } else if (isOption(token.name)) {
            read[token.name] = valueOf(token.name, token.value, token.inlineValue);
        } else {
            const known = [...Object.keys(options), "help"];
            const closest = didYouMean(token.name, known).replace(/mean (\w+)/, "mean --$1");
            throw new UserError(`Unknown option ${token.rawName}.${closest}${seeHelp}`);
        }
    }
    if (read.scenario !== undefined) {
        requireScenario(read.scenario);
    }
    return read;
}

/** `npm start --stack prod`: without the two dashes npm consumes the option, and only `prod` arrives here. */
function refuseWhatNpmTook(args: string[], env: NodeJS.ProcessEnv): void {
    const taken = Object.keys(options).filter((name) => {
        const value = env[`npm_config_${name}`];
        // npm has its own option --json, which a user may have set permanently.
        return value !== undefined && value !== "" && (name !== "json" || args.length > 0);
    });
    if (taken.length > 0 && args.every((word) => !word.startsWith("-"))) {
        const values = [...args];
        const meant = taken.map((name) => {
            const value = env[`npm_config_${name}`];
            return `--${name} ${value === "true" ? (values.shift() ?? options[name as keyof typeof options][0]) : value}`;
        });
        throw new UserError(
            `npm kept ${taken.map((name) => `--${name}`).join(" and ")} as its own option. Put two dashes before the options: npm start -- ${meant.join(" ")}`,
        );
    }
}

const seeHelp = "\nAll options: npm start -- --help";

function isOption(name: string): name is keyof typeof options {
    return Object.hasOwn(options, name);
}

function valueOf(name: keyof typeof options, value: string | undefined, inline: boolean | undefined): string {
    if (!value || (!inline && value.startsWith("-"))) {
        throw new UserError(`--${name} needs a value: --${name} ${options[name][0]}.${seeHelp}`);
    }
    return value;
}
