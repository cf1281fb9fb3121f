import { strict as assert } from "node:assert";
import { existsSync, readFileSync } from "node:fs";
import { record } from "../../plan/record/record";
import type { PodAnswer } from "../../verify/senders";
import { assertSound } from "./support/analyze";
import { onCluster, overrides } from "./support/cluster";
import { kubectl, run } from "./support/command";
import { updateMesh } from "./support/mesh";
import { eventually } from "./support/eventually";
import { askFrom } from "./support/pods";
import { until } from "./support/until";
import { assertVerified } from "./support/verify";

/** The guide's host outside, and one that speaks HTTPS. */
const HTTPBIN = "httpbin.org";
const GOOGLE = "www.google.com";

const IN_RATINGS = ["exec", "-n", "bookinfo", "deploy/ratings-v1", "-c", "ratings", "--"];

/** What leaves the mesh, one setting after the other. Guide: "Accessing External Services with Egress". */
describe("egress on a cluster", function () {
    onCluster();

    before(async function () {
        await goTo({});
        const { status } = await fromRatings(`http://${HTTPBIN}/headers`);
        if (status !== 200) {
            console.log(`  skipped: pods of this cluster get ${status} from http://${HTTPBIN}, which the guide calls.`);
            this.skip();
        }
    });

    async function goTo(egress: object): Promise<void> {
        await updateMesh(await record({ stack: "local", override: overrides({ egress, clients: { curl: true } }) }));
    }

    /** The guide's SOURCE_POD. */
    const fromRatings = (url: string) => askFrom({ namespace: "bookinfo", app: "ratings" }, url, { seconds: 20 });

    /** What the header `server` of an answer says: the sidecar's Envoy, or the host itself. */
    const serverOf = (url: string) =>
        kubectl([...IN_RATINGS, "curl", "-s", "-o", "/dev/null", "-w", "%header{server}", url]);

    /** Configuration takes several seconds to reach the proxies, as the guide says. */
    async function answers(status: number, url: string): Promise<PodAnswer> {
        let last: PodAnswer | undefined;
        await until(async () => {
            last = await fromRatings(url);
            return last.status === status;
        }, 0.5);
        assert.equal(last?.status, status, url);
        return last;
    }

    const http = { hosts: [HTTPBIN], ports: [{ port: 80, protocol: "HTTP" }] };

    it("ALLOW_ANY: HTTP and HTTPS to hosts that nobody listed are answered", async () => {
        await answers(200, `http://${HTTPBIN}/headers`);
        await answers(200, `https://${GOOGLE}/`);
    });

    it("REGISTRY_ONLY: HTTP gets 502 Bad Gateway, HTTPS is cut", async () => {
        await goTo({ mode: "REGISTRY_ONLY" });
        await answers(502, `http://${HTTPBIN}/headers`);
        await answers(0, `https://${GOOGLE}/`);
        await assertVerified(["egress"]);
    });

    it("a listed host is answered, HTTP and HTTPS alike", async () => {
        await goTo({ mode: "REGISTRY_ONLY", services: { "httpbin-ext": http, google: { hosts: [GOOGLE] } } });
        await assertVerified(["egress"]);
        assert.equal(await serverOf(`http://${HTTPBIN}/headers`), "envoy");
        await assertSound();
    });

    it("a timeout cuts /delay/5 off after three seconds with 504, and without one it takes five", async () => {
        await goTo({ mode: "REGISTRY_ONLY", services: { "httpbin-ext": http } });
        const without = await answers(200, `http://${HTTPBIN}/delay/5`);
        assert.ok(without.seconds >= 5, `${without.seconds} s`);
        await goTo({ mode: "REGISTRY_ONLY", services: { "httpbin-ext": { ...http, timeout: "3s" } } });
        const results = await assertVerified(["egress"]);
        assert.ok(results.some(({ check }) => check.name === "httpbin-ext: timeout"));
    });

    it("what is plain inside leaves as TLS", async () => {
        const service = { ...http, originateTls: true };
        await goTo({ mode: "REGISTRY_ONLY", services: { "httpbin-ext": service } });
        await leavesAsTls(`/anything/originated-${process.pid}`);
        await assertSound();
    });

    it("goes through the egress gateway, which puts TLS around it and lets pass what is TLS already", async () => {
        const ports = [...http.ports, { port: 443, protocol: "HTTPS" }];
        const service = { ...http, ports, originateTls: true, via: "gateway" };
        await goTo({ mode: "REGISTRY_ONLY", services: { "httpbin-ext": service } });
        const path = `/anything/gateway-${process.pid}`;
        // Until sidecars have the new routes, they go on asking themselves.
        const logged = await until(async () => {
            const asked = [
                await fromRatings(`http://${HTTPBIN}${path}`),
                await fromRatings(`https://${HTTPBIN}/headers`),
            ];
            const log = await kubectl(["logs", "-n", "istio-system", "deploy/istio-egressgateway"]);
            const tls = new RegExp(`"path":null.*"requested_server_name":"${HTTPBIN}"`);
            return asked.every(({ status }) => status === 200) && log.includes(path) && tls.test(log);
        });
        assert.equal(logged, true, "the egress gateway has not seen the requests");
        await assertVerified(["egress"]);
        await leavesAsTls(path);
        await assertSound();
    });

    it("a network that bypasses the sidecar of one workload is reached directly, whatever the mode", async () => {
        const [address] = (await kubectl([...IN_RATINGS, "getent", "ahostsv4", HTTPBIN])).split(/\s/);
        await goTo({ mode: "REGISTRY_ONLY", bypass: { workloads: { ratings: [`${address}/32`] } } });
        await answers(200, `http://${HTTPBIN}/headers`);
        assert.notEqual(await serverOf(`http://${HTTPBIN}/headers`), "envoy");
        const others = ["exec", "-n", "bookinfo", "deploy/curl", "-c", "curl", "--"];
        const curl = ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", `http://${HTTPBIN}/headers`];
        await eventually(async () => assert.equal(await kubectl([...others, ...curl]), "502"));
    });

    it("scoping leaves proxies what concerns their namespace, and Bookinfo works", async () => {
        await goTo({});
        const proxy = ["proxy-config", "clusters", "deploy/productpage-v1", "-n", "bookinfo"];
        await eventually(async () => assert.match(await run("istioctl", proxy), /kubernetes\.default\.svc/));
        await goTo({ scoping: { enabled: true } });
        const scoped = await until(async () => {
            const clusters = await run("istioctl", proxy);
            return clusters.includes("kubernetes.default.svc") ? "" : clusters;
        });
        assert.match(scoped, /reviews\.bookinfo\.svc/);
        await answers(200, "http://productpage:9080/productpage");
    });

    /** The sandbox's world outside says in its log how it was asked; elsewhere nobody does. Until sidecars know, it is plain. */
    async function leavesAsTls(path: string): Promise<void> {
        const log = process.env.APM_LOG ?? "";
        const byTls = new RegExp(`${path} .*tls=true`);
        const arrived = await until(async () => {
            await answers(200, `http://${HTTPBIN}${path}`);
            return !existsSync(log) || byTls.test(readFileSync(log, "utf8"));
        });
        assert.ok(arrived, `${path} has not arrived by TLS`);
    }
});
