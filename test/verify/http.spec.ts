import { strict as assert } from "node:assert";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Cluster, LiveObject } from "../../verify/cluster";
import { gatewayOf } from "../../verify/gateway";
import { askHost } from "../../verify/http";
import { newAuthority, newCertificate, type Pair } from "../support/certificates";
import { pod } from "./support/fakes";

const open: Server[] = [];

async function listen(server: Server): Promise<{ hostname: string; port: number }> {
    open.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return { hostname: "127.0.0.1", port: (server.address() as AddressInfo).port };
}

const serve = (answer: RequestListener) => listen(createServer(answer));

const echo: RequestListener = ({ headers, method, url }, response) =>
    response.setHeader("x-a", "b").end(`${method} ${headers.host}${url}`);

after(() =>
    open.forEach((server) => {
        server.closeAllConnections();
        server.close();
    }),
);

describe("a request by host", () => {
    let authority: Pair;
    let certificate: Pair;

    before(async () => {
        authority = await newAuthority();
        certificate = await newCertificate(authority, { dnsNames: ["a.example.com"] });
    });

    const serveTls = () => listen(createTlsServer({ cert: certificate.certificate, key: certificate.key }, echo));

    it("goes to an address, for another host", async () => {
        const { status, body, headers } = await askHost(await serve(echo), { host: "a.example.com", path: "/p" });
        assert.deepEqual([status, body, headers["x-a"]], [200, "GET a.example.com/p", "b"]);
    });

    it("trusts the CA that it is given, and shows what the server showed", async () => {
        const at = await serveTls();
        const answer = await askHost(at, { host: "a.example.com", ca: authority.certificate });
        assert.equal(answer.status, 200);
        assert.equal(answer.certificate?.subjectAltName, "DNS:a.example.com");
        const other = await askHost(at, { host: "b.example.com", ca: authority.certificate });
        assert.deepEqual([other.status, other.error], [0, "ERR_TLS_CERT_ALTNAME_INVALID"]);
    });

    it("takes any certificate where the caller judges it", async () => {
        const answer = await askHost(await serveTls(), { host: "b.example.com", anyCertificate: true });
        assert.deepEqual([answer.status, answer.certificate?.subjectAltName], [200, "DNS:a.example.com"]);
    });

    it("gives up in time, and says how long it waited", async () => {
        const { status, error } = await askHost(await serve(() => undefined), { host: "a", seconds: 0.05 });
        assert.deepEqual([status, error], [0, "no answer within 0.05 s"]);
    });

    it("gives up on an answer that does not end", async () => {
        const at = await serve((_, response) => response.write("a"));
        const { status, seconds } = await askHost(at, { host: "a", seconds: 0.05 });
        assert.equal(status, 0);
        assert.ok(seconds < 5);
    });

    it("says why nobody answered", async () => {
        const { port } = await listen(createServer());
        const closed = open.pop()!;
        await new Promise((resolve) => closed.close(resolve));
        assert.equal((await askHost({ hostname: "127.0.0.1", port }, { host: "a" })).error, "ECONNREFUSED");
    });
});

describe("the gateway", () => {
    const service = (ingress: object[]): LiveObject => ({
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "istio-ingressgateway", namespace: "istio-system" },
        status: { loadBalancer: { ingress } },
    });

    function clusterWith(objects: LiveObject[], port = 0): { cluster: Cluster; forwarded: string[] } {
        const forwarded: string[] = [];
        const cluster: Cluster = {
            list: <T extends LiveObject>(_: string, kind: string) =>
                Promise.resolve(objects.filter((each) => each.kind === kind) as T[]),
            exec: () => Promise.reject(new Error("nothing to run")),
            logs: () => Promise.resolve(""),
            forward: (_, name, to) => {
                forwarded.push(`${name}:${to}`);
                return Promise.resolve({ port, close: () => void forwarded.push("closed") });
            },
        };
        return { cluster, forwarded };
    }

    it("is at its load balancer's address or name", async () => {
        const at = (ingress: object) => gatewayOf(clusterWith([service([ingress])]).cluster).reached();
        assert.equal(await at({ ip: "192.0.2.1" }), "192.0.2.1");
        assert.equal(await at({ hostname: "lb.example.com" }), "lb.example.com");
    });

    it("is reached by one forwarded port where it has no address, which is closed in the end", async () => {
        const { port } = await serve(echo);
        const running = pod("gateway-1", { istio: "ingressgateway" });
        const { cluster, forwarded } = clusterWith([service([]), running], port);
        const gateway = gatewayOf(cluster);
        assert.match(await gateway.reached(), /^no address/);
        assert.equal((await gateway.ask(80, { host: "a" })).status, 200);
        assert.equal((await gateway.ask(80, { host: "b" })).body, "GET b/");
        gateway.close();
        await new Promise((resolve) => setImmediate(resolve));
        assert.deepEqual(forwarded, ["gateway-1:80", "closed"]);
    });

    it("says that it has no pod", () =>
        assert.rejects(gatewayOf(clusterWith([service([])]).cluster).ask(80, { host: "a" }), /no running pod/));
});
