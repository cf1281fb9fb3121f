import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { fingerprint } from "../../../../components/istio/tracing/apm";
import { at, type Plan, type Resource } from "../../../../plan/model";
import { dependsOn, one } from "../../../../plan/query";
import { KEY, planned, resolved, toApm, valuesOf } from "./support";

describe("the data key", () => {
    it("is a Secret before istiod and the collector need it", async () => {
        for (const [transport, reader] of [
            ["otlp", "istio-istiod"],
            ["collector", "telemetry-collector"],
        ] as const) {
            const plan = await planned(() => toApm(transport));
            const secret = one(plan, "Secret");
            assert.deepEqual(secret.inputs.metadata, { name: "oci-apm", namespace: "istio-system" });
            assert.equal(dependsOn(plan, one(plan, "Release", reader), secret), true);
        }
    });

    it("when it changes restarts what reads it at its start, and nothing else", async () => {
        const readers = { otlp: "istio-istiod", collector: "telemetry-collector" } as const;
        for (const [transport, reader] of Object.entries(readers)) {
            const [first, same, other] = await Promise.all(
                [KEY, KEY, "another"].map((key) => planned(() => toApm(transport as "otlp" | "collector", key))),
            );
            const changed = (plan: Plan) =>
                plan.resources.filter(
                    ({ inputs, urn }) => JSON.stringify(inputs) !== JSON.stringify(find(first!, urn).inputs),
                );
            assert.deepEqual(changed(same!), []);
            assert.deepEqual(
                changed(other!).map(({ name }) => name),
                [reader],
            );
            const annotation = at(valuesOf(other!, reader), "podAnnotations", "oke-mesh/apm-key");
            assert.match(String(annotation), /^[0-9a-f]{8}$/);
        }
    });

    // 32 bits: among 10^24 possible keys, some 10^14 have the same fingerprint.
    it("cannot be told from its fingerprint, which is no secret", async () => {
        const output = fingerprint(pulumi.secret(KEY));
        assert.match(await resolved(output), /^[0-9a-f]{8}$/);
        assert.equal(await pulumi.isSecret(output), false);
    });
});

function find(plan: Plan, urn: string): Resource {
    return plan.resources.find((resource) => resource.urn === urn)!;
}
