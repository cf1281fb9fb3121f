import { strict as assert } from "node:assert";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { asDevStack } from "../config/settings";
import { validTraffic } from "../support/trafficArbitraries";
import { objectsOf, treated } from "../support/trafficObjects";
import { attempt } from "../cluster/support/command";

/**
 * Istio 1.31 calls a prefix without a method unreachable after a shorter one with a method. That every route is reached is
 * shown by test/config/trafficProperties.spec.ts.
 */
const IGNORES_METHODS = /of prefix \S+\/ is not used \(duplicate\/overlapping match in rule #\d+ of prefix /;

/** Needs istioctl, but no cluster. */
describe("Istio's own validation", function () {
    asDevStack();

    before(async function () {
        const { code } = await attempt("istioctl", ["version", "--remote=false"]).catch(() => ({ code: 1 }));
        if (code !== 0) {
            console.log("  skipped: istioctl is not on PATH.");
            this.skip();
        }
    });

    it("has nothing to say of what valid traffic settings become, not even a warning", async () => {
        const objects = fc.sample(validTraffic, 200).flatMap((traffic, index) =>
            objectsOf(treated(traffic)).map(({ metadata, ...rest }) => {
                const name = `${metadata.name}-${index}`;
                return JSON.stringify({
                    apiVersion: "networking.istio.io/v1",
                    metadata: { ...metadata, name },
                    ...rest,
                });
            }),
        );
        const file = join(mkdtempSync(join(tmpdir(), "oke-mesh-")), "traffic.yaml");
        writeFileSync(file, objects.join("\n---\n"));
        const { code, stdout, stderr } = await attempt("istioctl", ["validate", "-f", file]);
        const said = (stdout + stderr)
            .split("\n")
            .filter((line) => line.startsWith("\t*") && !IGNORES_METHODS.test(line));
        assert.deepEqual([code, said], [0, []], stdout + stderr);
    });
});
