import { strict as assert } from "node:assert";
import { ControlPlane } from "../../../components/istio/controlPlane";
import { withDefaults } from "../../../components/defaults";
import { CONTROL_PLANE_DEFAULTS } from "../../../components/istio/controlPlaneArgs";
import { istiodValues } from "../../../components/istio/istiodValues";
import type { TracingArgs } from "../../../components/istio/tracing/tracingPlan";
import { at } from "../../../plan/model";
import { dependsOn, ofType, one } from "../../../plan/query";
import { record } from "../../../plan/record/record";
import { validateIstio, type IstioObject } from "../../support/istioSchemas";
import { args, BACKENDS, controlPlaneArgs, planned, specOf, toApm, TRANSPORTS, valuesOf } from "./tracing/support";

describe("the mesh's Telemetry", () => {
    it("is one object for tracing and logging", async () => {
        const plan = await planned(() => toApm("otlp"), "response.code >= 400");
        const { inputs } = one(plan, "Telemetry");
        assert.deepEqual(inputs.metadata, { name: "mesh-default", namespace: "istio-system" });
        assert.deepEqual(at(inputs.spec, "accessLogging"), [
            { providers: [{ name: "envoy" }], filter: { expression: "response.code >= 400" } },
        ]);
        assert.ok(at(inputs.spec, "tracing", 0));
    });

    it("only filters the access log where nothing is traced", async () => {
        const plan = await planned(() => args, "response.code >= 400");
        assert.deepEqual(Object.keys(specOf(plan, "Telemetry") as object), ["accessLogging"]);
    });

    it("is not there if nobody asks for anything, and istiod's values are what they were", async () => {
        const plan = await planned(() => args);
        assert.deepEqual(
            [...ofType(plan, "Telemetry"), ...ofType(plan, "MeshTelemetry"), ...ofType(plan, "Secret")],
            [],
        );
        const untraced = await record({}, () => void new ControlPlane("istio", controlPlaneArgs, {}));
        assert.deepEqual(valuesOf(plan, "istio-istiod"), valuesOf(untraced, "istio-istiod"));
        assert.deepEqual(
            Object.keys(istiodValues(withDefaults(controlPlaneArgs, CONTROL_PLANE_DEFAULTS))).filter((key) =>
                /envVarFrom|Annotations/.test(key),
            ),
            [],
        );
    });

    const cases = [
        ...TRANSPORTS.map((transport): [string, () => TracingArgs] => [transport, () => toApm(transport)]),
        ...BACKENDS.map((backend): [string, () => TracingArgs] => [`backend ${backend}`, () => ({ ...args, backend })]),
    ];
    for (const [name, what] of cases) {
        it(`and all it needs is valid by Istio's schema and comes after istiod: ${name}`, async () => {
            const plan = await planned(what, "response.code >= 400");
            const objects = plan.resources.filter(({ type }) => /istio\.io\//.test(type));
            assert.ok(objects.length > 0);
            for (const object of objects) {
                assert.deepEqual(validateIstio(object.inputs as unknown as IstioObject), []);
                assert.equal(dependsOn(plan, object, one(plan, "Release", "istio-istiod")), true);
            }
        });
    }
});
