import { strict as assert } from "node:assert";
import { createRequire } from "node:module";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { brokenPackage } from "../../plan/brokenPackage";

describe("brokenPackage", () => {
    let folder: string;
    const write = (file: string, content: string) => {
        fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
        fs.writeFileSync(path.join(folder, file), content);
    };

    before(() => {
        folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "broken-")));
        write("node_modules/no-main/package.json", '{"main":"dist/index.js"}');
        write("node_modules/@scope/no-export/package.json", '{"exports":"./dist/index.js"}');
        write("node_modules/no-part/index.js", 'require("./part")');
        write("node_modules/outer/index.js", 'require("inner")');
        write("node_modules/outer/node_modules/inner/index.js", 'require("./part")');
        write("own.js", 'require("./part")');
    });
    after(() => fs.rmSync(folder, { recursive: true }));

    const cases: [what: string, request: string, name: string | undefined][] = [
        ["without its main file", "no-main", "no-main"],
        ["without the file it exports", "@scope/no-export", "@scope/no-export"],
        ["without a file it needs itself", "no-part", "no-part"],
        ["inside another one", "outer", "inner"],
        ["that is not there", "@scope/gone/part", "@scope/gone"],
        ["that is a file of ours", "./own.js", undefined],
        ["that is a missing file of ours", "./gone.js", undefined],
    ];
    for (const [what, request, name] of cases) {
        it(`names ${name ?? "none"} for one ${what}`, () => {
            let thrown: unknown;
            try {
                createRequire(path.join(folder, "start.js"))(request);
            } catch (error) {
                thrown = error;
            }
            assert.match(String(thrown), /Cannot find module/);
            assert.equal(brokenPackage(thrown), name);
        });
    }

    it("returns none for another error", () => {
        assert.equal(brokenPackage(new Error("Cannot find module 'yaml'")), undefined);
        assert.equal(brokenPackage("Cannot find module 'yaml'"), undefined);
    });
});
