import { strict as assert } from "node:assert";
import { gzipSync } from "node:zlib";
import { installChecks } from "../../verify/checks/install";
import type { LiveObject } from "../../verify/cluster";
import { causesOf, known, namesOf, pod, runCheck, said, type Fakes, type Known } from "./support/fakes";

const object = (apiVersion: string, kind: string, name: string, more: object = {}): LiveObject => ({
    apiVersion,
    kind,
    metadata: { name, namespace: "istio-system" },
    ...more,
});

const node = (status: string): LiveObject =>
    object("v1", "Node", "n", { status: { conditions: [{ type: "Ready", status, message: "kubelet stopped" }] } });

/** As Helm stores a revision of a release. */
function release(name: string, version: string, status = "deployed", revision = 1): LiveObject {
    const text = JSON.stringify({ info: { status }, chart: { metadata: { version } }, config: { key: "sentinel" } });
    const packed = Buffer.from(gzipSync(text).toString("base64")).toString("base64");
    const metadata = {
        name: `sh.helm.release.v1.${name}.v${revision}`,
        namespace: "istio-system",
        labels: { owner: "helm", name, version: String(revision) },
    };
    return { apiVersion: "v1", kind: "Secret", metadata, data: { release: packed } };
}

const deployment = (name: string, ready: number, replicas = 1): LiveObject =>
    object("apps/v1", "Deployment", name, {
        spec: { replicas, selector: { matchLabels: { app: name } } },
        status: { readyReplicas: ready },
    });

function webhooks(kind: string, caBundle?: string): LiveObject {
    const made = object("admissionregistration.k8s.io/v1", kind, "istio", {
        webhooks: [{ name: "a", clientConfig: { caBundle } }],
    });
    return { ...made, metadata: { ...made.metadata, labels: { "app.kubernetes.io/part-of": "istio" } } };
}

const ISTIOD = pod("istiod-1", { app: "istiod" });
const istiod = { ...ISTIOD, metadata: { ...ISTIOD.metadata, namespace: "istio-system" } };
const syncz = (...proxies: object[]): Fakes => ({ objects: [istiod], exec: () => said(JSON.stringify(proxies)) });

describe("the checks of the installation", () => {
    let stack: Known;

    before(async () => (stack = await known()));

    const run = (name: string, fakes: Fakes) => runCheck(installChecks, name, stack, fakes);

    const kubelets: [version: string, verdict: string][] = [
        ["v1.34.3", "passed"],
        ["v1.31.9", "failed"],
        ["v1.37.0", "failed"],
    ];
    for (const [kubeletVersion, verdict] of kubelets) {
        it(`nodes of ${kubeletVersion}: ${verdict}`, async () => {
            const objects = [object("v1", "Node", "n", { status: { conditions: [], nodeInfo: { kubeletVersion } } })];
            const finding = await run("Kubernetes for Istio", { objects });
            assert.deepEqual([finding.verdict, finding.seen], [verdict, kubeletVersion]);
        });
    }

    it("are made for nodes, each release, istiod, the gateway, webhooks and proxies", () =>
        assert.deepEqual(namesOf(installChecks, stack), [
            "nodes",
            "Kubernetes for Istio",
            "release istio-base",
            "release istiod",
            "release istio-ingressgateway",
            "istiod",
            "istio-ingressgateway",
            "webhook: injection of sidecars",
            "webhook: validation of Istio's objects",
            "proxies",
        ]));

    const version = () => stack.settings.istio.version;
    const proxy = (more: object = {}) => ({ proxy: "details-v1.bookinfo", istio_version: version(), ...more });

    const table: [name: string, what: string, fakes: () => Fakes, verdict: string, said: RegExp][] = [
        ["nodes", "all ready", () => ({ objects: [node("True")] }), "passed", /^1 ready/],
        ["nodes", "one that is not", () => ({ objects: [node("True"), node("Unknown")] }), "failed", /kubelet stopped/],
        ["nodes", "none", () => ({}), "failed", /has no node/],
        ["release istiod", "as set", () => ({ objects: [release("istiod", version())] }), "passed", /deployed at/],
        ["release istiod", "none", () => ({}), "failed", /never installed/],
        [
            "release istiod",
            "another version",
            () => ({ objects: [release("istiod", "1.0.0")] }),
            "failed",
            /Another version/,
        ],
        [
            "release istiod",
            "an upgrade that did not end, by its last revision",
            () => ({
                objects: [
                    release("istiod", version(), "deployed", 9),
                    release("istiod", version(), "pending-upgrade", 10),
                ],
            }),
            "failed",
            /did not end/,
        ],
        ["istiod", "ready", () => ({ objects: [deployment("istiod", 1)] }), "passed", /1 ready/],
        ["istiod", "scaled to zero", () => ({ objects: [deployment("istiod", 0, 0)] }), "failed", /It is scaled to 0/],
        ["istiod", "none", () => ({}), "failed", /The Deployment is missing/],
        [
            "istiod",
            "a pod that crashes",
            () => ({
                objects: [
                    deployment("istiod", 0),
                    {
                        ...istiod,
                        status: {
                            phase: "Running",
                            containerStatuses: [
                                { name: "discovery", ready: false, state: { waiting: { reason: "CrashLoopBackOff" } } },
                            ],
                        },
                    },
                ],
            }),
            "failed",
            /discovery is waiting: CrashLoopBackOff/,
        ],
        [
            "webhook: injection of sidecars",
            "with CA",
            () => ({ objects: [webhooks("MutatingWebhookConfiguration", "LS0t")] }),
            "passed",
            /1 with CA/,
        ],
        [
            "webhook: injection of sidecars",
            "without CA",
            () => ({ objects: [webhooks("MutatingWebhookConfiguration")] }),
            "failed",
            /has not written its CA/,
        ],
        ["webhook: validation of Istio's objects", "none", () => ({}), "failed", /configuration is missing/],
        [
            "proxies",
            "in sync",
            () => syncz(proxy(), proxy({ route_sent: "1", route_acked: "1" })),
            "passed",
            /2 in sync/,
        ],
        [
            "proxies",
            "one behind",
            () => syncz(proxy({ route_sent: "2", route_acked: "1" })),
            "failed",
            /has not taken up/,
        ],
        ["proxies", "an old one", () => syncz(proxy({ istio_version: "1.0.0" })), "failed", /runs 1\.0\.0/],
        ["proxies", "none", () => syncz(), "failed", /No proxy is connected/],
        ["proxies", "no istiod", () => ({}), "failed", /istiod does not run/],
    ];
    for (const [name, what, fakes, verdict, pattern] of table) {
        it(`${name}: ${what}: ${verdict}`, async () => {
            const finding = await run(name, fakes());
            assert.equal(finding.verdict, verdict, finding.seen);
            assert.match([finding.seen, ...causesOf(finding)].join("\n"), pattern);
        });
    }

    describe("of two revisions", () => {
        const revisions = { "1-31-4": { version: "1.31.4" } };
        let two: Known;

        before(async () => (two = await known({ istio: { version: "1.30.8", revisions } })));

        it("are made for both istiods", () => {
            const istiods = namesOf(installChecks, two).filter((name) => name.startsWith("istiod"));
            assert.deepEqual(istiods, ["istiod", "istiod-1-31-4"]);
        });

        const table: [what: string, versions: Record<string, string>, verdict: string][] = [
            ["each at the version of its istiod", { default: "1.30.8", "1-31-4": "1.31.4" }, "passed"],
            ["one that moved and did not restart", { default: "1.30.8", "1-31-4": "1.30.8" }, "failed"],
        ];
        for (const [what, versions, verdict] of table) {
            it(`expect proxies to be at the version of their istiod: ${what}: ${verdict}`, async () => {
                const objects = Object.keys(versions).map((revision) => ({
                    ...istiod,
                    metadata: {
                        ...istiod.metadata,
                        name: revision,
                        labels: { app: "istiod", "istio.io/rev": revision },
                    },
                }));
                const exec: Fakes["exec"] = ({ pod }) =>
                    said(JSON.stringify([proxy({ istio_version: versions[pod] })]));
                const finding = await runCheck(installChecks, "proxies", two, { objects, exec });
                assert.equal(finding.verdict, verdict, finding.seen);
            });
        }
    });

    it("repeat nothing of what a release holds", async () => {
        const finding = await run("release istiod", { objects: [release("istiod", "1.0.0")] });
        assert.doesNotMatch(JSON.stringify(finding), /sentinel/);
    });
});
