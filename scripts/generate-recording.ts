/** Writes docs/pictures/npm-start.svg from what `npm start` prints of the dev stack: `npm run generate:recording`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Plan } from "../plan/model";
import { policySettings } from "../plan/policies";
import { record } from "../plan/record/record";
import { renderTree } from "../plan/report/tree";
import { judge } from "../policies/judge";
import { recording } from "./recording";

const root = join(__dirname, "..");

export const RECORDING = "docs/pictures/npm-start.svg";

/** The README's recording of a plan of the dev stack. */
export function recordingOf(plan: Plan): string {
    const verdict = judge(plan.resources, policySettings(root, plan.stack));
    return recording("npm start", renderTree(plan, { colour: true, width: 104, verdict }));
}

if (require.main === module) {
    void record({ stack: "dev" }).then((plan) => writeFileSync(join(root, RECORDING), recordingOf(plan)));
}
