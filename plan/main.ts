import { brokenPackage } from "./brokenPackage";
import type * as commandLine from "./commandLine";
import { defect, exitCodeOf, isWrongInput, planned, refused } from "./exitCodes";

// This file and what it imports need no package, so that it can report which one cannot be loaded.

async function main(): Promise<number> {
    // `import()` cannot load TypeScript here.
    const { run } = require("./commandLine") as typeof commandLine;
    return (await run(process.argv.slice(2))) === "refused" ? refused : planned;
}

// Node exits with 0 when its event loop is empty, even if the program waits for a promise that never settles.
process.exitCode = defect;
const reportHang = () => console.error("The program did not end: it waits for a promise that never settles.");
process.once("exit", reportHang);

function fail(error: unknown): void {
    process.off("exit", reportHang);
    process.exitCode = exitCodeOf(error);
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
