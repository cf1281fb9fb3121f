import { strict as assert } from "node:assert";
import { record } from "../../plan/record/record";
import { renderTable } from "../../verify/report";
import { exitCodeOf, runChecks } from "../../verify/run";
import { onCluster } from "./support/cluster";
import { kubectl } from "./support/command";
import { eventually } from "./support/eventually";
import { added, assertFound, changed, deleted, object, pod, scaled, type Round } from "./support/faults";
import { updateMesh } from "./support/mesh";
import { Certificates, HOST, SECOND, verifiedSettings } from "./support/verified";
import { assertVerified, freshLook, knownNow } from "./support/verify";

const OBJECTS = "objects that govern the mesh";

/** Helm keeps a release in Secrets, which it finds by their labels. */
const labelRelease = (from: string, to: string) =>
    kubectl([
        ...["label", "secret", "-n", "istio-system", "-l", `owner=helm,name=${from}`],
        ...[`name=${to}`, "--overwrite"],
    ]);

const noSidecar = { "sidecar.istio.io/inject": "false" };

describe("verify on a cluster", function () {
    let certificates: Certificates;
    let known: ReturnType<typeof knownNow>;

    onCluster();

    before(async () => {
        certificates = await Certificates.new();
        await updateMesh(await record({ stack: "local", override: verifiedSettings() }));
        known = knownNow();
        await certificates.serveAll();
    });

    after(() => Certificates.remove());

    it("passes every check of a stack that is as its settings say", async () => {
        const results = await assertVerified();
        const groups = new Set(results.map(({ check }) => check.group));
        assert.deepEqual([...groups], ["install", "services", "gateway", "traffic", "security", "logging", "objects"]);
        assert.ok(results.filter(({ finding }) => finding.verdict === "passed").length > 50, renderTable(results));
    });

    const rounds: Round[] = [
        {
            groups: ["gateway", "traffic", "security", "logging", "objects"],
            faults: [
                {
                    what: "an additional AuthorizationPolicy that denies",
                    ...added(
                        object("security.istio.io/v1", "AuthorizationPolicy", "try-it", {
                            action: "DENY",
                            rules: [{ to: [{ operation: { methods: ["GET"] } }] }],
                            selector: { matchLabels: { app: "reviews" } },
                        }),
                    ),
                    failing: [/^(curl|productpage) calls reviews$/, OBJECTS],
                    cause: /An AuthorizationPolicy denied the request/,
                },
                {
                    what: "a policy that was deleted",
                    ...deleted("AuthorizationPolicy", "ratings-callers"),
                    failing: ["reviews calls ratings", OBJECTS],
                    cause: /AuthorizationPolicy bookinfo\/ratings-callers .* is missing/,
                },
                {
                    what: "a DestinationRule that turns mutual TLS off",
                    ...added(
                        object("networking.istio.io/v1", "DestinationRule", "try-it", {
                            host: "httpbin",
                            trafficPolicy: { tls: { mode: "DISABLE" } },
                        }),
                    ),
                    failing: [/^\w+ calls httpbin$/, OBJECTS],
                    cause: /connect to the service|closed the connection/,
                },
                {
                    what: "weights that were changed",
                    ...changed("VirtualService", "reviews", {
                        http: [
                            {
                                route: [
                                    { destination: { host: "reviews", subset: "v1" }, weight: 90 },
                                    { destination: { host: "reviews", subset: "v3" }, weight: 10 },
                                ],
                            },
                        ],
                    }),
                    failing: ["traffic.services.reviews.route", OBJECTS],
                    cause: /other shares/,
                },
                {
                    what: "a delay that nobody set",
                    ...changed("VirtualService", "details", {
                        http: [
                            {
                                fault: { delay: { fixedDelay: "4.2s", percentage: { value: 100 } } },
                                route: [{ destination: { host: "details", subset: "v1" } }],
                            },
                        ],
                    }),
                    failing: ["traffic.services.details.timeout", OBJECTS],
                    cause: /do not have this setting/,
                },
                {
                    what: "an access log that is off",
                    ...added(
                        object("telemetry.istio.io/v1", "Telemetry", "try-it", {
                            selector: { matchLabels: { app: "productpage" } },
                            accessLogging: [{ providers: [{ name: "envoy" }], disabled: true }],
                        }),
                    ),
                    failing: ["access log on standard output", "traffic.services.productpage.route", OBJECTS],
                    cause: /The proxy of productpage has no access log/,
                },
                {
                    what: "an expired certificate",
                    make: () => certificates.serve(HOST, { notBefore: new Date("2025-01-01") }),
                    undo: () => certificates.serve(HOST),
                    failing: [`certificate of ${HOST}`],
                    cause: /has expired/,
                },
                {
                    what: "a certificate for another host",
                    make: () => certificates.serve(SECOND, { of: "other.example.com" }),
                    undo: () => certificates.serve(SECOND),
                    failing: [`certificate of ${SECOND}`],
                    cause: /is for DNS:other.example.com, not for/,
                },
            ],
        },
        {
            groups: ["security", "objects"],
            faults: [
                {
                    what: "an additional AuthorizationPolicy that allows everything",
                    ...added(object("security.istio.io/v1", "AuthorizationPolicy", "try-it", { rules: [{}] })),
                    failing: [/^\w+ calls \w+$/, OBJECTS],
                    cause: /no policy of the settings allows it/,
                },
                {
                    what: "mutual TLS that is only offered",
                    ...changed("PeerAuthentication", "default", { mtls: { mode: "PERMISSIVE" } }),
                    failing: [/^a client without sidecar calls /, OBJECTS],
                    cause: /PeerAuthentication istio-system\/default .* is changed at spec.mtls.mode/,
                },
            ],
        },
        {
            groups: ["install", "services", "gateway"],
            faults: [
                {
                    what: "a Service whose selector fits nothing",
                    ...changed("Service", "details", { selector: { app: "nothing" } }),
                    failing: ["details"],
                    cause: /The Service details selects no ready pod/,
                },
                {
                    what: "a pod without sidecar",
                    ...added(pod("without-sidecar", { app: "httpbin", ...noSidecar })),
                    failing: ["httpbin"],
                    cause: /without-sidecar has no sidecar/,
                },
                {
                    what: "a pod that no node can take",
                    ...added(pod("without-node", { app: "curl" }, { nodeSelector: { none: "such" } })),
                    failing: ["curl"],
                    cause: /without-node has no node: .*didn't match/,
                },
                {
                    what: "a pod whose image is not there",
                    ...added(pod("without-image", { app: "reviews", ...noSidecar }, {}, { imagePullPolicy: "Never" })),
                    failing: ["reviews"],
                    cause: /container none is waiting: ErrImageNeverPull/,
                },
                {
                    what: "a pod with the image that injection should have replaced",
                    ...added(pod("image-auto", { app: "ratings", ...noSidecar }, {}, { image: "auto" })),
                    failing: ["ratings"],
                    cause: /image-auto has the image "auto"/,
                },
                {
                    what: "a release that is gone",
                    make: () => labelRelease("istio-base", "gone"),
                    undo: () => labelRelease("gone", "istio-base"),
                    failing: ["release istio-base"],
                    cause: /never installed, or removed/,
                },
                {
                    what: "a Gateway with another host",
                    ...changed("Gateway", "bookinfo-gateway", {
                        servers: [
                            { hosts: ["other.example.com"], port: { name: "http", number: 80, protocol: "HTTP" } },
                        ],
                    }),
                    failing: [/^(productpage at|certificate of|HTTP at) /, "HTTPS for other hosts"],
                    cause: /serves no HTTPS for this host/,
                },
            ],
        },
        {
            groups: ["install", "services", "gateway"],
            faults: [
                {
                    what: "a gateway without pods",
                    ...scaled("istio-ingressgateway"),
                    failing: [
                        "istio-ingressgateway",
                        /^(productpage at|certificate of|HTTP at) /,
                        "other hosts",
                        "HTTPS for other hosts",
                    ],
                    cause: /It is scaled to 0/,
                },
                {
                    what: "an istiod without pods",
                    ...scaled("istiod"),
                    failing: ["istiod", "proxies"],
                    cause: /It is scaled to 0/,
                },
                {
                    what: "a pod that cannot be created, because the webhook is not reached",
                    make: async () => {
                        await kubectl(["wait", "--for=delete", "pod", "-l", "app=istiod", "-n", "istio-system"]);
                        await kubectl(["delete", "pods", "-l", "app=ratings", "-n", "bookinfo", "--wait=false"]);
                    },
                    undo: () => kubectl(["rollout", "status", "deployment/ratings-v1", "-n", "bookinfo"]),
                    failing: ["ratings"],
                    cause: /ratings-v1 cannot create pods: .*failed calling webhook/,
                },
            ],
        },
    ];

    for (const { groups, faults } of rounds) {
        it(`finds ${faults.map(({ what }) => what).join("; ")}`, async () => {
            // One after another: what one needs, the one before it may have brought about.
            for (const { make } of faults) {
                await make();
            }
            try {
                await eventually(async () => {
                    const look = freshLook(known, groups);
                    const results = await runChecks(look, () => undefined);
                    look.close();
                    assertFound(results, faults);
                    assert.equal(exitCodeOf(results), 1);
                });
            } finally {
                await Promise.all(faults.map(({ undo }) => undo()));
            }
        });
    }
});
