import { strict as assert } from "node:assert";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { addonChecks } from "../../verify/checks/addons";
import { ofType } from "../../plan/query";
import { alarmChecks } from "../../verify/checks/alarms";
import { logChecks } from "../../verify/checks/logging";
import { tracingChecks } from "../../verify/checks/tracing";
import type { Finding } from "../../verify/check";
import type { LiveObject } from "../../verify/cluster";
import type { Asked } from "../../verify/http";
import { lettingTimePass } from "./support/passingTime";
import { causesOf, known, namesOf, pod, podsOfAll, runCheck, said, type Fakes, type Known } from "./support/fakes";

const commandIn = (finding: Finding) => ("causes" in finding ? finding.causes?.[0]?.command : undefined) ?? "";

const inIstioSystem = (name: string, labels: Record<string, string>, ports: object[] = []): LiveObject => {
    const made = pod(name, labels, { spec: { containers: [{ name: "main", image: "x", ports: ports as never }] } });
    return { ...made, metadata: { ...made.metadata, namespace: "istio-system" } };
};

const service = (name: string, port: number, targetPort: number | string, app: string): LiveObject => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: "istio-system" },
    spec: { selector: { app }, ports: [{ port, targetPort }] },
});

const GATEWAY = inIstioSystem("gateway-1", { istio: "ingressgateway", app: "istio-ingressgateway" });

/** A server in a pod: what it answers by path, and which ports of which pods were forwarded. */
class Backend {
    private server?: Server;
    readonly forwarded: string[] = [];

    constructor(private readonly answers: (path: string) => [status: number, body?: string]) {}

    async fakes(objects: LiveObject[]): Promise<Fakes> {
        this.server = createServer((request, response) => {
            const [status, body = ""] = this.answers(request.url ?? "");
            response.writeHead(status).end(body);
        });
        await new Promise<void>((resolve) => this.server?.listen(0, "127.0.0.1", resolve));
        const { port } = this.server.address() as AddressInfo;
        const forward = (name: string, target: number) => {
            this.forwarded.push(`${name}:${target}`);
            return port;
        };
        return { objects, forward, ask: () => ({ status: 200 }) };
    }

    close() {
        this.server?.close();
    }
}

describe("the checks of add-ons", () => {
    const TARGETS = "Prometheus's targets";
    let stack: Known;
    let backend: Backend | undefined;

    before(async () => {
        const on = { enabled: true };
        stack = await known({ addons: { prometheus: on, grafana: on, jaeger: on } });
    });
    afterEach(() => backend?.close());

    const prometheus = [
        inIstioSystem("prometheus-1", { app: "prometheus" }, [{ name: "web", containerPort: 9090 }]),
        service("prometheus", 9090, "web", "prometheus"),
    ];

    async function run(name: string, answers: (path: string) => [number, string?], objects = prometheus) {
        backend = new Backend(answers);
        return runCheck(addonChecks, name, stack, await backend.fakes(objects));
    }

    it("are one for each that is on, and Prometheus's targets", () =>
        assert.deepEqual(namesOf(addonChecks, stack), ["prometheus", "grafana", "jaeger", TARGETS]));

    it("are none without add-ons", async () => assert.deepEqual(namesOf(addonChecks, await known()), []));

    it("ask for a page at the port that its Service leads to, by name or number", async () => {
        assert.deepEqual(await run("prometheus", (path) => [path === "/" ? 302 : 404]), {
            verdict: "passed",
            seen: "status 302",
        });
        assert.deepEqual(backend?.forwarded, ["prometheus-1:9090"]);
        backend?.close();
        const jaeger = [inIstioSystem("jaeger-1", { app: "jaeger" }), service("tracing", 80, 16686, "jaeger")];
        assert.equal((await run("jaeger", () => [200], jaeger)).verdict, "passed");
        assert.deepEqual(backend?.forwarded, ["jaeger-1:16686"]);
    });

    it("fail where it answers with an error, and where no pod is ready, and say why that is", async () => {
        const broken = await run("prometheus", () => [500]);
        assert.deepEqual([broken.verdict, broken.seen], ["failed", "status 500"]);
        backend?.close();
        const labels = { app: "prometheus", "app.kubernetes.io/instance": "prometheus" };
        const waiting = inIstioSystem("prometheus-1", labels);
        const pending = { ...waiting, status: { phase: "Pending", conditions: [] } };
        const finding = await run("prometheus", () => [200], [pending, prometheus[1]!]);
        assert.equal(finding.seen, "no ready pod");
        assert.match(causesOf(finding)[0] ?? "", /prometheus-1 is not ready yet/);
    });

    const target = (health: string, lastError = "") => ({ scrapeUrl: "http://10.0.0.1:15020/m", health, lastError });
    const targets: [what: string, targets: object[], verdict: string, said: RegExp][] = [
        ["all up", [target("up"), target("up")], "passed", /^2 up$/],
        [
            "one down",
            [target("up"), target("down", "connection refused")],
            "failed",
            /^1 of 2 not up.*10\.0\.0\.1:15020\/m is down: connection refused/s,
        ],
        ["one not read yet", [target("unknown")], "failed", /is unknown: not read yet/],
        ["none", [], "failed", /found nothing to read from/],
    ];
    for (const [what, activeTargets, verdict, pattern] of targets) {
        it(`${TARGETS}: ${what}: ${verdict}`, async () => {
            const finding = await run(TARGETS, (path) =>
                path === "/api/v1/targets?state=active"
                    ? [200, JSON.stringify({ status: "success", data: { activeTargets } })]
                    : [404],
            );
            assert.equal(finding.verdict, verdict);
            assert.match([finding.seen, ...causesOf(finding)].join("\n"), pattern);
        });
    }
});

describe("the checks of tracing", () => {
    lettingTimePass();

    let backend: Backend | undefined;
    afterEach(() => backend?.close());

    const NAMES = { jaeger: "a request's trace in Jaeger", zipkin: "a request's trace in Zipkin" };
    const jaeger = [inIstioSystem("jaeger-1", { app: "jaeger" }), service("tracing", 80, 16686, "jaeger")];
    const zipkin = [inIstioSystem("zipkin-1", { app: "zipkin" }), service("zipkin", 9411, 9411, "zipkin")];

    async function traced(kind: "jaeger" | "zipkin", objects: LiveObject[], answer: (id: string) => [number, string?]) {
        const stack = await known({ tracing: { backend: kind }, addons: { [kind]: { enabled: true } } });
        const asked: Asked[] = [];
        const paths: string[] = [];
        backend = new Backend((path) => {
            paths.push(path);
            return answer(asked[0]?.headers?.["x-b3-traceid"] ?? "");
        });
        const fakes = await backend.fakes(objects);
        const ask = (_: number, each: Asked) => {
            asked.push(each);
            return { status: 200 };
        };
        const finding = await runCheck(tracingChecks, NAMES[kind], stack, { ...fakes, ask });
        return { finding, paths, headers: asked[0]?.headers ?? {} };
    }

    const resource = (name: string) => ({
        resource: { attributes: [{ key: "service.name", value: { stringValue: name } }] },
        scopeSpans: [{ spans: [{}] }],
    });

    it("find a request's trace in Jaeger by the id that it was sent with, whatever the sampling", async () => {
        const resourceSpans = [resource("productpage.bookinfo"), resource("istio-ingressgateway.istio-system")];
        const { finding, paths, headers } = await traced("jaeger", jaeger, () => [
            200,
            JSON.stringify({ result: { resourceSpans } }),
        ]);
        assert.deepEqual(finding, {
            verdict: "passed",
            seen: "spans of istio-ingressgateway.istio-system, productpage.bookinfo",
        });
        const [, id] = /^00-([0-9a-f]{32})-[0-9a-f]{16}-01$/.exec(headers.traceparent ?? "") ?? [];
        assert.deepEqual(
            [paths, headers["x-b3-traceid"], headers["x-b3-sampled"]],
            [[`/api/v3/traces/${id}`], id, "1"],
        );
    });

    it("find it in Zipkin, also when it comes late", async () => {
        let tries = 0;
        const { finding, paths } = await traced("zipkin", zipkin, () =>
            tries++ === 0 ? [404] : [200, '[{"localEndpoint":{"serviceName":"productpage.bookinfo"}}]'],
        );
        assert.deepEqual(finding, { verdict: "passed", seen: "spans of productpage.bookinfo" });
        assert.equal(paths.length, 2);
        assert.match(paths[0]!, /^\/api\/v2\/trace\/[0-9a-f]{32}$/);
    });

    it("fail at once where the add-on does not answer", async () => {
        const { finding } = await traced("zipkin", zipkin, () => [500, "out of memory"]);
        assert.deepEqual(causesOf(finding), ["The add-on does not answer."]);
    });

    it("find a gateway without tracer, which istiod leaves out where it does not know the host", async () => {
        const stack = await known({ tracing: { backend: "zipkin" }, addons: { zipkin: { enabled: true } } });
        const run = (dump: string) =>
            runCheck(tracingChecks, "tracer of the gateway", stack, { objects: [GATEWAY], exec: () => said(dump) });
        assert.equal((await run('{"provider": {"name": "envoy.tracers.zipkin"}}')).seen, "envoy.tracers.zipkin");
        assert.match(causesOf(await run("{}")).join(), /does not know the backend's host/);
    });

    it("are none without a backend", async () => assert.deepEqual(namesOf(tracingChecks, await known()), []));

    describe("in APM", () => {
        const NAME = "a request's trace in APM";
        const outputs = { apmDomainId: "ocid1.apmdomain.oc1.iad.d" };
        let stack: Known;

        before(async () => (stack = await known({}, "dev")));

        const run = (fakes: Fakes) => runCheck(tracingChecks, NAME, stack, { ask: () => ({ status: 200 }), ...fakes });

        it("ask OCI's command line for the trace", async () => {
            const asked: string[] = [];
            const oci = (command: string) => {
                asked.push(command);
                return { spans: [{ "operation-name": "productpage.bookinfo:9080/*" }] };
            };
            assert.equal((await run({ oci, outputs })).seen, "spans of productpage.bookinfo:9080/*");
            assert.match(asked[0]!, /^apm-traces trace trace get --apm-domain-id \S+\.d --trace-key [0-9a-f]{32}$/);
        });

        it("are left to the user where there is none, with the command for the very trace", async () => {
            const finding = await run({ outputs });
            assert.equal(finding.verdict, "skipped");
            assert.match(commandIn(finding), /^oci apm-traces trace trace get .*--trace-key [0-9a-f]{32}$/);
        });

        const alarms = (changes: Record<string, object> = {}) => {
            const names = ofType(stack.plan, "Alarm").map(({ inputs }) => inputs.displayName as string);
            return names.map((name) => ({
                ...{ "display-name": name, "is-enabled": true, "lifecycle-state": "ACTIVE" },
                ...changes[name],
            }));
        };
        const states: [what: string, found: () => object[] | undefined, verdict: string, said: RegExp][] = [
            ["all", () => alarms(), "passed", /^(\d) of \1 alarms$/],
            ["none", () => undefined, "failed", /oke-mesh-dev-errors does not exist/],
            [
                "one that is off",
                () => alarms({ "oke-mesh-dev-errors": { "is-enabled": false } }),
                "failed",
                /oke-mesh-dev-errors is switched off/,
            ],
            [
                "one that was deleted",
                () => alarms({ "oke-mesh-dev-errors": { "lifecycle-state": "DELETED" } }),
                "failed",
                /does not exist/,
            ],
        ];
        for (const [what, found, verdict, pattern] of states) {
            it(`alarms: ${what}: ${verdict}`, async () => {
                const finding = await runCheck(alarmChecks, "alarms", stack, { oci: found });
                assert.equal(finding.verdict, verdict, JSON.stringify(finding));
                assert.match([finding.seen, ...causesOf(finding)].join("\n"), pattern);
            });
        }

        it("the dashboard is found by its name", async () => {
            const dashboards = (name: string) => ({ items: [{ "display-name": name }] });
            const found = (name: string) => runCheck(alarmChecks, "dashboard", stack, { oci: () => dashboards(name) });
            assert.equal((await found("oke-mesh-dev")).verdict, "passed");
            assert.equal((await found("another")).verdict, "failed");
        });

        it("alarms and dashboard are left to the user without the command line", async () => {
            const finding = await runCheck(alarmChecks, "alarms", stack, {});
            assert.match(
                commandIn(finding),
                /^oci monitoring alarm list --compartment-id ocid1\.compartment\S+ --all$/,
            );
        });

        it("log lines are searched in the log group of the settings or the outputs", async () => {
            const asked: string[] = [];
            const oci = (command: string) => {
                asked.push(command);
                return { results: [{}] };
            };
            const withGroup = { outputs: { logGroupId: "ocid1.loggroup.oc1.iad.g" }, ask: () => ({ status: 200 }) };
            const name = "access log in OCI Logging";
            const finding = await runCheck(logChecks, name, stack, { ...withGroup, oci });
            assert.match(finding.seen, /^1 lines after \d s$/);
            assert.match(
                asked[0]!,
                /search "ocid1\.compartment\.\S+\/ocid1\.loggroup\.oc1\.iad\.g" \| where data\.path = '\/productpage\?verify-\S+'$/,
            );
            const without = await runCheck(logChecks, name, stack, withGroup);
            assert.equal(without.verdict, "skipped");
            assert.match(commandIn(without), /^oci logging-search search-logs .*--search-query 'search "ocid1/);
        });
    });
});

describe("the check of the access log", () => {
    lettingTimePass();

    const NAME = "access log on standard output";
    let stack: Known;

    before(async () => (stack = await known()));

    /** A gateway and sidecars that write these lines about each request. */
    function logged(at: Record<string, (path: string) => string>, of = stack, fromService = true) {
        let path = "";
        return runCheck(logChecks, NAME, of, {
            objects: [GATEWAY, ...podsOfAll(of.mesh.services)],
            ask: (_, asked) => {
                path = asked.path ?? "";
                return { status: 200, headers: fromService ? { "x-envoy-upstream-service-time": "3" } : {} };
            },
            logs: ({ pod: name, container }) => {
                assert.equal(container, "istio-proxy");
                return `${at[name]?.(path) ?? ""}\n`;
            },
        });
    }

    const json = (path: string) => JSON.stringify({ path, response_code: 200 });
    const text = (path: string) => `[2026-11-30T16:00:00.000Z] "GET ${path} HTTP/1.1" 200 - via_upstream`;
    const both = (line: typeof json) => ({ "gateway-1": line, "productpage-v1": line });

    it("finds the line of one request at the gateway and at the sidecar behind it", async () =>
        assert.deepEqual(await logged(both(json)), {
            verdict: "passed",
            seen: "the gateway logged it, productpage logged it",
        }));

    it("finds a log that is off", async function () {
        const finding = await logged({ "gateway-1": json });
        assert.equal(finding.seen, "the gateway logged it, productpage did not log it");
        assert.match(causesOf(finding).join(), /The proxy of productpage has no access log/);
    });

    it("finds the other format", async () => {
        assert.match(causesOf(await logged(both(text))).join(), /not in the format of .*accessLogEncoding, JSON/);
        const asText = await known({ istio: { meshConfig: { accessLogEncoding: "TEXT" } } });
        assert.equal((await logged(both(text), asText)).verdict, "passed");
    });

    it("looks at the gateway alone where that answered by itself", async () =>
        assert.equal((await logged({ "gateway-1": json }, stack, false)).seen, "the gateway logged it"));

    it("is skipped where the settings leave requests out", async () => {
        const filtered = await known({ logging: { accessLogFilter: "response.code >= 400" } });
        assert.equal((await logged(both(json), filtered)).verdict, "skipped");
    });
});
