import { strict as assert } from "node:assert";
import { driftReport, type Ran } from "../../scripts/ci/driftReport";

const EXPORTED = JSON.stringify({
    deployment: {
        resources: [
            { type: "oci:Core/vcn:Vcn", outputs: { id: "ocid1.vcn" } },
            { type: "kubernetes:helm.sh/v3:Release", outputs: { name: "istiod", namespace: "istio-system" } },
        ],
    },
});

const MANIFEST =
    'kind: MutatingWebhookConfiguration\nwebhooks:\n- clientConfig:\n    caBundle: ""\n  failurePolicy: Ignore\n  name: x\n';

describe("the report of drift", () => {
    let input: string | undefined;

    /** The report where commands end like this; others end well. */
    function reportOf(ends: Record<string, Ran>) {
        return driftReport("prod", (command, args, given) => {
            const called = [command, ...args].join(" ");
            input = given ?? input;
            const known: Record<string, Ran> = {
                ...ends,
                "pulumi stack export": { code: 0, output: EXPORTED },
                "helm --namespace istio-system get manifest istiod": { code: 0, output: MANIFEST },
            };
            const [, ran = { code: 0, output: "" }] =
                Object.entries(known).find(([start]) => called.startsWith(start)) ?? [];
            return Promise.resolve(ran);
        });
    }

    it("is empty where everything is as planned, whatever istiod wrote into its webhooks", async () => {
        assert.deepEqual(await reportOf({}), {
            code: 0,
            text: "## `prod` and what exists\n\nNo difference: what Pulumi manages, the mesh's objects, release istiod.\n",
        });
        assert.equal(input, "kind: MutatingWebhookConfiguration\nwebhooks:\n- clientConfig:\n  name: x\n");
    });

    it("shows what differs, inside releases too", async () => {
        const { code, text } = await reportOf({
            "pulumi refresh": {
                code: 255,
                output: "~ size: 3 => 2\nerror: no changes were expected but changes occurred\n",
            },
            "kubectl --namespace istio-system diff": { code: 1, output: "-  replicas: 2\n+  replicas: 0\n" },
        });
        assert.equal(code, 1);
        assert.match(text, /### Differs: what Pulumi manages\n\n~~~~~diff\n~ size: 3 => 2\n/);
        assert.match(
            text,
            /### Differs: release istiod\n\n~~~~~diff\n- {2}replicas: 2\n\+ {2}replicas: 0\n~~~~~\n\nNo difference: the mesh's objects\./,
        );
    });

    it("says what could not be compared, which is neither drift nor its absence", async () => {
        const { code, text } = await reportOf({
            "pulumi refresh": { code: 255, output: "error: the stack is currently locked" },
            "npm run --silent drift": { code: 1, output: "+ AuthorizationPolicy x: not planned" },
        });
        assert.equal(code, 2);
        assert.match(
            text,
            /### Could not compare: what Pulumi manages\n\n~~~~~diff\nerror: the stack is currently locked\n/,
        );
        assert.match(text, /### Differs: the mesh's objects/);
    });
});
