import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { anySettings } from "../support/anySettings";
import { validateIstio } from "../support/istioSchemas";
import { accepted, objectsOf } from "../support/meshObjects";
import { asDevStack } from "./settings";

/** test/charts/anySettings.spec.ts puts others before Istio's own validation. */
describe("any settings that are accepted", function () {
    this.timeout(60_000);
    asDevStack();

    it("become objects that the CRDs' schemas accept", async () => {
        const drawn = fc.sample(anySettings, { numRuns: 50, seed: Math.floor(Math.random() * 2 ** 31) });
        const valid = drawn.flatMap((given) => {
            const settings = accepted(given);
            return settings ? [{ given, settings }] : [];
        });
        assert.ok(valid.length > 2, `only ${valid.length} of ${drawn.length} are accepted`);
        for (const { given, settings } of valid) {
            const objects = (await objectsOf(settings)).filter(({ kind }) => kind !== "Ingress");
            assert.ok(objects.length > 0, JSON.stringify(given));
            assert.deepEqual(objects.flatMap(validateIstio), [], JSON.stringify(given));
        }
    });
});
