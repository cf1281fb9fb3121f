/** Compiles the library and makes a package of it in dist/: `npm run build:library`, then `npm pack ./dist`. */
import { execFileSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";

interface Manifest {
    version: string;
    license: string;
    engines: object;
    dependencies: Record<string, string>;
}

const root = join(__dirname, "..");
const dist = join(root, "dist");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;

rmSync(dist, { recursive: true, force: true });
execFileSync(process.execPath, [require.resolve("typescript/bin/tsc"), "--project", "tsconfig.library.json"], {
    cwd: root,
    stdio: "inherit",
});

/** Packages that the compiled files and their declarations import. */
function importedPackages(): string[] {
    const files = readdirSync(dist, { recursive: true, encoding: "utf8" }).filter((file) => /\.(js|d\.ts)$/.test(file));
    const imports = files.flatMap((file) => [
        ...readFileSync(join(dist, file), "utf8").matchAll(/(?:require\(|from |import\()"([^".][^"]*)"/g),
    ]);
    const names = imports.map(([, specifier = ""]) => /^(@[^/]+\/)?[^/]+/.exec(specifier)![0]);
    return [...new Set(names)].filter((name) => !isBuiltin(name)).sort();
}

function versionOf(name: string): string {
    const version = manifest.dependencies[name];
    if (version === undefined) {
        throw new Error(`components/ imports ${name}, which package.json does not name as a dependency`);
    }
    return `^${version}`;
}

/** Programs and components must share one copy of Pulumi's packages: resources of two copies do not know each other. */
const isPeer = (name: string) => name.startsWith("@pulumi/");
const versions = (names: string[]) => Object.fromEntries(names.map((name) => [name, versionOf(name)]));
const imported = importedPackages();
const { version, license, engines } = manifest;

writeFileSync(
    join(dist, "package.json"),
    `${JSON.stringify(
        {
            name: "oke-mesh",
            version,
            description: "Istio on Oracle Container Engine for Kubernetes (OKE), as Pulumi components",
            keywords: ["pulumi", "istio", "oke", "oci", "kubernetes", "service-mesh", "gateway-api"],
            license,
            engines,
            main: "./index.js",
            types: "./index.d.ts",
            exports: { ".": { types: "./index.d.ts", default: "./index.js" }, "./package.json": "./package.json" },
            peerDependencies: versions(imported.filter(isPeer)),
            dependencies: versions(imported.filter((name) => !isPeer(name))),
        },
        undefined,
        4,
    )}\n`,
);
cpSync(join(root, "LICENSE"), join(dist, "LICENSE"));
// Copyright of the generated types.
cpSync(join(root, "schemas/NOTICE.md"), join(dist, "NOTICE.md"));

/** A page of this repository without its links to other files here, which the package does not have. */
const withoutLinks = (page: string) =>
    readFileSync(join(root, page), "utf8").replace(/\[([^\]]+)\]\((?!https?:|#)[^)]+\)/g, "$1");
writeFileSync(join(dist, "README.md"), withoutLinks("docs/library.md"));
writeFileSync(join(dist, "CHANGELOG.md"), withoutLinks("CHANGELOG.md"));
