import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { word } from "../components/shell";

/** What OCI has of a stack, asked through Oracle's command line `oci`: signing requests is its business. */
export interface Oci {
    /** Whether `oci` is there and set up. */
    isThere(): Promise<boolean>;
    /** The `data` of a command's answer; undefined where OCI has no such thing. */
    ask<T>(args: string[]): Promise<T | undefined>;
}

/** Longest time for one command, which takes seconds to start. */
const COMMAND_SECONDS = 60;

/** How the stack signs in, as far as the command line can do the same. */
export interface SignIn {
    region: string;
    configFileProfile?: string;
}

interface Failed extends Error {
    code?: number | string;
    killed?: boolean;
    stderr?: string;
}

export function ociCli(signIn?: SignIn): Oci {
    const { region, configFileProfile } = signIn ?? {};
    const common = [
        ...(region === undefined ? [] : ["--region", region]),
        ...(configFileProfile === undefined ? [] : ["--profile", configFileProfile]),
        ...["--output", "json"],
    ];
    const run = async (args: string[]) =>
        (await promisify(execFile)("oci", [...args, ...common], { timeout: COMMAND_SECONDS * 1000 })).stdout;
    let there: Promise<boolean> | undefined;
    return {
        // The cheapest answer for which it reads its configuration.
        isThere: () =>
            (there ??= run(["os", "ns", "get"]).then(
                () => true,
                (error: Failed) => error.code !== "ENOENT" && !/config file|profile/i.test(error.stderr ?? ""),
            )),
        ask: async <T>(args: string[]) => {
            try {
                const text = await run(args);
                // It prints nothing for an empty list.
                return text.trim() === "" ? undefined : (JSON.parse(text) as { data: T }).data;
            } catch (error) {
                return asAnswer(args, error as Failed);
            }
        },
    };
}

function asAnswer(args: string[], { stderr = "", killed, message }: Failed): undefined {
    if (/"status": 404/.test(stderr)) {
        return undefined;
    }
    const said = /"message": "([^"]*)"/.exec(stderr)?.[1] ?? stderr.trim().split("\n").at(-1) ?? message;
    throw new Error(`oci ${args.slice(0, 3).join(" ")}: ${killed ? `no answer within ${COMMAND_SECONDS} s` : said}`);
}

/** The command line that asks for the same, for a shell. */
export function ociCommand(args: string[]): string {
    return ["oci", ...args].map(word).join(" ");
}
