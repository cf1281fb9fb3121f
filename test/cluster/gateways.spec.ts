import { strict as assert } from "node:assert";
import { record } from "../../plan/record/record";
import { kubernetesObject } from "../../plan/kubernetesObject";
import type { Answer, Asked } from "../../verify/http";
import { newAuthority, newCertificate, type Pair } from "../support/certificates";
import { assertSound } from "./support/analyze";
import { onCluster, overrides } from "./support/cluster";
import { attempt, get, kubectl, run, type KubernetesObject } from "./support/command";
import { reachGateway, type Gateway } from "./support/gateway";
import { updateMesh } from "./support/mesh";
import { eventually } from "./support/eventually";
import { until } from "./support/until";
import { assertVerified } from "./support/verify";

const HOST = "bookinfo.example.com";

/** A host of three services, one of which is at Bookinfo's host too. */
const SHARED = "shop.example.com";

function sharing(kind: string): Record<string, unknown> {
    const behind = (host: string, hosts: string[], ...paths: object[]) => ({
        ...{ namespace: "bookinfo", host, port: 9080 },
        expose: { hosts, paths },
    });
    // An Ingress knows paths alone.
    const limited = kind === "ingress" ? [] : [{ exact: "/details/0", headers: { "x-version": { exact: "2" } } }];
    const reads = kind === "ingress" ? {} : { methods: ["GET", "HEAD"] };
    return {
        services: {
            front: behind("reviews", [SHARED], { prefix: "/" }),
            rates: behind("ratings", [SHARED], { prefix: "/ratings", ...reads }, ...limited),
            about: behind("details", [SHARED, HOST], { exact: "/details/0" }),
        },
    };
}

interface WithStatus extends KubernetesObject {
    status: {
        loadBalancer?: { ingress?: { ip?: string; hostname?: string }[] };
        addresses?: { value: string }[];
        conditions?: { type: string; status: string }[];
    };
}

/** Every way in, one after the other in one mesh: kinds, hosts, TLS. Guide: "Managing Gateways", "Securing Gateways with TLS". */
describe("the gateway on a cluster", function () {
    let gateway: Gateway;
    let authority: Pair;

    onCluster();

    before(async () => {
        await goTo({ hosts: [HOST] }, sharing("istio"));
        gateway = reachGateway();
        authority = await newAuthority();
    });

    after(() => gateway?.close());

    async function goTo(settings: object, more: Record<string, unknown> = {}): Promise<void> {
        await updateMesh(await record({ stack: "local", override: overrides({ gateway: settings, ...more }) }));
    }

    /** The page, over HTTPS if there is a CA to trust. */
    const askHost = (asked: Asked) =>
        gateway.ask(asked.ca === undefined ? 80 : 443, { path: "/productpage", ...asked });

    /** The answer, as soon as it is as expected; the last one otherwise. */
    async function answer(asked: Asked, expected: (answer: Answer) => boolean): Promise<Answer> {
        let last: Answer | undefined;
        await until(async () => {
            last = await askHost(asked);
            return expected(last);
        }, 0.3);
        return last!;
    }

    const answers = async (status: number, asked: Asked) =>
        assert.equal((await answer(asked, (got) => got.status === status)).status, status, JSON.stringify(asked));

    /** Paths and hosts, whatever kinds open them. */
    function opensItsPathsAlone(): void {
        it("opens the application's paths at its host, and nothing else anywhere", async () => {
            await answers(200, { host: HOST });
            await answers(200, { host: HOST, path: "/static/style.css" });
            await answers(200, { host: HOST, path: "/api/v1/products" });
            await answers(404, { host: HOST, path: "/any" });
            await answers(404, { host: HOST, path: "/reviews/0" });
            await answers(404, { host: "other.example.com" });
        });
    }

    /** By the precedence of the Gateway API, whatever the order of the settings. */
    function sharesAHost(kind: string): void {
        it("leads each request at a shared host to the service with the most specific path", async () => {
            const ofReviews = ({ body }: Answer) => body.includes('"podname"');
            const ofRatings = ({ body }: Answer) => body.includes('"Reviewer1"');
            const ofDetails = ({ body }: Answer) => body.includes('"author"');
            // By a service that does not know the path; the gateway's own 404 has no such header.
            const unknown = ({ status, headers }: Answer) =>
                status === 404 && "x-envoy-upstream-service-time" in headers;
            const expected: [asked: Omit<Asked, "host">, isRight: (got: Answer) => boolean][] = [
                [{ path: "/reviews/0" }, ofReviews],
                [{ path: "/ratings/0" }, ofRatings],
                [{ path: "/details/0" }, ofDetails],
                [{ path: "/details/1" }, unknown],
            ];
            const limited: typeof expected = [
                [{ path: "/details/0", headers: { "x-version": "2" } }, unknown],
                [{ path: "/details/0", headers: { "x-version": "3" } }, ofDetails],
                [{ path: "/ratings/0", method: "POST" }, unknown],
            ];
            for (const [asked, isRight] of kind === "ingress" ? expected : [...expected, ...limited]) {
                const got = await answer({ host: SHARED, ...asked }, isRight);
                assert.ok(isRight(got), JSON.stringify([asked, got]));
            }
            await answers(200, { host: HOST, path: "/details/0" });
        });
    }

    async function serveCertificate(name: string, pair: Pair, clientCa?: string): Promise<void> {
        const stringData = {
            "tls.crt": pair.certificate,
            "tls.key": pair.key,
            ...(clientCa !== undefined && { "ca.crt": clientCa }),
        };
        const metadata = { name, namespace: "istio-system" };
        const secret = { apiVersion: "v1", kind: "Secret", type: "kubernetes.io/tls", metadata, stringData };
        await kubectl(["apply", "--server-side", "--force-conflicts", "-f", "-"], JSON.stringify(secret));
    }

    /**
     * The host of an add-on, which Istio's kinds open whatever `gateway.kind` opens the rest with, beside it at the same port.
     * Its route leads to productpage: the add-on's own image is not in every cluster.
     */
    async function servesAddonBeside(kind: string): Promise<void> {
        const host = "grafana.example.com";
        const certificate = { source: "existing", secretName: "web" };
        const own = { source: "existing", secretName: "grafana-tls" };
        await serveCertificate("grafana-tls", await newCertificate(authority, { dnsNames: [host] }));
        const tls = { certificate, hosts: { [host]: { certificate: own } } };
        const addons = { prometheus: { enabled: true }, grafana: { enabled: true, host } };
        const plan = await record({ stack: "local", override: { gateway: { kind, hosts: [HOST], tls }, addons } });
        const objects = plan.resources.filter(({ name }) => /^addons-grafana-(gateway|virtualservice)$/.test(name));
        const text = JSON.stringify({ apiVersion: "v1", kind: "List", items: objects.map(kubernetesObject) })
            .replaceAll('"host":"grafana"', '"host":"productpage.bookinfo.svc.cluster.local"')
            .replaceAll('"number":3000', '"number":9080');
        await kubectl(["apply", "--server-side", "-f", "-"], text);
        try {
            await answers(200, { host, ca: authority.certificate });
            await answers(200, { host: HOST, ca: authority.certificate });
        } finally {
            await kubectl(["delete", "--ignore-not-found", "-f", "-"], text);
        }
    }

    describe("kind istio", () => {
        opensItsPathsAlone();
        sharesAHost("istio");

        it("passes istioctl analyze, and has the planned objects alone", assertSound);

        it("lets connections become WebSockets", async () => {
            const listeners = await run("istioctl", [
                ...["proxy-config", "listeners", "deploy/istio-ingressgateway", "-n", "istio-system", "-o", "json"],
            ]);
            assert.match(listeners, /"upgradeType": "websocket"/);
        });

        it("speaks HTTP/2 without TLS", async () => {
            await eventually(async () => {
                const { stdout } = await attempt("kubectl", [
                    ...["exec", "-n", "bookinfo", "deploy/ratings-v1", "-c", "ratings", "--"],
                    ...["curl", "-sS", "--http2-prior-knowledge", "-o", "/dev/null"],
                    ...["-w", "%{http_version} %{http_code}"],
                    ...["-H", `host: ${HOST}`, "http://istio-ingressgateway.istio-system/productpage"],
                ]);
                assert.equal(stdout, "2 200");
            });
        });

        it("opens a gRPC service of the user's", async () => {
            // The host that fortio asks for is the name it connects to.
            const gatewayName = "istio-ingressgateway.istio-system";
            await goTo(
                { hosts: [HOST] },
                {
                    clients: { fortio: true },
                    services: {
                        ping: {
                            namespace: "bookinfo",
                            port: 8079,
                            protocol: "grpc",
                            selector: { app: "fortio" },
                            expose: { hosts: [gatewayName], paths: [{ prefix: "/fgrpc.PingServer" }] },
                        },
                    },
                },
            );
            const spec = { selector: { app: "fortio" }, ports: [{ name: "grpc", port: 8079 }] };
            const metadata = { name: "ping", namespace: "bookinfo" };
            await kubectl(["apply", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "Service", metadata, spec }));
            const args = ["exec", "-n", "bookinfo", "deploy/fortio", "-c", "fortio", "--"];
            const ping = ["fortio", "grpcping", "-n", "1", `${gatewayName}:80`];
            const pinged = await until(async () => (await attempt("kubectl", [...args, ...ping])).code === 0);
            assert.equal(pinged, true);
        });
    });

    describe("TLS", () => {
        before(async () => {
            await serveCertificate("web", await newCertificate(authority, { dnsNames: [HOST] }), authority.certificate);
        });

        it("mode simple: serves HTTPS with the certificate, and redirects HTTP to it", async () => {
            await goTo({ hosts: [HOST], tls: { certificate: { source: "existing", secretName: "web" } } });
            await answers(200, { host: HOST, ca: authority.certificate });
            const plain = await answer({ host: HOST }, ({ status }) => status === 301);
            assert.deepEqual([plain.status, plain.headers.location], [301, `https://${HOST}/productpage`]);
            await answers(404, { host: HOST, path: "/any", ca: authority.certificate });
            await assertVerified(["gateway", "logging"]);
            await assertSound();
            await servesAddonBeside("istio");
        });

        it("takes up a renewed certificate without a restart", async () => {
            const pods = async () => (await get("pods", "-n", "istio-system", "-l", "istio=ingressgateway")).map(uid);
            const uid = ({ metadata }: KubernetesObject) => metadata.uid;
            const before = await pods();
            const shown = await askHost({ host: HOST, ca: authority.certificate });
            const serialNumber = shown.certificate?.serialNumber;
            await serveCertificate("web", await newCertificate(authority, { dnsNames: [HOST] }), authority.certificate);
            const renewed = await answer(
                { host: HOST, ca: authority.certificate },
                (got) => got.status === 200 && got.certificate?.serialNumber !== serialNumber,
            );
            assert.notEqual(renewed.certificate?.serialNumber, serialNumber);
            assert.deepEqual(await pods(), before);
        });

        it("mode mutual: lets in only clients with a certificate of the CA", async () => {
            const tls = { mode: "mutual", certificate: { source: "existing", secretName: "web" } };
            await goTo({ hosts: [HOST], tls });
            const uses = ["digital_signature", "client_auth"];
            const client = await newCertificate(authority, { uses });
            await assertVerified(["gateway", "logging"], client);
            await answers(200, { host: HOST, ca: authority.certificate, client });
            const stranger = await newCertificate(await newAuthority(), { uses });
            assert.equal((await askHost({ host: HOST, ca: authority.certificate, client: stranger })).status, 0);
        });
    });

    describe("kind ingress", () => {
        before(() => goTo({ kind: "ingress", hosts: [HOST] }, sharing("ingress")));

        opensItsPathsAlone();
        sharesAHost("ingress");

        it("has the gateway's address in its status, and passes istioctl analyze", async () => {
            if (!process.env.GATEWAY_SERVICE_TYPE) {
                const reported = await until(async () => {
                    const [ingress] = await get<WithStatus>("ingresses", "-n", "bookinfo");
                    const [first] = ingress?.status.loadBalancer?.ingress ?? [];
                    return first?.ip ?? first?.hostname;
                });
                assert.equal(reported, (await gateway.at(80)).hostname);
            }
            await assertSound();
        });

        it("serves HTTPS with the certificate", async () => {
            const tls = { certificate: { source: "existing", secretName: "web" } };
            await goTo({ kind: "ingress", hosts: [HOST], tls });
            await assertVerified(["gateway"]);
            await servesAddonBeside("ingress");
        });

        // As cert-manager makes it: https://cert-manager.io/docs/configuration/acme/http01/. Its image is not in every cluster,
        // so istiod stands in for the solver, and knows no such path; the gateway would answer without asking anybody.
        it("does not redirect an HTTP-01 challenge beside HTTPS, and asks the solver", async () => {
            const path = "/.well-known/acme-challenge/token";
            const metadata = { name: "acme-solver", namespace: "istio-system" };
            const backend = { service: { name: metadata.name, port: { number: 8089 } } };
            const rules = [{ host: HOST, http: { paths: [{ path, pathType: "Exact", backend }] } }];
            const ports = [{ name: "http", port: 8089, targetPort: 8080 }];
            const items = [
                { apiVersion: "v1", kind: "Service", metadata, spec: { selector: { app: "istiod" }, ports } },
                {
                    apiVersion: "networking.k8s.io/v1",
                    kind: "Ingress",
                    metadata,
                    spec: { ingressClassName: "istio", rules },
                },
            ];
            const text = JSON.stringify({ apiVersion: "v1", kind: "List", items });
            await kubectl(["apply", "-f", "-"], text);
            try {
                const asked = ({ status, headers }: Answer) =>
                    status === 404 && headers["x-envoy-upstream-service-time"] !== undefined;
                const last = await answer({ host: HOST, path }, asked);
                assert.ok(asked(last), JSON.stringify(last));
                await answers(200, { host: HOST, ca: authority.certificate });
            } finally {
                await kubectl(["delete", "--ignore-not-found", "-f", "-"], text);
            }
        });
    });

    describe("kind gateway-api", () => {
        before(() => goTo({ kind: "gateway-api", hosts: [HOST] }, sharing("gateway-api")));

        opensItsPathsAlone();
        sharesAHost("gateway-api");

        it("is served by the ingress gateway itself: programmed, with its address, and no proxies besides", async () => {
            await eventually(async () => {
                const kind = "gateways.gateway.networking.k8s.io";
                const [status] = (await get<WithStatus>(kind, "-n", "istio-system")).map((each) => each.status);
                const programmed = status?.conditions?.find(({ type }) => type === "Programmed");
                assert.equal(programmed?.status, "True", JSON.stringify(status));
            });
            const deployments = (await get("deployments", "-n", "istio-system")).map(({ metadata }) => metadata.name);
            assert.deepEqual(deployments.sort(), ["istio-ingressgateway", "istiod"]);
            await assertSound();
        });

        it("serves HTTPS, redirects HTTP, and asks for client certificates", async () => {
            const certificate = { source: "existing", secretName: "web" };
            await goTo({ kind: "gateway-api", hosts: [HOST], tls: { certificate } });
            await answers(200, { host: HOST, ca: authority.certificate });
            await assertVerified(["gateway", "objects"]);
            await servesAddonBeside("gateway-api");
        });
    });
});
