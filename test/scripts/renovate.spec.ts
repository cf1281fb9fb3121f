import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { satisfies } from "semver";
import { GATEWAY_API_VERSION } from "../../components/gatewayApi/crds";
import { ISTIO_VERSION } from "../../components/istio/versions";

const root = join(__dirname, "../..");
const read = (file: string) => readFileSync(join(root, file), "utf8");

interface Renovate {
    packageRules: { matchPackageNames?: string[]; allowedVersions?: string }[];
    customManagers: { managerFilePatterns: string[]; matchStrings: string[]; depNameTemplate: string }[];
}
const renovate = JSON.parse(read("renovate.json")) as Renovate;
const { dependencies, devDependencies } = JSON.parse(read("package.json")) as Record<string, Record<string, string>>;
const pinned: Record<string, string> = { ...dependencies, ...devDependencies };

const allowed = (name: string) =>
    renovate.packageRules.find((rule) => rule.allowedVersions && rule.matchPackageNames?.includes(name))
        ?.allowedVersions;

describe("renovate.json", () => {
    it("names packages that package.json has", () => {
        const named = renovate.packageRules.flatMap(({ matchPackageNames = [] }) => matchPackageNames);
        const unknown = named.filter((name) => !(name in pinned) && !name.endsWith("/**"));
        assert.deepEqual(unknown, []);
    });

    const refused = {
        typescript: "6.0.0",
        "@pulumi/pulumi": "3.249.0",
        "@types/node": "22.0.0",
        "@mermaid-js/tiny": "12.0.0",
    };
    for (const [name, version] of Object.entries(refused)) {
        it(`keeps ${name} below ${version}`, () => {
            assert.ok(satisfies(pinned[name]!, allowed(name)!), pinned[name]);
            assert.ok(!satisfies(version, allowed(name)!));
        });
    }

    const releases = { "istio/istio": ISTIO_VERSION, "kubernetes-sigs/gateway-api": GATEWAY_API_VERSION };
    for (const [name, version] of Object.entries(releases)) {
        it(`finds the version of ${name} in each of its files`, () => {
            const manager = renovate.customManagers.find(({ depNameTemplate }) => depNameTemplate === name)!;
            for (const pattern of manager.managerFilePatterns) {
                const file = pattern.slice(2, -2).replaceAll("\\", "");
                const found = manager.matchStrings.map(
                    (text) => new RegExp(text).exec(read(file))?.groups?.currentValue,
                );
                assert.deepEqual(found, [version], file);
            }
        });
    }
});
