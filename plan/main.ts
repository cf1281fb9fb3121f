import { brokenPackage } from "./brokenPackage";
import type * as commandLine from "./commandLine";
import { UserError } from "./errors";

// This file and what it imports need no package, so that it can report which one cannot be loaded.

const planned = 0;
const wrongInput = 1;
const defect = 2;
const refused = 3;

async function main(): Promise<number> {
    // `import()` cannot load TypeScript here.
    const { run } = require("./commandLine") as typeof commandLine;
    return (await run(process.argv.slice(2))) === "refused" ? refused : planned;
}

function isWrongInput(error: unknown): error is Error {
    // Pulumi's RunError, recognised without loading the SDK: settings and usage errors are thrown as one.
    return error instanceof UserError || (error instanceof Error && "__pulumiRunError" in error);
}

// Node exits with 0 when its event loop is empty, even if the program waits for a promise that never settles.
process.exitCode = defect;
const reportHang = () => console.error("The program did not end: it waits for a promise that never settles.");
process.once("exit", reportHang);

function fail(error: unknown): void {
    process.off("exit", reportHang);
    process.exitCode = isWrongInput(error) ? wrongInput : defect;
    const broken = brokenPackage(error);
    if (isWrongInput(error)) {
        console.error(error.message);
    } else if (broken) {
        const [what] = (error as Error).message.split("\n");
        console.error(
            `The package ${broken} is not installed completely: ${what}\nTo install all packages again: npm ci`,
        );
    } else {
        console.error(error);
        console.error("\nThis is a defect in the program or the plan, not in your settings.");
    }
}

process.on("unhandledRejection", fail);
main().then((code) => {
    process.off("exit", reportHang);
    process.exitCode = code;
}, fail);
