import { strict as assert } from "node:assert";
import { at, type Plan } from "../../plan/model";
import { record } from "../../plan/record/record";
import { diff, renderDiff } from "../../plan/report/diff";
import { renderJson } from "../../plan/report/json";
import { renderManifests } from "../../plan/report/manifests";
import { renderMarkdown } from "../../plan/report/markdown";
import { renderTree } from "../../plan/report/tree";
import { STACKS, type StackName } from "./plans";

/** One that stays what it is in a URL, in JSON and in YAML. */
const KEY = "2C6YOLQSUZ5Q7IGN";

/** A domain that exists: of a new one a plan knows no key that could slip out. */
const apm = { source: "existing", domainId: "ocid1.apmdomain.oc1.iad.a", isFreeTier: undefined, dashboard: true };

const answers = {
    "oci:Apm/getDataKeys:getDataKeys": { dataKeys: [{ name: "auto", type: "ANY", value: KEY }] },
    "oci:Apm/getApmDomain:getApmDomain": {
        dataUploadEndpoint: "https://aaaa.apm-agt.us-ashburn-1.oci.oraclecloud.com",
        compartmentId: "ocid1.compartment.oc1..a",
    },
};

const ADDONS = { none: {}, apm: {}, jaeger: { jaeger: { enabled: true } }, zipkin: { zipkin: { enabled: true } } };

const planned = (stack: StackName, backend: keyof typeof ADDONS, transport = "otlp"): Promise<Plan> =>
    record({
        stack,
        answers,
        override: {
            "oci:region": "us-ashburn-1",
            apm,
            tracing: { backend, transport, sampling: 100, customTags: { stage: "header:x-stage" } },
            addons: ADDONS[backend],
        },
    });

/** What a key may look like in the open: as it is, as a header, or as a Secret's `data`. */
const SHAPES = [KEY, ...[KEY, `dataKey ${KEY}`].map((text) => Buffer.from(text).toString("base64").replace(/=+$/, ""))];

const everything = (plan: Plan): Record<string, string> => ({
    "the recording": JSON.stringify(plan),
    "the tree": renderTree(plan),
    "the JSON": renderJson(plan),
    "the comment": renderMarkdown(plan),
    "the difference": renderDiff(diff({ ...plan, resources: [], outputs: {} }, plan), "before"),
    "the manifests": JSON.stringify(renderManifests(plan)),
});

/** Where in the cluster a plan hides something: kind, name and path, but for the add-ons' own passwords. */
function hiddenInCluster(plan: Plan): string[] {
    const objects = plan.resources.filter(({ type, name }) => /^kubernetes:/.test(type) && !name.startsWith("addons-"));
    return objects.flatMap(({ type, name, inputs }) =>
        hiddenPaths(inputs).map((path) => `${type.split(":").at(-1)} ${name} ${path}`),
    );
}

function hiddenPaths(value: unknown, path: string[] = []): string[] {
    if (typeof value !== "object" || value === null) {
        return [];
    }
    return at(value, "$secret") === true
        ? [path.join(".")]
        : Object.entries(value).flatMap(([key, inner]) => hiddenPaths(inner, [...path, key]));
}

/** Every transport in the smallest stack, and in each of the large ones, which take longest to plan, two of them. */
const CASES: Record<StackName, (keyof typeof HOLDERS)[]> = {
    local: ["otlp", "collector", "bootstrap", "zipkin"],
    dev: ["otlp", "bootstrap"],
    prod: ["collector", "zipkin"],
};

const HOLDERS = {
    otlp: ["Secret istio-apm-key stringData.authorization"],
    collector: ["Secret telemetry-collector-key stringData.authorization"],
    bootstrap: [
        "Secret bookinfo-bootstrap stringData.custom_bootstrap.json",
        "Secret istio-ingressgateway-bootstrap stringData.custom_bootstrap.json",
    ],
    // The public key, which may be seen.
    zipkin: ["Release istio-istiod values.meshConfig.extensionProviders.0.zipkin.path"],
};

describe("the data key of a stack", () => {
    for (const stack of STACKS) {
        for (const transport of CASES[stack]) {
            const holders = HOLDERS[transport];
            it(`is in ${holders.join(" and ")} of ${stack} through ${transport}, and shown nowhere`, async () => {
                const plan = await planned(stack, "apm", transport);
                assert.deepEqual(hiddenInCluster(plan).sort(), holders);
                assert.deepEqual(exposed(plan), []);
                const [lookup] = plan.lookups.filter(({ token }) => token.includes("getDataKeys"));
                assert.equal(lookup?.inputs.dataKeyType, transport === "zipkin" ? "PUBLIC" : "PRIVATE");
            });
        }
    }
    for (const backend of ["none", "jaeger", "zipkin"] as const) {
        it(`is in nothing with ${backend} as backend`, async () => {
            const plan = await planned("local", backend);
            assert.deepEqual(hiddenInCluster(plan), []);
            assert.deepEqual(exposed(plan), []);
        });
    }
});

/** Renderings that show the key. */
function exposed(plan: Plan): string[] {
    const shown = Object.entries(everything(plan)).filter(([, text]) => SHAPES.some((shape) => text.includes(shape)));
    return shown.map(([name]) => name);
}
