import { strict as assert } from "node:assert";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { page, PAGES } from "./support/markdown";

const root = join(__dirname, "..");
const read = (file: string) => readFileSync(join(root, file), "utf8");

const filesIn = (folder: string, extension: string): string[] =>
    readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
        .filter((entry) => entry.isFile() && entry.name.endsWith(extension))
        .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));

const FOLDERS = ["components", "config", "examples", "mesh", "plan", "policies", "scripts", "stack", "verify"];
const SOURCES = [
    ...FOLDERS.flatMap((folder) => [...filesIn(folder, ".ts"), ...filesIn(folder, ".yaml")]),
    ...readdirSync(root).filter((name) => /\.(ts|yaml)$/.test(name)),
];

/** Whether `path#anchor`, relative to a folder of the repository, exists. */
function exists(folder: string, target: string): boolean {
    const [path = "", anchor] = target.split("#");
    const file = join(folder, path);
    return existsSync(join(root, file)) && (anchor === undefined || page(file).anchors.includes(anchor));
}

describe("documentation", () => {
    for (const file of PAGES) {
        it(`links only to files, images and anchors that exist: ${file}`, () => {
            const broken = page(file)
                .targets.filter((target) => !/^[a-z]+:/.test(target))
                .filter(
                    (target) => !(target.startsWith("#") ? exists(".", file + target) : exists(dirname(file), target)),
                );
            assert.deepEqual(broken, []);
        });

        it(`has lines of at most 120 characters outside of code, tables and addresses: ${file}`, () => {
            assert.deepEqual(
                page(file).prose.filter((line) => line.length > 120),
                [],
            );
        });
    }

    it("has every page and the examples in the index", () => {
        const listed = page("docs/README.md").targets.map((target) => join("docs", target.split("#")[0]!));
        const missing = PAGES.filter((file) => file.startsWith("docs/") && file !== "docs/README.md").filter(
            (file) => !listed.includes(file),
        );
        assert.deepEqual(missing, []);
        assert.ok(listed.includes("examples/README.md"));
    });

    it("says why each dependency is there, and of none that is not", () => {
        const { dependencies, devDependencies } = JSON.parse(read("package.json")) as Record<string, object>;
        // Types belong to the package they are about.
        const used = Object.keys({ ...dependencies, ...devDependencies }).filter((name) => !name.startsWith("@types/"));
        const explained = page("docs/dependencies.md").rows.flatMap((row) =>
            [...row.matchAll(/`([^`]+)`/g)].map(([, name]) => name!),
        );
        assert.deepEqual(explained.sort(), used.sort());
    });

    it("has the pages and anchors that comments and messages name", () => {
        const named = SOURCES.flatMap((file) =>
            [...read(file).matchAll(/(?<![\w/.-])(docs\/[\w-]+\.md(?:#[\w-]+)?)/g)].map(([, target]) => target!),
        );
        assert.ok(named.length > 5);
        assert.deepEqual(
            [...new Set(named)].filter((target) => !exists(".", target)),
            [],
        );
    });

    it("names folders and files of the repository that exist, and ends folders with a slash", () => {
        const folders = "components|config|docs|examples|mesh|plan|policies|schemas|scripts|stack|test|verify";
        const named = PAGES.filter((file) => file !== "CHANGELOG.md")
            .flatMap((file) => page(file).codes)
            .filter((code) => new RegExp(`^(${folders})/[\\w/.-]*$`).test(code));
        assert.ok(named.length > 20);
        const wrong = [...new Set(named)].filter((path) => {
            const found = statSync(join(root, path), { throwIfNoEntry: false });
            return !found || found.isDirectory() !== path.endsWith("/");
        });
        assert.deepEqual(wrong, []);
    });
});
