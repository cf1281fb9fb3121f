import { strict as assert } from "node:assert";
import { Clients, clientMeshServices, type ClientsArgs } from "../../../components/workloads/clients";
import { at, type Plan, type Resource } from "../../../plan/model";
import { dependsOn, ofType, one } from "../../../plan/query";
import { record } from "../../../plan/record/record";
import { violations, type PodSpec } from "./restricted";

const args: ClientsArgs = {
    namespace: "clients",
    ownsNamespace: true,
    workloads: ["curl", "httpbin", "fortio"],
    legacyNamespace: "legacy",
    imagePullSecrets: ["ocir"],
    istioVersion: "1.31.1",
};

const planned = (changes: Partial<ClientsArgs> = {}): Promise<Plan> =>
    record({}, () => void new Clients("clients", { ...args, ...changes }, {}));

const placeOf = ({ inputs }: Resource) =>
    `${String(at(inputs, "metadata", "namespace"))}/${String(at(inputs, "metadata", "name"))}`;
const podOf = ({ inputs }: Resource) =>
    at(inputs, "spec", "template", "spec") as PodSpec & { serviceAccountName: string };
const annotationsOf = ({ inputs }: Resource) => at(inputs, "spec", "template", "metadata", "annotations");

describe("Clients", () => {
    let plan: Plan;
    let deployments: Resource[];
    before(async () => {
        plan = await planned();
        deployments = ofType(plan, "Deployment");
    });

    // Istio's samples at release-1.31: samples/curl, samples/httpbin, samples/httpbin/sample-client/fortio-deploy.yaml
    it("have the ports of Istio's samples, and httpbin listens on 8080", () => {
        const ports = ofType(plan, "Service").map((service) => [
            placeOf(service),
            at(service.inputs, "spec", "ports"),
            at(service.inputs, "spec", "selector"),
        ]);
        const http = (port: number, targetPort: number) => [{ name: "http", port, targetPort }];
        assert.deepEqual(ports, [
            ["clients/curl", http(80, 80), { app: "curl" }],
            ["clients/httpbin", http(8000, 8080), { app: "httpbin" }],
            ["clients/fortio", http(8080, 8080), { app: "fortio" }],
            ["legacy/curl", http(80, 80), { app: "curl" }],
            ["legacy/httpbin", http(8000, 8080), { app: "httpbin" }],
        ]);
    });

    it("run the images of the samples, each with an identity of its own", () => {
        const pods = deployments.map((each) => {
            const { containers, serviceAccountName, imagePullSecrets } = podOf(each);
            return [placeOf(each), containers.map(({ image }) => image), serviceAccountName, imagePullSecrets];
        });
        const secrets = [{ name: "ocir" }];
        assert.deepEqual(pods, [
            ["clients/curl", ["docker.io/curlimages/curl:8.16.0"], "curl", secrets],
            ["clients/httpbin", ["docker.io/mccutchen/go-httpbin:v2.15.0"], "httpbin", secrets],
            ["clients/fortio", ["docker.io/fortio/fortio:1.69.5"], "fortio", secrets],
            ["legacy/curl", ["docker.io/curlimages/curl:8.16.0"], "curl", secrets],
            ["legacy/httpbin", ["docker.io/mccutchen/go-httpbin:v2.15.0"], "httpbin", secrets],
        ]);
        assert.deepEqual(ofType(plan, "ServiceAccount").map(placeOf), deployments.map(placeOf));
    });

    it("put sidecars beside the one namespace's pods and none beside the other's", async () => {
        const namespaces = ofType(await planned({ podSecurity: "restricted" }), "Namespace");
        assert.deepEqual(
            namespaces.map(({ inputs }) => inputs.metadata),
            [
                {
                    name: "clients",
                    labels: { "istio-injection": "enabled", "pod-security.kubernetes.io/enforce": "restricted" },
                },
                {
                    name: "legacy",
                    labels: { "istio-injection": "disabled", "pod-security.kubernetes.io/enforce": "restricted" },
                },
            ],
        );
    });

    it("make no namespace that is somebody else's", async () => {
        const inOthers = await planned({ ownsNamespace: false, legacyNamespace: undefined });
        assert.deepEqual(ofType(inOthers, "Namespace"), []);
        assert.deepEqual(ofType(inOthers, "Deployment").map(placeOf), [
            "clients/curl",
            "clients/httpbin",
            "clients/fortio",
        ]);
    });

    // Guide: "Creating Circuit Breakers", step 4: upstream_rq_pending_overflow of fortio's proxy.
    it("have fortio's proxy count what the circuit breaker refuses, and no other's", () => {
        const [fortio, ...others] = [...deployments].sort((a) => (placeOf(a).endsWith("/fortio") ? -1 : 1));
        const config = at(annotationsOf(fortio!), "proxy.istio.io/config");
        assert.deepEqual(JSON.parse(String(config)), {
            proxyStatsMatcher: { inclusionPrefixes: ["cluster.outbound", "listener_manager", "server"] },
        });
        assert.deepEqual(
            others.map(annotationsOf),
            others.map(() => ({ "oke-mesh/istio-version": "1.31.1" })),
        );
    });

    // https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
    it("keep to Kubernetes' restricted Pod Security Standard, without a token for its API", () => {
        for (const deployment of deployments) {
            assert.deepEqual(violations(podOf(deployment)), [], placeOf(deployment));
            assert.equal(podOf(deployment).automountServiceAccountToken, false);
        }
    });

    it("end curl at once: its shell would not hear the signal", () => {
        const seconds = deployments.map((each) =>
            at(each.inputs, "spec", "template", "spec", "terminationGracePeriodSeconds"),
        );
        assert.deepEqual(seconds, [0, undefined, undefined, 0, undefined]);
    });

    it("wait for their namespace", () => {
        for (const deployment of deployments) {
            const name = placeOf(deployment).startsWith("legacy/") ? "clients-legacy" : "clients-namespace";
            assert.ok(dependsOn(plan, deployment, one(plan, "Namespace", name)), placeOf(deployment));
        }
    });

    it("annotate single pods where they are told to", async () => {
        const podAnnotations = (client: string): Record<string, string> => (client === "curl" ? { bypass: "yes" } : {});
        const annotated = ofType(await planned({ podAnnotations }), "Deployment").filter(
            (each) => at(annotationsOf(each), "bypass") === "yes",
        );
        assert.deepEqual(annotated.map(placeOf), ["clients/curl", "legacy/curl"]);
    });

    it("are services that routes and policies may name, with httpbin's one version", () => {
        const services = clientMeshServices({ namespace: "clients", workloads: ["curl", "httpbin"] });
        assert.deepEqual(services, [
            {
                ...{ name: "curl", host: "curl", namespace: "clients", port: 80, containerPort: 80, protocol: "http" },
                ...{ versions: {}, selector: { app: "curl" }, serviceAccount: "curl" },
            },
            {
                ...{ name: "httpbin", host: "httpbin", namespace: "clients", port: 8000, protocol: "http" },
                containerPort: 8080,
                ...{ versions: { v1: { version: "v1" } }, selector: { app: "httpbin" }, serviceAccount: "httpbin" },
            },
        ]);
        const [, httpbin] = deployments;
        assert.equal(at(httpbin!.inputs, "spec", "template", "metadata", "labels", "version"), "v1");
    });
});

describe("clients in a stack", () => {
    const stack = (override: Record<string, unknown>) => record({ stack: "local", override });

    it("stand in Bookinfo's namespace, and wait for istiod and the namespace", async () => {
        const plan = await stack({ clients: { curl: true, legacy: true } });
        const curl = one(plan, "Deployment", "clients-curl");
        assert.equal(placeOf(curl), "bookinfo/curl");
        assert.ok(dependsOn(plan, curl, one(plan, "Namespace", "bookinfo-namespace")));
        for (const deployment of ofType(plan, "Deployment")) {
            assert.ok(dependsOn(plan, deployment, one(plan, "Release", "istio-istiod")), deployment.name);
        }
    });

    it("stand in a namespace of the user's, which is enrolled first", async () => {
        const plan = await stack({
            bookinfo: { enabled: false },
            namespaces: { shop: {} },
            clients: { curl: true, namespace: "shop" },
        });
        const curl = one(plan, "Deployment", "clients-curl");
        assert.equal(placeOf(curl), "shop/curl");
        assert.ok(dependsOn(plan, curl, one(plan, "NamespacePatch", "namespaces-shop")));
    });

    it("are nowhere unless wanted", async () => {
        const plan = await stack({});
        assert.deepEqual(ofType(plan, "oke-mesh:workloads:Clients"), []);
    });
});
