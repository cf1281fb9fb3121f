import { strict as assert } from "node:assert";
import { at, isUnknown, type Plan, type Resource } from "../../plan/model";
import { dependsOn, effectiveDeletedWith, ofType, one } from "../../plan/query";
import { replacedSince } from "../../plan/replacements/render";
import { postureOf } from "../../plan/mesh/posture/posture";
import { recorded } from "../support/recorded";

const RELEASE = "istio-ingressgateway-release";
const hosts = ["bookinfo.example.com"];
const dns = { zone: "example.com" };
const reservedIp = { source: "new" };
const NETWORK = {
    source: "existing",
    vcnId: "ocid1.vcn.oc1.iad.a",
    subnets: { loadBalancers: "ocid1.subnet.oc1.iad.a" },
    nsgs: { loadBalancers: ["ocid1.networksecuritygroup.oc1.iad.a"] },
};

const planned = (gateway: object, more: object = {}): Promise<Plan> =>
    recorded({ stack: "dev", override: { gateway: { hosts, ...gateway }, ...more } });
const sets = (plan: Plan): Resource[] => ofType(plan, "Rrset");
const names = (plan: Plan) => sets(plan).map(({ inputs }) => inputs.domain);
const loadBalancerIp = (plan: Plan) => at(one(plan, "Release", RELEASE).inputs, "values", "service", "loadBalancerIP");
const rdata = (plan: Plan) => at(sets(plan)[0]?.inputs, "items", 0, "rdata");

describe("a stable address", () => {
    it("is reserved before the load balancer takes it, and released after that has gone", async () => {
        const plan = await planned({ loadBalancer: { reservedIp } });
        const [ip, release] = [one(plan, "PublicIp"), one(plan, "Release", RELEASE)];
        assert.deepEqual(ip.inputs, {
            compartmentId: "ocid1.compartment.oc1..replace-with-your-compartment",
            displayName: "oke-mesh-dev-gateway",
            lifetime: "RESERVED",
            freeformTags: { project: "oke-mesh", stack: "dev" },
            definedTags: {},
        });
        assert.ok(release.propertyDependencies.values?.includes(ip.urn));
        assert.ok(isUnknown(loadBalancerIp(plan)));
        assert.ok(dependsOn(plan, release, ip));
        // Neither is skipped because the cluster goes.
        assert.equal(effectiveDeletedWith(plan, ip), null);
        assert.equal(effectiveDeletedWith(plan, release), null);
    });

    it("replaces the load balancer when it comes, changes or goes", async () => {
        const release = one(await planned({}), "Release", RELEASE);
        assert.ok(release.replaceOnChanges.includes("values.service.loadBalancerIP"));
        assert.equal(loadBalancerIp(await planned({})), undefined);
    });

    for (const [protect, own, expected] of [
        [false, undefined, false],
        [true, undefined, true],
        [true, false, false],
        [false, true, true],
    ] as const) {
        it(`is ${expected ? "" : "not "}protected with cluster.protect ${protect} and its own ${own}`, async () => {
            const address = own === undefined ? reservedIp : { ...reservedIp, protect: own };
            const plan = await planned({ loadBalancer: { reservedIp: address } }, { cluster: { protect } });
            assert.equal(one(plan, "PublicIp").protect, expected);
        });
    }

    it("may be one that exists, on a cluster that exists", async () => {
        const id = "ocid1.publicip.oc1.iad.a";
        const loadBalancer = { type: "nlb", reservedIp: { source: "existing", id } };
        const config = {
            "oci:region": "us-ashburn-1",
            network: NETWORK,
            cluster: { source: "existing", id: "ocid1.cluster.oc1.iad.a" },
            gateway: { loadBalancer },
        };
        const answers = { "oci:Core/getPublicIp:getPublicIp": { lifetime: "RESERVED", ipAddress: "192.0.2.7" } };
        const plan = await recorded({ stack: "dev", config, answers }, "index.ts");
        assert.equal(loadBalancerIp(plan), "192.0.2.7");
        assert.deepEqual(ofType(plan, "PublicIp"), []);
    });

    it("stays when the load balancer is replaced, and the plan says so", async () => {
        const before = await planned({ loadBalancer: { reservedIp } });
        const lost = async (loadBalancer: object) => {
            const { warnings } = replacedSince(before, await planned({ loadBalancer }));
            return warnings.filter((text) => /Release|PublicIp/.test(text));
        };
        const again = `Release ${RELEASE} is deleted, then created again: its load balancer is deleted with it, and the address`;
        assert.deepEqual(await lost({ type: "nlb", reservedIp }), [`${again} stays.`]);
        const released = "its address goes back to OCI, and others may get it";
        assert.deepEqual(await lost({}), [
            `${again} changes.`,
            `PublicIp gateway-ip is deleted: ${released}: DNS records and allow lists that name it are wrong.`,
        ]);
    });

    it("is in the security section", async () => {
        const { exposure = [] } = postureOf(await planned({ loadBalancer: { reservedIp } })) ?? {};
        assert.ok(exposure.some((line) => line.includes("public load balancer at a reserved address")));
    });
});

describe("DNS records of the gateway", () => {
    it("disappear before the load balancer does, and before a reserved address", async () => {
        const plan = await planned({ dns, loadBalancer: { reservedIp } });
        const [set] = sets(plan);
        assert.ok(set);
        for (const earlier of [one(plan, "Release", RELEASE), one(plan, "PublicIp")]) {
            assert.ok(dependsOn(plan, set, earlier), earlier.name);
        }
        assert.equal(effectiveDeletedWith(plan, set), null);
    });

    it("name the reserved address, and stay when the load balancer is replaced", async () => {
        const plan = await planned({ dns, loadBalancer: { reservedIp } });
        assert.deepEqual(rdata(plan), { $unknown: [one(plan, "PublicIp").urn] });
        assert.equal(sets(plan)[0]?.inputs.zoneNameOrId, "example.com");
    });

    // A record that is left behind leads to whoever gets the address next.
    it("go before a load balancer that is replaced, if its address goes with it", async () => {
        const plan = await planned({ dns });
        const release = one(plan, "Release", RELEASE).urn;
        assert.deepEqual(sets(plan)[0]?.propertyDependencies.zoneNameOrId, [release]);
        const [service] = plan.reads.filter(({ name }) => name === "istio-ingressgateway-service");
        assert.deepEqual(rdata(plan), { $unknown: [service?.urn] });
    });

    for (const kind of ["istio", "ingress", "gateway-api"]) {
        it(`are there for every host once, with gateway.kind ${kind}`, async () => {
            const service = (host: string, port: number) => ({
                namespace: "shop",
                port,
                expose: { hosts: [host] },
            });
            const tls = { certificate: { source: "generated" } };
            const plan = await planned(
                { dns, kind, tls },
                {
                    namespaces: { shop: {} },
                    services: { cart: service("cart.example.com", 80), any: service("*.any.example.com", 81) },
                    addons: { grafana: { host: "grafana.example.com" } },
                },
            );
            const expected = ["bookinfo", "cart", "*.any", "grafana"].map((name) => `${name}.example.com`);
            assert.deepEqual(names(plan), expected);
            const { exposure = [] } = postureOf(plan) ?? {};
            for (const host of expected) {
                assert.ok(exposure.includes(`${host} in DNS: the gateway's address`), host);
            }
        });
    }

    it("leave out what is no name, and hosts of what is off", async () => {
        const services = { cart: { namespace: "shop", port: 80, expose: { hosts: ["192.0.2.9"] } } };
        const plan = await planned({ dns }, { namespaces: { shop: {} }, services });
        assert.deepEqual(names(plan), hosts);
        const cart = { ...services.cart, expose: { hosts: ["cart.example.com"] } };
        const off = { bookinfo: { enabled: false }, namespaces: { shop: {} }, services: { cart } };
        const security = { authorization: { mode: "off" } };
        assert.deepEqual(names(await planned({ dns }, { ...off, security })), ["cart.example.com"]);
    });

    it("are for the networks of a view in a private zone", async () => {
        const view = "ocid1.dnsview.oc1.iad.v";
        const plan = await planned({ dns: { ...dns, viewId: view }, loadBalancer: { internal: true } });
        assert.equal(sets(plan)[0]?.inputs.viewId, view);
        const { exposure = [] } = postureOf(plan) ?? {};
        assert.ok(
            exposure.includes("bookinfo.example.com in DNS: the gateway's address, for the networks of its view"),
        );
    });

    it("are made by the OCI provider also for a cluster of a kubeconfig on a network of OCI's", async () => {
        const config = {
            "oci:region": "us-ashburn-1",
            network: NETWORK,
            cluster: { source: "kubeconfig" },
            gateway: { hosts, dns },
        };
        const plan = await recorded({ stack: "dev", config }, "index.ts");
        assert.equal(sets(plan)[0]?.provider, one(plan, "pulumi:providers:oci").urn);
    });
});
