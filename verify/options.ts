import { parseArgs } from "node:util";
import { GROUPS, type Group } from "./check";

export const HELP = `Checks whether a stack's mesh does what its settings say. docs/verify.md

  npm run verify -- [--stack NAME] [--only GROUP] [--traffic] [--wait TIME]
                    [--json FILE] [--junit FILE] [--kubeconfig FILE] [--context NAME]
                    [--client-cert FILE --client-key FILE]

  --stack NAME        the stack whose settings are used (default: dev)
  --only GROUP        one group, may be repeated: ${GROUPS.join(", ")}
  --traffic           also measure traffic settings, which sends hundreds of requests
  --wait TIME         repeat what did not pass until it does, for this long, such as 600, 600s or 10m (default: 0)
  --json FILE         write the results as JSON
  --junit FILE        write the results as a JUnit report
  --kubeconfig FILE   the cluster's kubeconfig (default: KUBECONFIG, else the stack's output, else ~/.kube/config)
  --context NAME      the context in it (default: its current one)
  --client-cert FILE  a certificate for hosts with mutual TLS, and with --client-key FILE its key; both PEM

Reads only: nothing is created or changed in the cluster.
Exit codes: 0 all passed, 1 something failed, 2 something could not be checked, 130 interrupted.
`;

export interface Options {
    help: boolean;
    stack: string;
    groups: Group[];
    /** Groups that were asked for by name. */
    named: Group[];
    /** How long what did not pass is repeated. */
    waitSeconds: number;
    json?: string;
    junit?: string;
    kubeconfig?: string;
    context?: string;
    /** Files with what to show to a gateway that asks for a certificate. */
    client?: { certificate: string; key: string };
}

/** What a command line says; throws with what is wrong in it. */
export function parseOptions(args: string[]): Options {
    const string = { type: "string" } as const;
    const { values } = parseArgs({
        args,
        options: {
            stack: string,
            wait: string,
            json: string,
            junit: string,
            kubeconfig: string,
            context: string,
            "client-cert": string,
            "client-key": string,
            only: { type: "string", multiple: true },
            traffic: { type: "boolean" },
            help: { type: "boolean", short: "h" },
        },
    });
    const { help = false, stack = "dev", wait = "0", only, traffic = false, ...files } = values;
    const { "client-cert": certificate, "client-key": key, ...others } = files;
    return {
        ...others,
        ...clientOf(certificate, key),
        help,
        stack,
        groups: groupsOf(only, traffic),
        named: namedIn(only),
        waitSeconds: secondsIn(wait),
    };
}

function clientOf(certificate: string | undefined, key: string | undefined): Pick<Options, "client"> {
    if ((certificate === undefined) !== (key === undefined)) {
        throw new Error("--client-cert and --client-key belong together: one of them is missing.");
    }
    return certificate === undefined || key === undefined ? {} : { client: { certificate, key } };
}

function namedIn(only: string[] = []): Group[] {
    const unknown = only.find((group) => !GROUPS.some((each) => each === group));
    if (unknown !== undefined) {
        throw new Error(`There is no group "${unknown}". Groups: ${GROUPS.join(", ")}.`);
    }
    return GROUPS.filter((group) => only.includes(group));
}

/** Without a choice, everything that sends no load. */
function groupsOf(only: string[] | undefined, traffic: boolean): Group[] {
    const isChosen = (group: Group) => only?.includes(group) ?? group !== "traffic";
    return GROUPS.filter((group) => isChosen(group) || (traffic && group === "traffic"));
}

function secondsIn(text: string): number {
    const [, amount, unit] = /^(\d+)([sm])?$/.exec(text) ?? [];
    if (amount === undefined) {
        throw new Error(`--wait is "${text}", must be seconds or minutes, such as 600, 600s or 10m.`);
    }
    return Number(amount) * (unit === "m" ? 60 : 1);
}
