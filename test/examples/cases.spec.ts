import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { parseAllDocuments } from "yaml";
import type { HTTPRoute } from "../../components/istio/api";
import { at, type Plan } from "../../plan/model";
import { isKubernetes, isManaged, ofType, one } from "../../plan/query";
import { isApplied, renderManifests } from "../../plan/report/manifests";
import { renderTree } from "../../plan/report/tree";
import { page } from "../support/markdown";
import { decide, type Call } from "../support/meshDecisions";
import { imagesIn } from "../support/images";
import { recorded } from "../support/recorded";
import { routeFor } from "../support/requests";
import { planOfExample } from "./stackFiles";

const onOci = ({ resources }: Plan) => resources.filter((each) => isManaged(each) && !isKubernetes(each));
const gatewayService = (plan: Plan) =>
    at(one(plan, "Release", "istio-ingressgateway-release").inputs, "values", "service");
const annotations = (plan: Plan) => at(gatewayService(plan), "annotations") as Record<string, string>;

/** The decision on a call between two workloads, each known by namespace and name. */
const asks = (plan: Plan, from: string, to: string, port?: number) => {
    const [[caller = "", account = ""], [namespace = "", app = ""]] = [from.split("/"), to.split("/")];
    return decide(plan, {
        from: { namespace: caller, serviceAccount: account },
        to: { namespace, labels: { app }, port },
    });
};

describe("examples/existing-cluster", () => {
    it("creates nothing on OCI, and puts its load balancer where the settings say", async () => {
        const plan = await planOfExample("existing-cluster");
        assert.deepEqual(onOci(plan), []);
        assert.equal(
            annotations(plan)["service.beta.kubernetes.io/oci-load-balancer-subnet1"],
            "ocid1.subnet.oc1.iad.replace-with-your-subnet",
        );
        assert.equal(
            annotations(plan)["oci.oraclecloud.com/oci-network-security-groups"],
            "ocid1.networksecuritygroup.oc1.iad.replace-with-your-group",
        );
    });
});

describe("examples/own-services", () => {
    it("routes one host to services of two namespaces, the longer path first", async () => {
        const plan = await planOfExample("own-services");
        const routes = ofType(plan, "VirtualService").filter(({ inputs }) => at(inputs, "spec", "gateways"));
        assert.equal(routes.length, 1);
        assert.deepEqual(at(routes[0]!.inputs, "spec", "hosts"), ["shop.example.com"]);
        const http = at(routes[0]!.inputs, "spec", "http") as HTTPRoute[];
        const goesTo = (path: string) =>
            routeFor(http, { path, method: "GET", headers: {} })?.route?.[0]?.destination.host.split(".").slice(0, 2);
        assert.deepEqual(goesTo("/"), ["web", "storefront"]);
        assert.deepEqual(goesTo("/cartoons"), ["web", "storefront"]);
        assert.deepEqual(goesTo("/cart/1"), ["cart", "checkout"]);
        assert.deepEqual(goesTo("/checkout"), ["cart", "checkout"]);
    });

    it("shows in its README what the plan says", async () => {
        const printed = renderTree(await planOfExample("own-services"));
        const [shown = ""] = page("examples/own-services/README.md").blocks.flatMap(
            ({ text }) => text.split("\n...\n")[1] ?? [],
        );
        assert.match(shown, /may call web/);
        assert.deepEqual(
            shown.split("\n").filter((line) => !printed.includes(line)),
            [],
        );
    });

    it("allows the declared calls, across the teams too, and no other", async () => {
        const plan = await planOfExample("own-services");
        assert.equal(asks(plan, "checkout/cart", "storefront/catalog"), "allowed");
        assert.equal(asks(plan, "storefront/web", "checkout/payments"), "403");
        assert.equal(asks(plan, "storefront/catalog", "storefront/web"), "403");
        assert.equal(decide(plan, { to: { namespace: "checkout", labels: { app: "payments" } } }), "cut");
        assert.deepEqual(ofType(plan, "Deployment"), []);
    });
});

describe("examples/identity-domain", () => {
    const gateway = { namespace: "istio-system", labels: { istio: "ingressgateway" }, port: 443 };
    // The gateway ends everybody's TLS itself: STRICT is about connections between proxies.
    const from = { namespace: "outside", serviceAccount: "anybody" };
    const api = { from, to: gateway, host: "bookinfo.example.com", path: "/api/v1/products" };
    const token = { issuer: "https://identity.oraclecloud.com/", subject: "jason", valid: true };
    const requests: [what: string, call: Partial<Call>, decision: string][] = [
        ["the pages without a token", { path: "/productpage" }, "allowed"],
        ["the API without a token", {}, "403"],
        ["the API with a token that lacks the scope", { token: { ...token, claims: { scope: ["other"] } } }, "403"],
        ["the API with the scope", { token: { ...token, claims: { scope: ["other", "books.read"] } } }, "allowed"],
        [
            "anything with a token of another issuer",
            { path: "/productpage", token: { ...token, issuer: "https://other.example.com/" } },
            "401",
        ],
    ];
    for (const [what, call, decision] of requests) {
        it(`answers ${what}: ${decision}`, async () => {
            assert.equal(decide(await planOfExample("identity-domain"), { ...api, ...call }), decision);
        });
    }

    it("checks tokens by the domain's keys and the application's audience", async () => {
        const [rule] = at(
            one(await planOfExample("identity-domain"), "RequestAuthentication").inputs,
            "spec",
            "jwtRules",
        ) as object[];
        assert.match(
            String(at(rule, "jwksUri")),
            /^https:\/\/idcs-[^/]+\.identity\.oraclecloud\.com\/admin\/v1\/SigningCert\/jwk$/,
        );
        assert.deepEqual(at(rule, "audiences"), ["https://bookinfo.example.com/"]);
    });

    it("lets services call each other only as Bookinfo does", async () => {
        const plan = await planOfExample("identity-domain");
        assert.equal(asks(plan, "bookinfo/bookinfo-reviews", "bookinfo/ratings", 9080), "allowed");
        assert.equal(asks(plan, "bookinfo/bookinfo-details", "bookinfo/ratings", 9080), "403");
    });
});

describe("examples/gitops", () => {
    const documents = (file: string) =>
        parseAllDocuments(readFileSync(path.join(__dirname, "../../examples/gitops", file), "utf8")).map(
            (document) => document.toJS() as unknown,
        );

    it("exports objects alone, complete: no value that only `pulumi up` would know, no Secret", async () => {
        const files = renderManifests(await planOfExample("gitops")).filter(({ path }) => path.endsWith(".yaml"));
        assert.ok(files.length > 8);
        const incomplete = files.filter(({ content }) => /known-after-apply|\[secret\]|^kind: Secret$/m.test(content));
        assert.deepEqual(incomplete, []);
    });

    it("leaves the namespace of the platform to it, and nothing else, with either tool", async () => {
        const files = renderManifests(await planOfExample("gitops")).map((file) => file.path);
        const [argocd] = documents("argocd.yaml");
        const [flux] = documents("flux.yaml");
        for (const pattern of [at(argocd, "spec", "source", "directory", "exclude"), at(flux, "spec", "ignore")]) {
            const [, end = ""] = /^\*(-[a-z.-]+)$/.exec(String(pattern)) ?? [];
            assert.deepEqual(
                files.filter((file) => end && file.endsWith(end)),
                ["01-namespace-istio-system.yaml"],
            );
        }
    });

    it("shares no object with the platform's stack but the namespace that both tools leave out", async () => {
        const platform = await recorded({ stack: "prod", override: { bookinfo: { enabled: false } } });
        const objects = ({ resources }: Plan) =>
            resources
                .filter((each) => isApplied(each) && at(each.inputs, "metadata", "name"))
                .map(({ type, inputs }) =>
                    [type, at(inputs, "metadata", "namespace"), at(inputs, "metadata", "name")].join(" "),
                );
        const both = objects(await planOfExample("gitops")).filter((each) => objects(platform).includes(each));
        assert.deepEqual(both, ["kubernetes:core/v1:Namespace  istio-system"]);
    });
});

describe("examples/private", () => {
    it("has no public address, and no way out but Oracle's services", async () => {
        const plan = await planOfExample("private");
        assert.deepEqual(
            [...ofType(plan, "InternetGateway"), ...ofType(plan, "NatGateway"), ...ofType(plan, "PublicIp")],
            [],
        );
        assert.equal(ofType(plan, "ServiceGateway").length, 1);
        assert.ok(ofType(plan, "Subnet").every(({ inputs }) => inputs.prohibitPublicIpOnVnic === true));
        assert.equal(at(one(plan, "Cluster").inputs, "endpointConfig", "isPublicIpEnabled"), false);
        assert.equal(annotations(plan)["service.beta.kubernetes.io/oci-load-balancer-internal"], "true");
        const open = ofType(plan, "NetworkSecurityGroupSecurityRule").filter(({ inputs }) =>
            Object.values(inputs).includes("0.0.0.0/0"),
        );
        assert.deepEqual(open, []);
    });

    it("is reached through a bastion, and pulls every image from OCIR", async () => {
        const plan = await planOfExample("private");
        assert.equal(ofType(plan, "Bastion").length, 1);
        const images = ofType(plan, "Deployment").flatMap(({ inputs }) => imagesIn(inputs));
        const hubs = ofType(plan, "Release").flatMap(({ inputs }) => at(inputs, "values", "global", "hub") ?? []);
        assert.ok(images.length >= 6 && hubs.length > 0);
        assert.deepEqual(
            [...images, ...hubs].filter((image) => typeof image !== "string" || !image.startsWith("iad.ocir.io/")),
            [],
        );
    });
});

describe("examples/always-free", () => {
    it("stays within the amounts that Oracle gives for free", async () => {
        const plan = await planOfExample("always-free");
        assert.equal(one(plan, "Cluster").inputs.type, "BASIC_CLUSTER");
        const pool = one(plan, "NodePool").inputs;
        assert.equal(pool.nodeShape, "VM.Standard.A1.Flex");
        const size = Number(at(pool, "nodeConfigDetails", "size"));
        assert.ok(size * Number(at(pool, "nodeShapeConfig", "ocpus")) <= 2);
        assert.ok(size * Number(at(pool, "nodeShapeConfig", "memoryInGbs")) <= 12);
        assert.ok(size * Number(at(pool, "nodeSourceDetails", "bootVolumeSizeInGbs")) <= 200);
        assert.equal(annotations(plan)["service.beta.kubernetes.io/oci-load-balancer-shape-flex-max"], "10");
        // Whatever else is on OCI has no price: networks, groups and rules.
        const others = onOci(plan)
            .map(({ type }) => type)
            .filter((type) => type.startsWith("oci:") && !type.startsWith("oci:Core/"));
        assert.deepEqual(others.sort(), [
            "oci:ContainerEngine/cluster:Cluster",
            "oci:ContainerEngine/nodePool:NodePool",
        ]);
    });

    it("leaves half of the node to Kubernetes and to whatever you add", async () => {
        const requested = JSON.stringify((await planOfExample("always-free")).resources.map(({ inputs }) => inputs));
        const cpus = [...requested.matchAll(/"requests":\{"cpu":"(\d+)m"/g)].map(([, millis]) => Number(millis));
        // Each of Bookinfo's six pods has a sidecar, whose request stands once in istiod's values.
        const sidecars = 6 * 10;
        assert.ok(cpus.length >= 8);
        assert.ok(cpus.reduce((sum, each) => sum + each, sidecars) <= 1000, String(cpus));
    });
});

describe("examples/kind", () => {
    it("needs neither OCI nor a load balancer, and keeps traces in the cluster", async () => {
        const plan = await planOfExample("kind");
        assert.deepEqual(
            onOci(plan).filter(({ type }) => type.startsWith("oci:")),
            [],
        );
        assert.equal(at(gatewayService(plan), "type"), "NodePort");
        assert.ok(one(plan, "Release", "addons-jaeger"));
    });

    it("has all clients that the guide sends requests from", async () => {
        const names = ofType(await planOfExample("kind"), "Deployment").map(({ inputs }) =>
            at(inputs, "metadata", "name"),
        );
        assert.deepEqual(
            ["curl", "httpbin", "fortio"].filter((client) => !names.includes(client)),
            [],
        );
    });
});
