import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { record } from "../../plan/record/record";
import { plain } from "../../plan/kubernetesObject";
import { imagesIn, namesRegistry } from "../support/images";
import { PAGES } from "../support/markdown";
import { described } from "../config/settings";
import { planOf, STACKS } from "./plans";

const everything = {
    clients: { curl: true, httpbin: true, fortio: true, legacy: true },
    istio: { cni: { enabled: true } },
};

describe("images", () => {
    it("of every Deployment name their registry", async () => {
        const plans = [
            ...(await Promise.all(STACKS.map(planOf))),
            await record({ stack: "local", override: everything }),
        ];
        const images = plans.flatMap(({ resources }) => resources.flatMap(({ inputs }) => imagesIn(plain(inputs))));
        assert.ok(images.length > 20);
        assert.deepEqual(
            images.filter((image) => !namesRegistry(image)),
            [],
        );
    });

    it("in the documentation name their registry", () => {
        const root = join(__dirname, "../..");
        const shown = PAGES.flatMap((file) =>
            [
                ...readFileSync(join(root, file), "utf8").matchAll(
                    /(?:--image[= ]|\bimage: |"image":\s*")([\w./:-]+)/g,
                ),
            ].map(([, image = ""]) => image),
        );
        assert.ok(shown.length > 1);
        assert.deepEqual(
            shown.filter((image) => !namesRegistry(image)),
            [],
        );
    });

    for (const hub of ["istio", "istio/release", "library"]) {
        it(`never come from a hub without a registry, such as ${hub}`, () => {
            for (const section of ["istio", "bookinfo"]) {
                const problems = described({ cluster: { source: "kubeconfig" }, [section]: { hub } });
                assert.deepEqual(
                    problems.map((problem) => problem.split(" ")[0]),
                    [`${section}.hub`],
                );
            }
        });
    }

    for (const hub of ["docker.io/istio", "localhost:5000", "registry:5000/a/b", "iad.ocir.io/ns/istio"]) {
        it(`may come from ${hub}`, () => {
            assert.deepEqual(described({ cluster: { source: "kubeconfig" }, istio: { hub } }), []);
        });
    }
});
