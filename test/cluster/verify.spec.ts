import { strict as assert } from "node:assert";
import { readSettings, type StackSettings } from "../../config/load";
import type { Plan } from "../../plan/model";
import { kubernetesObject } from "../../plan/kubernetesObject";
import { isApplied } from "../../plan/report/manifests";
import { record } from "../../plan/record/record";
import { causesIn, type Group } from "../../verify/check";
import { renderTable } from "../../verify/report";
import { exitCodeOf, runChecks, runUntilPassed, type Result } from "../../verify/run";
import { newAuthority, newCertificate, type Pair } from "../support/certificates";
import { onCluster, overrides } from "./support/cluster";
import { kubectl } from "./support/command";
import { eventually } from "./support/eventually";
import { updateMesh } from "./support/mesh";
import { PATIENCE } from "./support/until";
import { freshLook } from "./support/verify";

const HOST = "bookinfo.example.com";
const OBJECTS = "objects that govern the mesh";

/** Several features at once: the checks of each must hold beside those of the others. */
const SETTINGS = {
    clients: { curl: true, httpbin: true, legacy: true },
    gateway: {
        hosts: [HOST],
        tls: { mode: "simple", certificate: { source: "existing", secretName: "verified-tls" } },
    },
    traffic: { scenario: "reviews-split", services: { details: { route: { v1: 100 }, timeout: "3s" } } },
    security: {
        mtls: { mode: "STRICT" },
        authorization: { mode: "zero-trust", calls: { curl: ["reviews"] } },
    },
};

/** Something wrong in the cluster, and what must be found of it. */
interface Fault {
    what: string;
    groups: Group[];
    make: () => Promise<unknown>;
    undo: () => Promise<unknown>;
    /** Names of the checks that fail, and no others: which pods have curl, and so can be callers, depends on the images. */
    failing: (string | RegExp)[];
    cause: RegExp;
}

interface Planned {
    kind: string;
    metadata?: { name: string };
    spec: object;
}

interface Added extends Planned {
    apiVersion: string;
    metadata: { name: string; namespace: string; labels?: Record<string, string> };
}

describe("verify on a cluster", function () {
    let plan: Plan;
    let settings: StackSettings;
    let certificate: Pair;
    let authority: Pair;

    onCluster();

    before(async () => {
        authority = await newAuthority();
        certificate = await certificateFor(HOST);
        plan = await record({ stack: "local", override: overrides(SETTINGS) });
        settings = readSettings();
        await updateMesh(plan);
        await serve(certificate);
    });

    after(() => kubectl(["delete", "secret", "verified-tls", "-n", "istio-system", "--ignore-not-found"]));

    const certificateFor = (host: string, notBefore?: Date) =>
        newCertificate(authority, {
            commonName: host,
            dnsNames: [host],
            uses: ["digital_signature", "server_auth"],
            validityHours: 24 * 30,
            notBefore,
        });

    const serve = (pair: Pair) =>
        apply({
            apiVersion: "v1",
            kind: "Secret",
            type: "kubernetes.io/tls",
            metadata: { name: "verified-tls", namespace: "istio-system" },
            stringData: { "tls.crt": pair.certificate, "tls.key": pair.key },
        });

    it("passes every check of a stack that is as its settings say", async () => {
        const results = await runUntilPassed(
            () => freshLook(plan, settings),
            PATIENCE,
            () => undefined,
        );
        assert.equal(exitCodeOf(results), 0, renderTable(results));
        const groups = new Set(results.map(({ check }) => check.group));
        assert.deepEqual([...groups], ["install", "services", "gateway", "traffic", "security", "objects"]);
        assert.ok(results.filter(({ finding }) => finding.verdict === "passed").length > 40, renderTable(results));
        if (process.env.VERIFY_TABLE) {
            console.log(renderTable(results));
        }
    });

    /** Applies an object of the plan, as it is or changed. */
    function applyPlanned(kind: string, name: string, change: (object: Planned) => object = (same) => same) {
        const objects = plan.resources
            .filter(isApplied)
            .map((resource) => kubernetesObject(resource) as unknown as Planned);
        const found = objects.find((each) => each.kind === kind && each.metadata?.name === name);
        assert.ok(found, `${kind} ${name} is not planned`);
        return apply(change(found));
    }

    /** A change of an object's spec, and back. */
    const changed = (kind: string, name: string, spec: object): Pick<Fault, "make" | "undo"> => ({
        make: () => applyPlanned(kind, name, (planned) => ({ ...planned, spec: { ...planned.spec, ...spec } })),
        undo: () => applyPlanned(kind, name),
    });

    const added = (given: Added): Pick<Fault, "make" | "undo"> => ({
        make: () => apply(given),
        undo: () => remove(given.kind, given.metadata.name, given.metadata.namespace),
    });

    const scaled = (deployment: string): Pick<Fault, "make" | "undo"> => {
        const at = [`deployment/${deployment}`, "-n", "istio-system"];
        return {
            make: () => kubectl(["scale", ...at, "--replicas", "0"]),
            undo: async () => {
                await kubectl(["scale", ...at, "--replicas", "1"]);
                await kubectl(["rollout", "status", ...at, "--timeout", `${PATIENCE}s`]);
            },
        };
    };

    const faults: Fault[] = [
        {
            what: "an additional AuthorizationPolicy that allows everything",
            groups: ["security", "objects"],
            ...added(object("security.istio.io/v1", "AuthorizationPolicy", "try-it", { rules: [{}] })),
            failing: [/^\w+ calls \w+$/, OBJECTS],
            cause: /no policy of the settings allows it/,
        },
        {
            what: "an additional AuthorizationPolicy that denies",
            groups: ["security"],
            ...added(
                object("security.istio.io/v1", "AuthorizationPolicy", "try-it", {
                    action: "DENY",
                    rules: [{ to: [{ operation: { methods: ["GET"] } }] }],
                    selector: { matchLabels: { app: "reviews" } },
                }),
            ),
            failing: [/^(curl|productpage) calls reviews$/],
            cause: /An AuthorizationPolicy denied the request/,
        },
        {
            what: "a policy that was deleted",
            groups: ["security", "objects"],
            make: () => remove("authorizationpolicy", "reviews-callers"),
            undo: () => applyPlanned("AuthorizationPolicy", "reviews-callers"),
            failing: [/^(curl|productpage) calls reviews$/, OBJECTS],
            cause: /AuthorizationPolicy bookinfo\/reviews-callers .* is missing/,
        },
        {
            what: "mutual TLS that is only offered",
            groups: ["security", "objects"],
            ...changed("PeerAuthentication", "default", { mtls: { mode: "PERMISSIVE" } }),
            failing: [/^a client without sidecar calls /, OBJECTS],
            cause: /PeerAuthentication istio-system\/default .* is changed at spec.mtls.mode/,
        },
        {
            what: "a DestinationRule that turns mutual TLS off",
            groups: ["security"],
            ...changed("DestinationRule", "reviews", { trafficPolicy: { tls: { mode: "DISABLE" } } }),
            failing: [/^\w+ calls reviews$/],
            cause: /connect to the service|closed the connection/,
        },
        {
            what: "weights that were changed",
            groups: ["traffic"],
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
            failing: ["traffic.services.reviews.route"],
            cause: /other shares/,
        },
        {
            what: "a delay that nobody set",
            groups: ["traffic"],
            ...changed("VirtualService", "details", {
                http: [
                    {
                        fault: { delay: { fixedDelay: "5s", percentage: { value: 100 } } },
                        route: [{ destination: { host: "details", subset: "v1" } }],
                    },
                ],
            }),
            failing: ["traffic.services.details.timeout"],
            cause: /do not have this setting/,
        },
        {
            what: "an expired certificate",
            groups: ["gateway"],
            make: async () => serve(await certificateFor(HOST, new Date("2025-01-01"))),
            undo: () => serve(certificate),
            failing: [`certificate of ${HOST}`],
            cause: /has expired/,
        },
        {
            what: "a certificate for another host",
            groups: ["gateway"],
            make: async () => serve(await certificateFor("other.example.com")),
            undo: () => serve(certificate),
            failing: [`certificate of ${HOST}`],
            cause: /is for DNS:other.example.com, not for/,
        },
        {
            what: "a Gateway with another host",
            groups: ["gateway", "objects"],
            ...changed("Gateway", "bookinfo-gateway", {
                servers: [{ hosts: ["other.example.com"], port: { name: "http", number: 80, protocol: "HTTP" } }],
            }),
            failing: [`productpage at ${HOST}`, `certificate of ${HOST}`, `HTTP at ${HOST}`, OBJECTS],
            cause: /serves no HTTPS for this host/,
        },
        {
            what: "a Service whose selector fits nothing",
            groups: ["services"],
            ...changed("Service", "details", { selector: { app: "nothing" } }),
            failing: ["details"],
            cause: /The Service details selects no ready pod/,
        },
        {
            what: "a pod without sidecar",
            groups: ["services"],
            ...added(pod({ labels: { app: "httpbin", "sidecar.istio.io/inject": "false" } })),
            failing: ["httpbin"],
            cause: /try-it has no sidecar/,
        },
        {
            what: "a pod that no node can take",
            groups: ["services"],
            ...added(pod({ labels: { app: "httpbin" }, nodeSelector: { none: "such" } })),
            failing: ["httpbin"],
            cause: /try-it has no node: .*didn't match/,
        },
        {
            what: "a pod whose image is not there",
            groups: ["services"],
            ...added(pod({ labels: { app: "httpbin", "sidecar.istio.io/inject": "false" }, pull: "Never" })),
            failing: ["httpbin"],
            cause: /container none is waiting: ErrImageNeverPull/,
        },
        {
            what: "a release that is gone",
            groups: ["install"],
            make: () => kubectl([...labelRelease("istio-base"), "name=gone", "--overwrite"]),
            undo: () => kubectl([...labelRelease("gone"), "name=istio-base", "--overwrite"]),
            failing: ["release istio-base"],
            cause: /never installed, or removed/,
        },
        {
            what: "a gateway without pods",
            groups: ["install", "gateway"],
            ...scaled("istio-ingressgateway"),
            failing: [
                "istio-ingressgateway",
                `productpage at ${HOST}`,
                `certificate of ${HOST}`,
                `HTTP at ${HOST}`,
                "other hosts",
            ],
            cause: /It is scaled to 0/,
        },
        {
            what: "an istiod without pods",
            groups: ["install"],
            ...scaled("istiod"),
            failing: ["istiod", "proxies"],
            cause: /It is scaled to 0/,
        },
    ];

    for (const { what, groups, make, undo, failing, cause } of faults) {
        it(`finds ${what}`, async () => {
            await make();
            try {
                await eventually(async () => {
                    const look = freshLook(plan, settings, groups);
                    const results = await runChecks(look, () => undefined);
                    look.close();
                    assertFailing(results, failing, cause);
                });
            } finally {
                await undo();
            }
        });
    }
});

function assertFailing(results: Result[], failing: Fault["failing"], cause: RegExp): void {
    const failed = results.filter(({ finding }) => finding.verdict === "failed");
    const names = failed.map(({ check }) => check.name);
    const table = renderTable(results);
    const fits = (name: string, wanted: string | RegExp) =>
        typeof wanted === "string" ? name === wanted : wanted.test(name);
    assert.deepEqual(
        names.filter((name) => !failing.some((wanted) => fits(name, wanted))),
        [],
        table,
    );
    assert.deepEqual(
        failing.filter((wanted) => !names.some((name) => fits(name, wanted))),
        [],
        table,
    );
    assert.ok(
        failed.some(({ finding }) => causesIn(finding).some(({ what }) => cause.test(what))),
        table,
    );
    assert.equal(exitCodeOf(results), 1, table);
}

function object(apiVersion: string, kind: string, name: string, spec: object): Added {
    return { apiVersion, kind, metadata: { name, namespace: "bookinfo" }, spec };
}

/** A pod of bookinfo that never runs. */
function pod({
    labels,
    pull,
    ...spec
}: {
    labels: Record<string, string>;
    pull?: string;
    nodeSelector?: object;
}): Added {
    const containers = [{ name: "none", image: "example.invalid/none:1", imagePullPolicy: pull }];
    const metadata = { name: "try-it", namespace: "bookinfo", labels };
    return { apiVersion: "v1", kind: "Pod", metadata, spec: { containers, ...spec } };
}

/** Helm keeps a release in Secrets, which it finds by their labels. */
const labelRelease = (name: string) => ["label", "secret", "-n", "istio-system", "-l", `owner=helm,name=${name}`];

const apply = (given: object) =>
    kubectl(
        ["apply", "--server-side", "--field-manager", "oke-mesh-test", "--force-conflicts", "-f", "-"],
        JSON.stringify(given),
    );

const remove = (kind: string, name: string, namespace = "bookinfo") =>
    kubectl(["delete", kind, name, "-n", namespace, "--wait", "--ignore-not-found"]);
