import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Plan } from "../../../plan/model";
import { renderMermaid } from "../../../plan/report/mermaid";
import { meshPicture } from "../../../plan/report/pictures/mesh";
import { meshOf } from "../../../plan/mesh/mesh";
import { postureOf } from "../../../plan/mesh/posture/posture";
import { renderTree } from "../../../plan/report/tree";
import { newAuthority, newCertificate } from "../../support/certificates";
import { planOfExample } from "../../examples/stackFiles";
import { recorded } from "../../support/recorded";

const HOST = "a.example.com";
const PATHS = "/productpage, /static*, /login, /logout, /api/v1/products*";

const planned = (gateway: object, more: object = {}): Promise<Plan> =>
    recorded({ stack: "local", override: { gateway: { hosts: [HOST], ...gateway }, ...more } });

const existing = { certificate: { source: "existing", secretName: "web" } };
const generated = { certificate: { source: "generated" } };

/** What is open, without the name of the object and how the gateway is reached. */
function open(plan: Plan): string[] {
    return (postureOf(plan)?.exposure ?? []).map((line) => line.replace(/^bookinfo-gateway, load balancer, /, ""));
}

// A way in that is not seen here would look closed.
describe("exposed services, as a plan shows them", () => {
    for (const kind of ["istio", "ingress", "gateway-api"]) {
        describe(`kind ${kind}`, () => {
            let plan: Plan;
            before(async () => {
                plan = await planned({ kind });
            });

            it("says what is exposed", () => {
                assert.deepEqual(open(plan), [`80 HTTP for ${HOST}: productpage at ${PATHS}`]);
            });

            it("draws it from the clients to the service", () => {
                const { boxes, arrows } = meshPicture(plan);
                const gateway = boxes.find((box) => box.kind === "gateway")!;
                assert.deepEqual([gateway.lines[0], gateway.lines[2]], ["bookinfo-gateway", `80 HTTP for ${HOST}`]);
                const ways = arrows.map(({ from, to, lines }) => [from, to, ...lines]);
                assert.deepEqual(ways.slice(0, 2), [
                    ["clients", gateway.id],
                    [gateway.id, "bookinfo/productpage", PATHS],
                ]);
            });
        });
    }

    it("distinguishes HTTPS from its redirect, and shows which clients need a certificate", async () => {
        const tls = { ...existing, mode: "mutual", minimumVersion: "TLSV1_3" };
        assert.deepEqual(open(await planned({ tls })), [
            `80 HTTP for ${HOST}: redirect to HTTPS`,
            `443 HTTPS with client certificates from TLS 1.3 on for ${HOST}: productpage at ${PATHS}`,
        ]);
        assert.deepEqual(open(await planned({ kind: "gateway-api", tls: { ...existing, mode: "mutual" } })), [
            `80 HTTP for ${HOST}: redirect to HTTPS`,
            `443 HTTPS with client certificates for ${HOST}: productpage at ${PATHS}`,
        ]);
    });

    it("knows that an Ingress serves HTTP beside HTTPS, and a certificate for all hosts", async () => {
        for (const host of [HOST, "*"]) {
            assert.deepEqual(open(await planned({ kind: "ingress", hosts: [host], tls: existing })), [
                `80 HTTP for ${host}: productpage at ${PATHS}`,
                `443 HTTPS for ${host}: productpage at ${PATHS}`,
            ]);
        }
    });

    it("draws services managed outside this stack, if the gateway routes to them", async () => {
        const services = { cart: { namespace: "shop", port: 8080, expose: { hosts: ["shop.example.com"] } } };
        const plan = await planned({}, { bookinfo: { enabled: false }, namespaces: { shop: {} }, services });
        assert.deepEqual(
            meshOf(plan).services.map(({ id, name, ports }) => [id, name, ports]),
            [["shop/cart", "cart", "8080"]],
        );
        assert.match(renderMermaid(meshPicture(plan)), /n1 -->\|"\/\*"\| n2\n/);
    });

    it("draws services managed outside this stack, if only other services call them", async () => {
        const plan = await planOfExample("own-services");
        const { services, versions, calls, accounts } = meshOf(plan);
        assert.deepEqual(services.map(({ name }) => name).sort(), ["cart", "catalog", "payments", "web"]);
        assert.deepEqual(
            versions.map(({ name }) => name),
            ["catalog v1", "catalog v2"],
        );
        const names = new Map([...services, ...accounts].map(({ id, name }) => [id, name]));
        assert.deepEqual(calls.map(({ from, to }) => `${names.get(from)} > ${names.get(to)}`).sort(), [
            "account cart in checkout > catalog",
            "account cart in checkout > payments",
            "account web in storefront > catalog",
        ]);
        assert.match(renderMermaid(meshPicture(plan)), /\|"90%"\|/);
    });

    it("draws services managed outside this stack, if only policies mention them", async () => {
        const service = { namespace: "shop", port: 8080 };
        const services = { web: { ...service, serviceAccount: "web" }, cart: { ...service, serviceAccount: "cart" } };
        const authorization = { mode: "zero-trust", calls: { web: ["cart"] } };
        const security = { mtls: { mode: "STRICT" }, authorization };
        const plan = await planned({}, { bookinfo: { enabled: false }, namespaces: { shop: {} }, services, security });
        const { arrows, boxes } = meshPicture(plan);
        const name = (id: string) => boxes.find((each) => each.id === id)?.lines[0];
        assert.deepEqual(
            arrows.filter(({ kind }) => kind === "allowed").map(({ from, to }) => [name(from), name(to)]),
            [["account web in shop", "cart"]],
        );
    });

    it("distinguishes services of the same name", async () => {
        const names = meshOf(await planned({}, { clients: { curl: true, legacy: true } })).services.map(
            ({ name }) => name,
        );
        assert.deepEqual(names.slice(4), ["curl.bookinfo", "curl.legacy", "httpbin"]);
    });
});

describe("certificates, as a plan shows them", () => {
    const lives = async (gateway: object) => postureOf(await planned(gateway))?.certificates;

    it("says how long a generated one is valid before there is one", async () => {
        const certificate = { source: "generated", validityDays: 60, renewBeforeDays: 20 };
        assert.deepEqual(await lives({ tls: { certificate } }), ["gateway-tls, valid 60 days, renewed in the last 20"]);
    });

    it("says what renews the others", async () => {
        const issuer = { name: "letsencrypt" };
        const hosts = { "b.example.com": { certificate: { source: "cert-manager", issuer } } };
        assert.deepEqual(await lives({ hosts: [HOST, "b.example.com"], tls: { ...existing, hosts } }), [
            "web, in a Secret managed outside this stack",
            "gateway-tls-b.example.com, renewed by cert-manager from ClusterIssuer letsencrypt",
        ]);
    });

    it("shows the expiry of one from files", async () => {
        const folder = mkdtempSync(join(tmpdir(), "oke-mesh-"));
        const pair = await newCertificate(await newAuthority(), {
            dnsNames: [HOST],
            notBefore: new Date("2026-01-01T00:00:00Z"),
            validityHours: 100 * 365 * 24,
        });
        const certificate = { source: "files", certificate: join(folder, "tls.crt"), key: join(folder, "tls.key") };
        writeFileSync(certificate.certificate, pair.certificate);
        writeFileSync(certificate.key, pair.key);
        const plan = await planned({ tls: { certificate } });
        rmSync(folder, { recursive: true });
        assert.deepEqual(postureOf(plan)?.certificates, ["gateway-tls, expires 2125-12-08"]);
        assert.match(renderTree(plan), /Secret {2}gateway-tls expires 2125-12-08\n/);
    });

    it("is beside each of them in the tree", async () => {
        const tree = renderTree(await planned({ tls: { ...generated, mode: "mutual" } }));
        assert.match(tree, /SelfSignedCert {2}ca valid 3650 days, renewed in the last 365\n/);
        assert.match(
            tree,
            /CertRequest ×2 {2}gateway-tls-leaf-request for a\.example\.com, client-request for client\n/,
        );
        assert.match(tree, /LocallySignedCert ×2 {2}gateway-tls-leaf, client: valid 90 days, renewed in the last 30\n/);
    });
});

describe("external calls, as a plan shows them", () => {
    const HTTP = { port: 80, protocol: "HTTP" };
    const egress = {
        mode: "REGISTRY_ONLY",
        services: {
            "httpbin-ext": { hosts: ["httpbin.org"], ports: [HTTP] },
            partner: {
                hosts: ["api.example.com"],
                ports: [HTTP, { port: 443, protocol: "HTTPS" }],
                originateTls: true,
                via: "gateway",
            },
        },
        bypass: { cidrs: ["203.0.113.0/24"], workloads: { ratings: ["198.51.100.0/24"] } },
        scoping: { enabled: true, reaches: { bookinfo: ["shop"] } },
    };
    let plan: Plan;
    before(async () => {
        plan = await planned({}, { egress, namespaces: { shop: {} } });
    });

    it("lists hosts, how they are reached, and networks that bypass the sidecars", () => {
        assert.deepEqual(postureOf(plan)?.egress, [
            "sidecars refuse what is not listed here (REGISTRY_ONLY)",
            "httpbin.org, 80 HTTP",
            "api.example.com, 80 HTTP sent as TLS to 443, 443 HTTPS, through the egress gateway",
            "all workloads bypass the sidecars to 203.0.113.0/24",
            "ratings-v1 bypasses its sidecar to 203.0.113.0/24, 198.51.100.0/24",
        ]);
    });

    it("says when only some networks go through the sidecars", async () => {
        const allExcept = ["10.96.0.0/16", "10.244.0.0/16"];
        assert.deepEqual(postureOf(await planned({}, { egress: { bypass: { allExcept } } }))?.egress, [
            "sidecars allow any host (ALLOW_ANY)",
            "all workloads bypass the sidecars, except to 10.96.0.0/16, 10.244.0.0/16",
        ]);
    });

    it("does not show the egress gateway as exposed", () => {
        assert.deepEqual(open(plan), [`80 HTTP for ${HOST}: productpage at ${PATHS}`]);
        assert.equal(meshOf(plan).gateways.length, 1);
    });

    it("draws which hosts are called, and which of them through the egress gateway", () => {
        const { boxes, arrows } = meshPicture(plan);
        const hosts = boxes.filter(({ kind }) => kind === "external").map(({ lines }) => lines.slice(0, 2));
        assert.deepEqual(hosts, [
            ["httpbin.org", "80 HTTP"],
            ["api.example.com", "80 HTTP sent as TLS to 443"],
            ["any other host", "refused"],
        ]);
        assert.deepEqual(
            arrows.filter(({ to }) => to.startsWith("host ")).map(({ from, to }) => [from, to]),
            [
                ["bookinfo", "host httpbin-ext"],
                ["egress gateway", "host partner"],
            ],
        );
    });

    it("shows in the tree what proxies are configured with", () => {
        assert.match(renderTree(plan), /default\.bookinfo knows \.\/\*, istio-system\/\*, shop\/\*;/);
    });
});

describe("kinds that expose services, in the tree", () => {
    it("shows the destinations of an Ingress and an HTTPRoute", async () => {
        const ingress = renderTree(await planned({ kind: "ingress", tls: existing }), { width: 400 });
        assert.ok(ingress.includes("IngressClass  istio served by istio.io/ingress-controller\n"));
        assert.ok(ingress.includes(`Ingress  bookinfo-gateway ${PATHS} of ${HOST} with TLS by web\n`));
        const api = renderTree(await planned({ kind: "gateway-api", tls: existing }), { width: 400 });
        assert.ok(api.includes(`HTTPRoute ×2  bookinfo ${PATHS} to productpage; bookinfo-redirect to HTTPS\n`));
        assert.ok(api.includes(`Gateway  bookinfo-gateway 80 HTTP for ${HOST}; 443 HTTPS for ${HOST}\n`));
        assert.match(api, /gateway-api ConfigFile, all that is in https:\/\/.*\/standard-install\.yaml\n/);
    });

    it("adds namespaces to names that are used twice, and names existing objects", async () => {
        const clients = { curl: true, legacy: true };
        const tree = renderTree(await planned({}, { clients, namespaces: { shop: {} } }), { width: 400 });
        assert.match(tree, /ServiceAccount ×3 {2}curl\.bookinfo, curl\.legacy, httpbin\n/);
        assert.match(tree, /NamespacePatch {2}shop existing, sidecar injection\n/);
    });
});
