import { writeFileSync } from "node:fs";
import * as path from "node:path";
import { endMesh } from "./mesh";

type Result = "passed" | "failed" | "pending";

/** How each test ended that was run, by its title: after a retry, the last time. */
const ended = new Map<string, Result>();

function testsIn(suite: Mocha.Suite): Mocha.Test[] {
    return [...suite.tests, ...suite.suites.flatMap(testsIn)];
}

/** One line for each test: file, result. A test that never ran is behind a hook that failed. */
function writeResults(file: string, root: Mocha.Suite): void {
    const lines = testsIn(root).map((test) => {
        const result = test.isPending() ? "pending" : (ended.get(test.fullTitle()) ?? "failed");
        return `${path.relative(process.cwd(), test.file ?? "")}\t${result}\n`;
    });
    writeFileSync(file, lines.join(""));
}

export const mochaHooks = {
    afterEach(this: Mocha.Context) {
        const { currentTest: test } = this;
        if (test?.state) {
            ended.set(test.fullTitle(), test.state);
        }
    },
    /** After the last suite. */
    async afterAll(this: Mocha.Context) {
        const { CLUSTER_RESULTS: file, CLUSTER_IS_TEMPORARY: isTemporary } = process.env;
        if (file) {
            writeResults(file, this.test!.parent!);
        }
        if (!isTemporary) {
            await endMesh();
        }
    },
};
