import { parseArgs } from "node:util";
import { record } from "../plan/record/record";
import { connect } from "./cluster";
import { liveObjects, plannedObjects } from "./live";
import { findDrift } from "./drift";
import { renderDrift } from "./driftReport";

const help = `Compares the Istio, Gateway API and NetworkPolicy objects in a cluster with those that a stack's settings plan:
what is missing, what was changed or added, and what nobody planned. Reads only. docs/operations.md

  npm run drift -- [--stack NAME] [--kubeconfig FILE] [--context NAME]

  --stack NAME        the stack whose settings are used (default: dev)
  --kubeconfig FILE   the cluster's kubeconfig (default: KUBECONFIG or ~/.kube/config)
  --context NAME      the context in it (default: its current one)

Exit codes: 0 no difference, 1 differences, 2 could not compare.
`;

const COULD_NOT_COMPARE = 2;

async function main(): Promise<number> {
    const string = { type: "string" } as const;
    const { values } = parseArgs({
        options: { stack: string, kubeconfig: string, context: string, help: { type: "boolean", short: "h" } },
    });
    if (values.help) {
        process.stdout.write(help);
        return 0;
    }
    const { stack = "dev" } = values;
    const plan = await record({ stack, folder: process.cwd() });
    const planned = plannedObjects(plan);
    const { objects, schemas } = await liveObjects(plan, connect({ file: values.kubeconfig, context: values.context }));
    const drift = findDrift(planned, objects, schemas);
    process.stdout.write(`${renderDrift(drift, planned.length, stack)}\n`);
    return drift.length > 0 ? 1 : 0;
}

main().then(
    (code) => (process.exitCode = code),
    (error: unknown) => {
        process.exitCode = COULD_NOT_COMPARE;
        console.error(error instanceof Error ? error.message : error);
    },
);
