import { writeFileSync } from "node:fs";
import { defect } from "../plan/exitCodes";
import { planComment } from "./ci/planComment";

// Writes what a pull request changes in the plan of a stack: .github/workflows/plan.yml
//   node --require ts-node/register/transpile-only scripts/plan-comment.ts STACK BEFORE.json COMMENT.md

// Node ends with 0 where a promise never settles.
process.exitCode = defect;

async function main([stack = "dev", before = "", file = "comment.md"]: string[]): Promise<void> {
    const { text, code } = await planComment({ stack, before });
    writeFileSync(file, text);
    process.exitCode = code;
}

void main(process.argv.slice(2));
