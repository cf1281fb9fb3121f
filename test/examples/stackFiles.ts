import { existsSync, readdirSync } from "node:fs";
import * as path from "node:path";
import type { Plan } from "../../plan/model";
import { recorded } from "../support/recorded";

const root = path.join(__dirname, "../..");

/** Path of an example's stack file, from the repository. */
export const stackFileOf = (example: string) => `examples/${example}/Pulumi.${example}.yaml`;

/** Examples that are a stack file, by their folders. */
export const EXAMPLES = readdirSync(path.join(root, "examples")).filter((folder) =>
    existsSync(path.join(root, stackFileOf(folder))),
);

/** What an example's stack file comes to, recorded once. */
export function planOfExample(example: string): Promise<Plan> {
    return recorded({ stack: path.join(root, stackFileOf(example)) });
}
