import { strict as assert } from "node:assert";
import { parseAllDocuments } from "yaml";
import { accessLogSource } from "../../components/oci/logSources";
import type { Plan } from "../../plan/model";
import { ofType } from "../../plan/query";
import { record } from "../../plan/record/record";
import { driftReport } from "../../scripts/ci/driftReport";
import { parse } from "../components/oci/fluentd";
import { isIstioKind } from "../stacks/plans";
import { assertSound, analyze } from "./support/analyze";
import { onCluster, overrides } from "./support/cluster";
import { attempt, get, kubectl, run, type KubernetesObject } from "./support/command";
import { deploy, manifestOf, render } from "./support/deploy";
import { driftFrom } from "./support/drift";
import { eventually } from "./support/eventually";
import { reachGateway, request, type Gateway } from "./support/gateway";
import { updateMesh } from "./support/mesh";
import { until } from "./support/until";

interface Pod extends KubernetesObject {
    spec: {
        initContainers?: { name: string; restartPolicy?: string }[];
        containers: { name: string }[];
        securityContext?: { runAsNonRoot?: boolean };
    };
}

/** The steps of the guide, on a real cluster: install, deploy Bookinfo, open it to the outside, take it all down. */
describe("the local stack on a cluster", function () {
    let plan: Plan;
    let gateway: Gateway;

    onCluster();

    before(async () => {
        plan = await record({ stack: "local", override: overrides() });
        await updateMesh(plan);
        gateway = reachGateway();
    });

    after(() => gateway?.close());

    it("shows Bookinfo's title at the gateway", async () => {
        const { status, body } = await request(gateway, "/productpage", (code) => code === 200);
        assert.equal(status, 200);
        assert.match(body, /<title>Simple Bookstore App<\/title>/);
    });

    for (const path of ["/", "/productpage/extra", "/reviews/0", "/api/v1/other"]) {
        it(`answers 404 at ${path}`, async () => {
            assert.equal((await request(gateway, path, (code) => code === 404)).status, 404);
        });
    }

    it("lets productpage be reached from a pod inside", async () => {
        const command = ["curl", "-sS", "productpage:9080/productpage"];
        await eventually(async () => {
            const inPod = ["exec", "-n", "bookinfo", "deploy/ratings-v1", "-c", "ratings", "--"];
            assert.match(await kubectl([...inPod, ...command]), /<title>Simple Bookstore App<\/title>/);
        });
    });

    it("puts a sidecar into each of the six pods, which do not run as root", async () => {
        const pods = await get<Pod>("pods", "-n", "bookinfo");
        assert.equal(pods.length, 6);
        for (const { metadata, spec } of pods) {
            const containers = [...(spec.initContainers ?? []), ...spec.containers].map(({ name }) => name);
            assert.ok(containers.includes("istio-proxy"), `${metadata.name} has no sidecar`);
            assert.equal(spec.securityContext?.runAsNonRoot, true);
        }
    });

    it("passes istioctl analyze, and has the planned objects alone", assertSound);

    it("shows what was changed by hand, also where something was only added", async () => {
        const foreign = { apiVersion: "security.istio.io/v1", kind: "AuthorizationPolicy", spec: {} };
        const metadata = { name: "try-it", namespace: "bookinfo" };
        const server = { hosts: ["*"], port: { number: 80, name: "other", protocol: "HTTP" } };
        const patch = JSON.stringify([{ op: "add", path: "/spec/servers/-", value: server }]);
        const gatewayObject = ["gateways.networking.istio.io", "bookinfo-gateway", "-n", "bookinfo"];
        await kubectl(["apply", "-f", "-"], JSON.stringify({ ...foreign, metadata }));
        await kubectl(["patch", ...gatewayObject, "--type", "json", "--patch", patch]);
        await kubectl(["delete", "destinationrules.networking.istio.io", "ratings", "-n", "bookinfo"]);
        try {
            assert.deepEqual(await driftFrom(plan), [
                "AuthorizationPolicy bookinfo/try-it (security.istio.io) foreign",
                "DestinationRule bookinfo/ratings (networking.istio.io) missing",
                "Gateway bookinfo/bookinfo-gateway (networking.istio.io) changed at spec.servers[1]",
            ]);
        } finally {
            await kubectl(["delete", "authorizationpolicies.security.istio.io", "try-it", "-n", "bookinfo"]);
            await deploy(plan, isIstioKind);
        }
    });

    it("shows what was changed inside a release, by the nightly comparison", async () => {
        const state = { type: "kubernetes:helm.sh/v3:Release", outputs: { name: "istiod", namespace: "istio-system" } };
        const report = () =>
            driftReport("local", async (program, args, input) => {
                if (program !== "helm" && program !== "kubectl") {
                    return { code: 0, output: JSON.stringify({ deployment: { resources: [state] } }) };
                }
                const { code, stdout, stderr } = await attempt(program, args, input);
                return { code: code ?? 2, output: code === 0 ? stdout : stdout + stderr };
            });
        const rename = (name: string) => {
            const patch = { spec: { ports: [{ port: 15014, name }] } };
            return kubectl(["patch", "service", "istiod", "-n", "istio-system", "--patch", JSON.stringify(patch)]);
        };
        assert.equal((await report()).code, 0);
        await rename("http-changed");
        try {
            const { code, text } = await report();
            assert.equal(code, 1, text);
            assert.match(
                text,
                /### Differs: release istiod\n[^]*\n- {2}- name: http-changed\n\+ {2}- name: http-monitoring\n/,
            );
        } finally {
            await rename("http-monitoring");
        }
    });

    it("has every proxy in sync with istiod", async () => {
        await eventually(async () => {
            const status = await run("istioctl", ["proxy-status"]);
            const proxies = status.trim().split("\n").slice(1);
            assert.equal(proxies.length, 7, status);
            assert.ok(!/STALE|NOT SENT\s+\(/.test(status), status);
        });
    });

    it("changes nothing when it is applied again", async () => {
        const before = await generations();
        await deploy(plan);
        assert.deepEqual(await generations(), before);
    });

    describe("other stacks", () => {
        const stacks = ["dev", "prod"];
        const plans = new Map<string, Plan>();
        let added: string[] = [];

        before(async () => {
            for (const stack of stacks) {
                plans.set(stack, await record({ stack, override: overrides() }));
            }
            added = await addNamespaces([...plans.values()]);
        });

        after(() => Promise.all(added.map((name) => kubectl(["delete", "namespace", name]))));

        for (const stack of stacks) {
            it(`${stack}: the API server accepts its objects`, async () => {
                const args = ["apply", "--server-side", "--dry-run=server", "--force-conflicts", "-f", "-"];
                await kubectl(args, manifestOf(plans.get(stack)!));
            });

            it(`${stack}: istioctl analyze accepts them beside its own gateway`, async () => {
                const other = plans.get(stack)!;
                const rendered = await render(other, "istio-ingressgateway");
                const files = [manifestOf(other), rendered, gatewayPod(rendered), stack === "prod" ? CERTIFICATE : ""];
                assert.deepEqual(await analyze(["--use-kube=false", "-"], files.join("\n---\n")), []);
            });

            it(`${stack}: its gateway carries OCI's annotations and the label Istio Gateways select`, async () => {
                const objects = documents(await render(plans.get(stack)!, "istio-ingressgateway"));
                const annotations = objects.find(({ kind }) => kind === "Service")?.metadata.annotations ?? {};
                assert.equal(annotations["service.beta.kubernetes.io/oci-load-balancer-shape"], "flexible");
                assert.equal(
                    annotations["service.beta.kubernetes.io/oci-load-balancer-security-list-management-mode"],
                    "None",
                );
                assert.ok(annotations["oci.oraclecloud.com/oci-network-security-groups"]);
                assert.ok(annotations["service.beta.kubernetes.io/oci-load-balancer-subnet1"]);
                assert.equal(podTemplate(objects).metadata.labels?.istio, "ingressgateway");
            });
        }

        it("prod: replicas of istiod and the gateway survive a node", async () => {
            const prod = plans.get("prod")!;
            for (const release of ["istiod", "istio-ingressgateway"]) {
                const kinds = documents(await render(prod, release)).map(({ kind }) => kind);
                assert.ok(kinds.includes("PodDisruptionBudget"), `${release} has no PodDisruptionBudget`);
                assert.ok(kinds.includes("HorizontalPodAutoscaler"), `${release} has no HorizontalPodAutoscaler`);
            }
        });
    });

    describe("the access log", () => {
        for (const encoding of ["JSON", "TEXT"] as const) {
            it(`is ${encoding} on standard output of gateway and sidecars, as OCI's agent is told to parse it`, async () => {
                const given = overrides() as { istio?: object } | undefined;
                const istio = { ...given?.istio, meshConfig: { accessLogEncoding: encoding } };
                await updateMesh(await record({ stack: "local", override: { ...given, istio } }));
                const path = `/productpage?encoding=${encoding}`;
                // Proxies take up another format each in its own time.
                const inBoth = await until(async () => {
                    await request(gateway, path, (status) => status === 200);
                    const [entered = [], reached = []] = await Promise.all(
                        PROXIES.map((proxy) => requestsIn(proxy, encoding)),
                    );
                    const ids = reached.filter((record) => record.path === path).map(({ request_id }) => request_id);
                    return entered.find(({ request_id }) => ids.includes(request_id));
                });
                assert.ok(inBoth, "no request is in this format in both logs");
                assert.deepEqual([inBoth.method, inBoth.path, inBoth.response_code], ["GET", path, 200]);
                assert.match(String(inBoth.request_id), /^[0-9a-f-]{36}$/);
            });
        }
    });
});

/** Makes the namespaces of plans that the cluster does not have: a dry run makes none for what is to stand in it. */
async function addNamespaces(plans: Plan[]): Promise<string[]> {
    const there = (await get("namespaces")).map(({ metadata }) => metadata.name);
    const wanted = plans
        .flatMap((plan) => ofType(plan, "Namespace"))
        .map(({ inputs }) => (inputs.metadata as { name: string }).name);
    const missing = [...new Set(wanted)].filter((name) => !there.includes(name));
    await Promise.all(missing.map((name) => kubectl(["create", "namespace", name])));
    return missing;
}

/** A Secret like the one the prod stack expects in istio-system; analyze only looks whether it is there. */
const CERTIFICATE = JSON.stringify({
    apiVersion: "v1",
    kind: "Secret",
    type: "kubernetes.io/tls",
    metadata: { name: "bookinfo-tls", namespace: "istio-system" },
    data: { "tls.crt": "", "tls.key": "" },
});

/** One way into the mesh and one sidecar: namespace and Deployment. */
const PROXIES = [
    ["istio-system", "istio-ingressgateway"],
    ["bookinfo", "productpage-v1"],
] as const;

/** What OCI's agent makes of a proxy's lines, which on a node stand in the container runtime's format. */
async function requestsIn(
    [namespace, deployment]: (typeof PROXIES)[number],
    encoding: "JSON" | "TEXT",
): Promise<Record<string, unknown>[]> {
    const args = [
        "logs",
        "-n",
        namespace,
        `deploy/${deployment}`,
        "-c",
        "istio-proxy",
        "--timestamps",
        "--tail",
        "200",
    ];
    const lines = (await kubectl(args)).trimEnd().split("\n");
    return lines.flatMap((line) => {
        const [time = "", ...rest] = line.split(" ");
        const event = parse(accessLogSource(encoding).parser, `${time} stdout F ${rest.join(" ")}`);
        return event ? [event.record] : [];
    });
}

/** Generation of everything that has one, and the identity of each pod. */
async function generations(): Promise<Record<string, number | string>> {
    const kinds = "deployments,services,serviceaccounts,gateways.networking.istio.io,virtualservices,pods,configmaps";
    const namespaced = await Promise.all(["istio-system", "bookinfo"].map((namespace) => get(kinds, "-n", namespace)));
    return Object.fromEntries(
        namespaced
            .flat()
            .map(({ kind, metadata }) => [
                `${kind} ${metadata.namespace}/${metadata.name}`,
                metadata.generation ?? metadata.uid,
            ]),
    );
}

function documents(text: string): KubernetesObject[] {
    return parseAllDocuments(text)
        .map((document) => document.toJS() as KubernetesObject | null)
        .filter((object) => object !== null);
}

function podTemplate(objects: KubernetesObject[]): KubernetesObject {
    const deployment = objects.find(({ kind }) => kind === "Deployment") as unknown as {
        spec: { template: KubernetesObject };
    };
    return deployment.spec.template;
}

/** A pod as the gateway's Deployment makes it: analyze matches Istio Gateways with pods, not with Deployments. */
function gatewayPod(rendered: string): string {
    const template = podTemplate(documents(rendered));
    const metadata = { ...template.metadata, name: "istio-ingressgateway", namespace: "istio-system" };
    return JSON.stringify({ ...template, apiVersion: "v1", kind: "Pod", metadata });
}
