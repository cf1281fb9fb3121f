import { strict as assert } from "node:assert";
import { existsSync, readFileSync } from "node:fs";
import type { TracingArgs } from "../../components/istio/tracing/tracingPlan";
import { podsOf, sidecarOf } from "../../verify/pods";
import { gatewayProxies } from "../../verify/accessLog";
import { connect, type Cluster, type Container } from "../../verify/cluster";
import { newTrace, tracersOf } from "../../verify/traces";
import { HOST, isPublicKey, meshWith, none, toApm, type Logged } from "../support/tracedMesh";
import { assertSound } from "./support/analyze";
import { FLUSH_MS, onCluster } from "./support/cluster";
import { attempt, get } from "./support/command";
import { askPlain, reachGateway, request, type Gateway } from "./support/gateway";
import { eventually } from "./support/eventually";
import { updateMesh } from "./support/mesh";
import { PATIENCE, until } from "./support/until";

/** The gateway and the Deployments of Bookinfo, by their labels. */
const PROXIES: [name: string, namespace: string, labels: Record<string, string>][] = [
    ["istio-ingressgateway", "istio-system", { istio: "ingressgateway" }],
    ...["productpage-v1", "details-v1", "reviews-v1", "reviews-v2", "reviews-v3", "ratings-v1"].map(
        (name): [string, string, Record<string, string>] => {
            const [app, version] = name.split("-") as [string, string];
            return [name, "bookinfo", { app, version }];
        },
    ),
];
const EVERYBODY = PROXIES.map(([name]) => name).sort();

/** Whom each request for the page passes; of reviews it is one version, and ratings only if that asks for it. */
const ALWAYS_ASKED = ["istio-ingressgateway", "productpage-v1", "details-v1"];

/** Each with the line that the endpoint logs of a request; the one that restarts every proxy is last. */
const TRANSPORTS: Record<string, { tracing: TracingArgs; arrives: RegExp }> = {
    otlp: {
        tracing: toApm("otlp", "OTLPKEY1"),
        arrives:
            /POST \/20200101\/opentelemetry\/private\/v1\/traces host=\S+ .*authorization="dataKey OTLPKEY1" tls=true/,
    },
    "otlp with another key": {
        tracing: toApm("otlp", "OTLPKEY2"),
        arrives:
            /POST \/20200101\/opentelemetry\/private\/v1\/traces host=\S+ .*authorization="dataKey OTLPKEY2" tls=true/,
    },
    zipkin: {
        tracing: toApm("zipkin", "ZIPKINKEY"),
        arrives:
            /POST \/20200101\/observations\/public-span\?dataFormat=zipkin&dataFormatVersion=2&dataKey=ZIPKINKEY host=.* tls=true/,
    },
    bootstrap: {
        tracing: toApm("bootstrap", "BOOTKEY"),
        arrives:
            /POST \/20200101\/observations\/private-span\?dataFormat=zipkin&dataFormatVersion=2&dataKey=BOOTKEY host=.* tls=true/,
    },
};

const placeOf = (tracing: TracingArgs) =>
    isPublicKey(tracing) ? "in istiod's ConfigMaps, being the public one" : "in Secrets, and nowhere else";

describe("traces on their way to APM", function () {
    const apmLog = process.env.APM_LOG ?? process.env.OUTSIDE_LOG ?? "";
    let gateway: Gateway;

    before(function () {
        if (!existsSync(apmLog)) {
            console.log(
                `  skipped: APM_LOG is not set to the log of a stand-in for APM at https://${HOST}, which the cluster has to resolve and trust.`,
            );
            this.skip();
        }
    });
    onCluster();

    before(async () => {
        await updateMesh(await meshWith(none));
        gateway = reachGateway();
    });
    after(() => gateway?.close());

    describe("no tracing, and a filter on the access log", () => {
        before(async () => {
            await updateMesh(await meshWith(none, "response.code >= 400"));
        });

        it("logs the requests the filter lets through, in the mesh's format, and no other", async () => {
            const codes = await until(async () => {
                const since = new Date(Date.now() - 1000);
                await ask(3);
                await request(gateway, "/nowhere", (status) => status === 404);
                await new Promise((resolve) => setTimeout(resolve, 1200));
                const logs = await accessLogs(since);
                const found = new Set(logs.filter(({ path }) => path !== undefined).map(({ code }) => code));
                return found.has(404) && !found.has(200) && found;
            });
            assert.deepEqual(codes && [...codes], [404]);
        });

        it("sends spans to nobody", async () => {
            const before = await delivered();
            await ask(20);
            await new Promise((resolve) => setTimeout(resolve, 3 * FLUSH_MS));
            assert.deepEqual(await delivered(), before);
        });
    });

    for (const [name, { tracing, arrives }] of Object.entries(TRANSPORTS)) {
        describe(name, () => {
            before(async () => {
                await updateMesh(await meshWith(tracing));
            });

            it("passes istioctl analyze, and has the planned objects alone", assertSound);

            it("reaches the endpoint over TLS, with path and key, from the gateway and all six Deployments", async () => {
                let since = await now();
                let seen: string[] = [];
                const settled = await until(async () => {
                    await ask(20);
                    const counts = await delivered();
                    const senders = EVERYBODY.filter((proxy) => counts[proxy]! > since.counts[proxy]!);
                    const lines = arrivals(since.logged);
                    seen = [senders.join(), ...lines];
                    const others = lines.some((line) => !arrives.test(line));
                    // A proxy that has not heard of the change yet: from here on again.
                    since = others ? await now() : since;
                    return !others && senders.length === EVERYBODY.length && lines.length >= senders.length;
                });
                assert.ok(settled, "some proxy sends nothing, or something else: " + seen.join("\n"));
            });

            it(`leaves the key ${placeOf(tracing)}`, async () => {
                const kinds = "configmaps,pods,deployments,replicasets,telemetries,serviceentries,destinationrules";
                const holders = (await get(kinds, "-A"))
                    .filter((object) => JSON.stringify(object).includes(tracing.apm?.dataKey as string))
                    .map(({ kind, metadata }) => `${kind} ${metadata.name}`);
                assert.deepEqual(holders, isPublicKey(tracing) ? ["ConfigMap istio", "ConfigMap values"] : []);
            });

            it("leaves an application's own TLS to the same host alone", async () => {
                const path = `/own?transport=${encodeURIComponent(name)}`;
                const command = ["curl", "-sSk", "-m", "8", "-o", "/dev/null", `https://${HOST}${path}`];
                const inPod = ["exec", "-n", "bookinfo", "deploy/ratings-v1", "-c", "ratings", "--"];
                const { code, stderr } = await attempt("kubectl", [...inPod, ...command]);
                assert.equal(code, 0, stderr);
                const arrived = () =>
                    readFileSync(apmLog, "utf8")
                        .split("\n")
                        .filter((line) => line.includes(path));
                assert.ok(await until(() => Promise.resolve(arrived().length > 0)));
                assert.match(arrived().join(), /tls=true/);
            });

            // The formats of `otlp` and `zipkin`; the others repeat one of them.
            if (["otlp", "zipkin"].includes(name)) {
                it("takes the trace id that verify asks with, from the gateway on", async () => {
                    const asked = new Set<string>();
                    const seen = await until(async () => {
                        const { traceId, headers } = newTrace();
                        asked.add(traceId);
                        await askPlain(gateway, "/productpage", { headers });
                        const logs = await accessLogs();
                        return [...asked].some((id) => {
                            const proxies = logs.filter((line) => line.traceId === id).map(({ proxy }) => proxy);
                            return ALWAYS_ASKED.every((proxy) => proxies.includes(proxy));
                        });
                    });
                    assert.ok(seen, `not all proxies have logged one of ${[...asked].join()}`);
                    const cluster = connect({});
                    const [proxy] = await gatewayProxies(cluster);
                    assert.match((await tracersOf(proxy!, cluster)).join(), /^envoy\.tracers\.\w+$/);
                });
            }

            // Each time with new requests: what came on a connection from before the change is traced as before, or cut off, until
            // its listener has drained.
            it("makes each request one trace through all it calls", async () => {
                let attempts = 0;
                await eventually(async () => {
                    const query = `?transport=${encodeURIComponent(name)}&attempt=${++attempts}`;
                    await ask(20, query);
                    // Proxies write their logs once a second, each in its own time.
                    await new Promise((resolve) => setTimeout(resolve, 2000));
                    const traces = byRequest(await accessLogs(), query);
                    const seen = new Set([...traces.values()].flatMap(({ proxies }) => [...proxies]));
                    assert.deepEqual([...seen].sort(), EVERYBODY);
                    for (const [requestId, { proxies, traceIds }] of traces) {
                        const at = `${requestId} at ${[...proxies].join()}`;
                        assert.ok(
                            ALWAYS_ASKED.every((proxy) => proxies.has(proxy)),
                            at,
                        );
                        assert.equal(traceIds.size, 1, `${at}: ${[...traceIds].join()}`);
                        assert.match([...traceIds].join(), /^[0-9a-f]{32}$/);
                    }
                });
            });
        });
    }

    const now = async () => ({ counts: await delivered(), logged: readFileSync(apmLog, "utf8").length });

    /** What the endpoint has logged of spans from a place in its log on. */
    const arrivals = (from: number) =>
        readFileSync(apmLog, "utf8")
            .slice(from)
            .split("\n")
            .filter((line) => line.includes(`host=${HOST}`) && !line.includes("/own?"));

    const ask = (times: number, query = "") =>
        Promise.all(
            Array.from({ length: times }, () => request(gateway, `/productpage${query}`, (status) => status === 200)),
        );
});

/** The container of each proxy, in its newest pod. */
async function proxies(cluster: Cluster): Promise<[proxy: string, Container][]> {
    return Promise.all(
        PROXIES.map(async ([proxy, namespace, labels]): Promise<[string, Container]> => {
            const running = (await podsOf(cluster, namespace, labels)).filter(
                ({ status }) => status.phase === "Running",
            );
            const newest = running.at(-1);
            assert.ok(newest, `${proxy} does not run`);
            return [proxy, sidecarOf(newest)];
        }),
    );
}

/** Requests with spans that each proxy has sent to the endpoint and that were answered with success. */
async function delivered(): Promise<Record<string, number>> {
    const cluster = connect({});
    const counts = (await proxies(cluster)).map(async ([proxy, container]): Promise<[string, number]> => {
        const command = ["pilot-agent", "request", "GET", "stats?filter=apm.*upstream_rq_2xx"];
        const { stdout } = await cluster.exec(container, command, PATIENCE);
        const numbers = [...stdout.matchAll(/upstream_rq_2xx: (\d+)/g)].map(([, count]) => Number(count));
        return [proxy, numbers.reduce((sum, count) => sum + count, 0)];
    });
    return Object.fromEntries(await Promise.all(counts));
}

type ProxyLog = Logged & { proxy: string };

async function accessLogs(since?: Date): Promise<ProxyLog[]> {
    const cluster = connect({});
    const seconds = since ? (Date.now() - since.getTime()) / 1000 : 3600;
    const logs = (await proxies(cluster)).map(async ([proxy, container]) => {
        const text = await cluster.logs(container, seconds);
        const lines = text.split("\n").filter((line) => line.startsWith("{") && line.includes('"requestId"'));
        return lines.map((line) => ({ ...(JSON.parse(line) as Logged), proxy }));
    });
    return (await Promise.all(logs)).flat();
}

/** Proxies and trace ids by request, of those that the gateway was asked with this query. */
function byRequest(logs: ProxyLog[], query: string): Map<string, { proxies: Set<string>; traceIds: Set<string> }> {
    const asked = logs.filter(({ path }) => path?.endsWith(query)).map(({ requestId }) => requestId);
    const requests = new Map(asked.map((id) => [id, { proxies: new Set<string>(), traceIds: new Set<string>() }]));
    for (const { requestId, traceId, proxy } of logs) {
        requests.get(requestId)?.proxies.add(proxy);
        requests.get(requestId)?.traceIds.add(traceId);
    }
    return requests;
}
