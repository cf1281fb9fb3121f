import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import * as api from "../../../components/istio/api";
import * as gatewayApiKinds from "../../../components/gatewayApi";
import { generated, generateSpecs } from "../../../scripts/generate-istio-types";
import { exclusiveFields } from "../../../scripts/istio-types/exclusive";
import { extractSchemas, gatewayApi, istio, readVendored } from "../../../scripts/istio-types/schemas";
import { findShapes } from "../../../scripts/istio-types/shapes";
import { validateIstio } from "../../support/istioSchemas";

const kinds = [
    api.Gateway,
    api.VirtualService,
    api.DestinationRule,
    api.ServiceEntry,
    api.WorkloadEntry,
    api.Sidecar,
    api.EnvoyFilter,
    api.PeerAuthentication,
    api.RequestAuthentication,
    api.AuthorizationPolicy,
    api.Telemetry,
];

describe("Istio types", () => {
    for (const each of generated) {
        it(`are what the vendored schemas of ${each.project.name} say (else run: npm run generate:istio)`, async () => {
            assert.equal(readFileSync(each.file, "utf8"), await generateSpecs(each));
        });
    }

    it("have a class for each kind", () => {
        assert.deepEqual(
            kinds.map(({ apiVersion, kind }) => `${apiVersion}/${kind}`),
            istio.kinds,
        );
        assert.deepEqual(
            [gatewayApiKinds.Gateway, gatewayApiKinds.HTTPRoute].map(({ apiVersion, kind }) => `${apiVersion}/${kind}`),
            gatewayApi.kinds,
        );
    });
});

describe("generator of Istio types", () => {
    const text = { type: "string" };

    it("takes the wanted version of each kind from the CRDs", () => {
        const crd = (group: string, kind: string) => ({
            kind: "CustomResourceDefinition",
            spec: {
                group,
                names: { kind, plural: `${kind.toLowerCase()}s` },
                versions: ["v1alpha3", "v1"].map((name) => ({
                    name,
                    schema: { openAPIV3Schema: { properties: { spec: { description: `${kind} ${name}` } } } },
                })),
            },
        });
        const crds = istio.kinds.map((id) => crd(id.split("/")[0]!, id.split("/")[2]!));
        const yaml = ["# empty", ...crds.map((each) => JSON.stringify(each))].join("\n---\n");

        const { version, kinds: extracted } = extractSchemas(istio, "1.2.3", yaml);
        assert.equal(version, "1.2.3");
        assert.deepEqual(
            extracted.map(({ apiVersion, kind }) => `${apiVersion}/${kind}`),
            istio.kinds,
        );
        assert.deepEqual(extracted[0], {
            apiVersion: "networking.istio.io/v1",
            kind: "Gateway",
            plural: "gateways",
            spec: { description: "Gateway v1" },
        });
        assert.throws(() => extractSchemas(istio, "1.2.3", JSON.stringify(crds[0])), /no CRD for .*VirtualService/);
    });

    it("understands a protobuf oneof, several of them, and the CEL rules that mean the same", () => {
        const oneOf = (...fields: string[]) => [
            { not: { anyOf: fields.map((field) => ({ required: [field] })) } },
            ...fields.map((field) => ({ required: [field] })),
        ];
        const rule = (text: string) => ({ "x-kubernetes-validations": [{ rule: text }] });

        assert.deepEqual(exclusiveFields({ oneOf: oneOf("a", "b") }), [["a", "b"]]);
        assert.deepEqual(exclusiveFields({ oneOf: oneOf("a") }), []);
        assert.deepEqual(exclusiveFields({ allOf: [{ oneOf: oneOf("a", "b") }, { oneOf: oneOf("c", "d") }] }), [
            ["a", "b"],
            ["c", "d"],
        ]);
        assert.deepEqual(exclusiveFields(rule("(has(self.b) ? 1 : 0) +\n(has(self.a) ? 1 : 0) <= 1")), [["a", "b"]]);
        assert.deepEqual(exclusiveFields(rule("has(self.a) || has(self.b)")), []);
        assert.throws(() => exclusiveFields({ oneOf: [{ required: ["a", "b"] }] }), /not the form/);
    });

    it("gives one name to equal shapes and refuses a name for nothing", () => {
        const shape = { type: "object", properties: { x: text } };
        const spec = { type: "object", properties: { a: { ...shape, description: "first" }, b: shape } };
        const kind = { apiVersion: "v1", kind: "K", plural: "ks", spec };

        const names = findShapes([kind], { "K.a": "X" }).map(({ name }) => name);
        assert.deepEqual(names, ["KSpec", "X"]);
        assert.throws(() => findShapes([kind], { "K.a": "X", "K.b": "Y" }), /K\.b cannot be named Y/);
        assert.throws(() => findShapes([kind], { "K.gone": "X" }), /K\.gone/);
    });
});

describe("validateIstio", () => {
    const networking = (kind: string, spec: unknown) => ({ apiVersion: "networking.istio.io/v1", kind, spec });
    const security = (kind: string, spec: unknown) => ({ apiVersion: "security.istio.io/v1", kind, spec });
    const route = (fields: object) => networking("VirtualService", { hosts: ["reviews"], http: [fields] });
    const https = { number: 443, name: "https", protocol: "HTTPS" };
    const server = (tls: object) => networking("Gateway", { servers: [{ port: https, hosts: ["*"], tls }] });

    const accepted = {
        "a weighted route": route({
            route: [
                { destination: { host: "reviews", subset: "v1" }, weight: 50 },
                { destination: { host: "reviews", subset: "v3" }, weight: 50 },
            ],
        }),
        "a fault for one user": route({
            match: [{ headers: { "end-user": { exact: "jason" } } }],
            fault: { delay: { percent: 100, fixedDelay: "7s" } },
        }),
        "a field left undefined": route({ match: [{ uri: { exact: "/", prefix: undefined } }] }),
        "a duration in parts": route({ timeout: "1m0.5s" }),
        "a TLS server": server({ mode: "SIMPLE", credentialName: "bookinfo" }),
        "two kinds of choices in one object": networking("DestinationRule", {
            host: "reviews",
            trafficPolicy: { loadBalancer: { consistentHash: { useSourceIp: true, maglev: {} } } },
        }),
        "any patch of Envoy": {
            apiVersion: "networking.istio.io/v1alpha3",
            kind: "EnvoyFilter",
            spec: { configPatches: [{ applyTo: "CLUSTER", patch: { operation: "MERGE", value: { a: [1] } } }] },
        },
        "an empty policy": security("AuthorizationPolicy", {}),
        "STRICT mutual TLS": security("PeerAuthentication", { mtls: { mode: "STRICT" } }),
        "full sampling": {
            apiVersion: "telemetry.istio.io/v1",
            kind: "Telemetry",
            spec: { tracing: [{ providers: [{ name: "oci-apm" }], randomSamplingPercentage: 100 }] },
        },
    };
    for (const [name, object] of Object.entries(accepted)) {
        it(`accepts ${name}`, () => assert.deepEqual(validateIstio(object), []));
    }

    const at = "VirtualService.spec.http[0]";
    const rejected = [
        { object: route({ rout: [] }), error: `${at}.rout: unknown field` },
        {
            object: route({ match: [{ headers: { "a/b": { exakt: "x" } } }] }),
            error: `${at}.match[0].headers.a/b.exakt: unknown field`,
        },
        { object: route({ route: [{ weight: 1 }] }), error: `${at}.route[0].destination: is missing` },
        {
            object: route({ match: [{ uri: { exact: "/", prefix: "/" } }] }),
            error: `${at}.match[0].uri: exact and prefix exclude each other`,
        },
        ...["3", "0s", "7 s", "1min"].map((timeout) => ({
            object: route({ timeout }),
            error: `${at}.timeout: must be a duration of at least 1ms, such as 0.5s, not "${timeout}"`,
        })),
        { object: route({ retries: { attempts: "3" } }), error: `${at}.retries.attempts: must be integer, not "3"` },
        {
            object: server({ credentialName: "a", credentialNames: ["b"] }),
            error: "Gateway.spec.servers[0].tls: credentialName and credentialNames exclude each other",
        },
        {
            object: security("PeerAuthentication", { mtls: { mode: "ON" } }),
            error: 'PeerAuthentication.spec.mtls.mode: must be one of UNSET, DISABLE, PERMISSIVE, STRICT, not "ON"',
        },
        { object: networking("ServiceEntry", {}), error: "ServiceEntry.spec.hosts: is missing" },
        { object: networking("ServiceEntry", undefined), error: "ServiceEntry.spec: is missing" },
        {
            object: { apiVersion: "networking.istio.io/v2", kind: "Gateway", spec: {} },
            error: "networking.istio.io/v2/Gateway: not a kind with a vendored schema",
        },
    ];
    for (const { object, error } of rejected) {
        it(`reports ${error}`, () => assert.deepEqual(validateIstio(object), [error]));
    }

    it("reports all mistakes at once", () => {
        assert.equal(validateIstio(route({ rout: [], timeout: 3 })).length, 2);
    });

    it("knows every vendored kind", () => {
        for (const { apiVersion, kind } of [istio, gatewayApi].flatMap((project) => readVendored(project).kinds)) {
            assert.match(validateIstio({ apiVersion, kind, spec: { typo: 1 } }).join("\n"), /typo: unknown field/);
        }
    });
});

describe("Istio resources", () => {
    const recorded = new Map<string, { type: string; inputs: Record<string, unknown> }>();

    before(async () => {
        await pulumi.runtime.setMocks({
            newResource: ({ name, type, inputs }) => {
                recorded.set(name, { type, inputs: inputs as Record<string, unknown> });
                return { id: `${name}-id`, state: {} };
            },
            call: () => ({}),
        });
    });

    /** What the engine received once the resource was registered. */
    async function register(resource: pulumi.CustomResource, name: string) {
        await new Promise((resolve) => resource.urn.apply(resolve));
        const args = recorded.get(name);
        assert.ok(args, `${name} was not registered`);
        return args;
    }

    const metadata = { name: "reviews", namespace: "bookinfo" };

    it("reach the cluster with the kind's apiVersion, outputs resolved", async () => {
        const spec = { hosts: [pulumi.output("reviews")], http: [{ timeout: Promise.resolve("0.5s") }] };
        const { type, inputs } = await register(new api.VirtualService("routed", { metadata, spec }), "routed");
        assert.equal(type, "kubernetes:networking.istio.io/v1:VirtualService");
        assert.deepEqual(inputs, {
            apiVersion: "networking.istio.io/v1",
            kind: "VirtualService",
            metadata,
            spec: { hosts: ["reviews"], http: [{ timeout: "0.5s" }] },
        });
    });

    it("keep an empty spec: an AuthorizationPolicy that allows nothing", async () => {
        const policy = new api.AuthorizationPolicy("allow-nothing", { metadata, spec: {} });
        const { inputs } = await register(policy, "allow-nothing");
        assert.deepEqual(inputs.spec, {});
    });

    it("belong to their parent", async () => {
        const parent = new pulumi.ComponentResource("test:istio:Parent", "parent");
        const policy = new api.PeerAuthentication("strict", { metadata, spec: {} }, { parent });
        const urn = await new Promise((resolve) => policy.urn.apply(resolve));
        assert.match(String(urn), /test:istio:Parent\$kubernetes:security/);
    });
});
