import { strict as assert } from "node:assert";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

const root = join(__dirname, "..");
const read = (file: string) => readFileSync(join(root, file), "utf8");

const filesIn = (folder: string, extension: string): string[] =>
    readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
        .filter((entry) => entry.isFile() && entry.name.endsWith(extension))
        .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));

/** README, CONTRIBUTING and the like, and every page of docs. */
const PAGES = [...readdirSync(root).filter((name) => name.endsWith(".md")), ...filesIn("docs", ".md")];
const SOURCES = ["components", "config", "plan", "policies", "scripts", "stack", "verify"].flatMap((folder) =>
    filesIn(folder, ".ts"),
);

const withoutCode = (page: string) => read(page).replace(/^( *)```[\s\S]*?^\1```/gm, "");

/** Anchors of a page, as GitHub makes them from headings. */
const anchorsOf = (page: string) =>
    [...withoutCode(page).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
        heading!
            .toLowerCase()
            .replace(/[^\w\- ]/g, "")
            .replaceAll(" ", "-"),
    );

/** Whether `path#anchor`, relative to a folder of the repository, exists. */
function exists(folder: string, target: string): boolean {
    const [path = "", anchor] = target.split("#");
    const file = join(folder, path);
    return existsSync(join(root, file)) && (anchor === undefined || anchorsOf(file).includes(anchor));
}

describe("documentation", () => {
    for (const page of PAGES) {
        it(`links only to files and anchors that exist: ${page}`, () => {
            const targets = [...withoutCode(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!);
            const broken = targets
                .filter((target) => !/^[a-z]+:/.test(target))
                .filter(
                    (target) => !(target.startsWith("#") ? exists(".", page + target) : exists(dirname(page), target)),
                );
            assert.deepEqual(broken, []);
        });

        it(`has lines of at most 120 characters outside of code, tables and addresses: ${page}`, () => {
            const long = withoutCode(page)
                .split("\n")
                .filter((line) => !line.startsWith("|") && line.replace(/\]\([^)]*\)/g, "]").length > 120);
            assert.deepEqual(long, []);
        });
    }

    it("has every page in the index", () => {
        const index = read("docs/README.md");
        const missing = PAGES.filter((page) => page.startsWith("docs/") && page !== "docs/README.md").filter(
            (page) => !index.includes(`](${page.slice("docs/".length)}`),
        );
        assert.deepEqual(missing, []);
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

    it("names folders and files of the repository that exist", () => {
        const named = PAGES.filter((page) => page !== "CHANGELOG.md").flatMap((page) =>
            [
                ...withoutCode(page).matchAll(
                    /`((?:components|config|plan|policies|scripts|stack|test|verify)\/[\w/.-]*)`/g,
                ),
            ].map(([, path]) => path!),
        );
        assert.ok(named.length > 20);
        assert.deepEqual(
            [...new Set(named)].filter((path) => !existsSync(join(root, path))),
            [],
        );
    });

    it("ends its folders with a slash", () => {
        const named = [...withoutCode("README.md").matchAll(/^\| `([\w/]+)`/gm)].map(([, path]) => path!);
        assert.deepEqual(
            named.filter(
                (path) =>
                    existsSync(join(root, path)) && statSync(join(root, path)).isDirectory() !== path.endsWith("/"),
            ),
            [],
        );
    });
});
