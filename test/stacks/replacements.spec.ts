import { strict as assert } from "node:assert";
import type { Plan, Resource } from "../../plan/model";
import { replacedSince, type Replaced } from "../../plan/replacements/render";
import { one, shortType } from "../../plan/query";
import { recorded } from "../support/recorded";
import { EVERYTHING, everythingOnOci, POOL as pool } from "./everythingOnOci";

type Override = typeof EVERYTHING;

/** More settings of one section over those of `everythingOnOci`. */
function over(section: string, change: Record<string, unknown>, settings = EVERYTHING): Override {
    return { ...settings, [section]: { ...settings[section], ...change } };
}

/** Changes of several sections at once. */
function overAll(changes: Override): Override {
    return Object.entries(changes).reduce((settings, [section, change]) => over(section, change, settings), EVERYTHING);
}

/** A change of settings, and what it replaces on OCI: `-` deleted first, `+` created first. */
const CHANGES: [what: string, settings: Override, replaced: string[]][] = [
    [
        "a private API endpoint",
        over("cluster", { endpoint: { public: false } }),
        ["-Addon", "-Cluster", "-Log", "-NodePool", "-Release", "-Subnet"],
    ],
    ["another range of Services", over("cluster", { servicesCidr: "10.97.0.0/16" }), CLUSTER_ANEW()],
    ["a key for Secrets", over("cluster", { kmsKeyId: "ocid1.key.oc1.iad.a" }), CLUSTER_ANEW()],
    ["another pod network", over("cluster", { cni: "FLANNEL_OVERLAY" }), CLUSTER_ANEW()],
    [
        // Then there is no monitor, whose tiles the dashboard loses. A private address cannot be reserved.
        "a private load balancer",
        over("gateway", { loadBalancer: { internal: true } }),
        ["+ManagementDashboardsImport", "-Release", "-Rrset", "-Subnet"],
    ],
    [
        "a network load balancer at the same address",
        over("gateway", { loadBalancer: { type: "nlb", reservedIp: { source: "new" } } }),
        ["-Release"],
    ],
    ["an address that is not reserved", over("gateway", { loadBalancer: {} }), ["-Release", "-Rrset"]],
    [
        "an address that exists",
        over("gateway", { loadBalancer: { reservedIp: { source: "existing", id: "ocid1.publicip.oc1.iad.a" } } }),
        ["-Release"],
    ],
    ["another zone", over("gateway", { dns: { zone: "ocid1.dns-zone.oc1..a" } }), ["-Rrset"]],
    ["an Always Free domain", over("apm", { isFreeTier: true }), ["+ApmDomain", "+Config"]],
    [
        "access logs as text",
        over("istio", { meshConfig: { accessLogEncoding: "TEXT" } }),
        ["-UnifiedAgentConfiguration"],
    ],
    [
        "a TTL, the PROXY protocol, tags, a pool that grows further, another range of nodes, retention",
        overAll({
            gateway: { dns: { zone: "example.com", ttl: 60 }, clientAddresses: { source: "proxy-protocol" } },
            tags: { freeform: { team: "mesh" } },
            cluster: { nodePools: [{ ...pool, autoscaling: { min: 2, max: 9 } }] },
            network: { subnets: { workers: "10.0.4.0/24" } },
            logging: { oci: { retentionDays: 60 } },
        }),
        [],
    ],
    [
        "forwarded headers, a larger pool that does not grow, labels of nodes, a newer Kubernetes, another bastion",
        overAll({
            gateway: { clientAddresses: { source: "forwarded-headers", trustedHops: 1 } },
            cluster: {
                kubernetesVersion: "v1.34.3",
                nodePools: [{ ...pool, autoscaling: undefined, size: 5, labels: { a: "b" } }],
            },
            network: { bastion: { allowedCidrs: ["198.51.100.7/32"] } },
        }),
        [],
    ],
];

/** A new cluster beside the old one, and what can only move when the old one has gone. */
function CLUSTER_ANEW(): string[] {
    return ["+Addon", "+Cluster", "+NodePool", "-Log", "-Release"];
}

/** What stands in a subnet as long as it exists. */
const STANDS_IN_SUBNET = ["Cluster", "NodePool", "Bastion"];

describe("what a change of settings replaces", () => {
    let earlier: Plan;
    before(async () => {
        earlier = await everythingOnOci();
    });

    for (const [what, override, expected] of CHANGES) {
        it(`${what}: ${expected.join(" ") || "nothing"}`, async () => {
            const plan = await recorded({ stack: "dev", override });
            const replaced = replacedSince(earlier, plan);
            assert.deepEqual(signed(replaced), expected);
            assertNothingHoldsOn(plan, replaced);
        });
    }

    // OKE's controller does not turn it off, and a gateway without it answers 400 to whatever begins with the header.
    it("costs the load balancer to end its PROXY protocol, and only with type lb", async () => {
        const ended = async (loadBalancer: object) => {
            const at = (gateway: object) =>
                recorded({ stack: "dev", override: { gateway: { loadBalancer, ...gateway } } });
            return signed(replacedSince(await at({ clientAddresses: { source: "proxy-protocol" } }), await at({})));
        };
        assert.deepEqual(await ended({ type: "lb" }), ["-Release"]);
        assert.deepEqual(await ended({ type: "nlb" }), []);
    });

    it("does not cost the cluster on a network that exists: its endpoint changes in place", async () => {
        const subnet = (name: string) => `ocid1.subnet.oc1.iad.${name}`;
        const nsg = ["ocid1.networksecuritygroup.oc1.iad.a"];
        const existing = {
            source: "existing",
            vcnId: "ocid1.vcn.oc1.iad.a",
            subnets: { apiEndpoint: subnet("a"), workers: subnet("w"), pods: subnet("p"), loadBalancers: subnet("l") },
            nsgs: { loadBalancers: nsg },
        };
        const settings = (isPublic: boolean) => ({
            "oci:region": "us-ashburn-1",
            "oci:tenancyOcid": "ocid1.tenancy.oc1..t",
            compartmentId: "ocid1.compartment.oc1..a",
            network: existing,
            cluster: {
                source: "new",
                endpoint: { public: isPublic, allowedCidrs: isPublic ? ["203.0.113.7/32"] : [] },
                nodePools: [pool],
            },
        });
        const [before, after] = [
            await recorded({ stack: "dev", config: settings(false) }, PROGRAM),
            await recorded({ stack: "dev", config: settings(true) }, PROGRAM),
        ];
        assert.notDeepEqual(endpointOf(before), endpointOf(after));
        assert.deepEqual(signed(replacedSince(before, after)), []);
    });
});

const PROGRAM = "index.ts";

function endpointOf(plan: Plan): unknown {
    return one(plan, "Cluster").inputs.endpointConfig;
}

function signed({ replacements }: Replaced): string[] {
    const own = replacements.filter(
        ({ resource: { type, name } }) => type.startsWith("oci:") || /gateway-release$/.test(name),
    );
    return [
        ...new Set(own.map(({ resource, deletedFirst }) => `${deletedFirst ? "-" : "+"}${shortType(resource.type)}`)),
    ].sort();
}

/** OCI refuses to delete a subnet that something stands in, so whatever does is replaced with it, and before it. */
function assertNothingHoldsOn(plan: Plan, { replacements }: Replaced): void {
    const gone = new Set(replacements.filter(({ deletedFirst }) => deletedFirst).map(({ resource }) => resource.urn));
    const subnets = replacements.filter(({ resource }) => shortType(resource.type) === "Subnet");
    for (const { resource: subnet } of subnets) {
        const uses = ({ propertyDependencies }: Resource) =>
            Object.values(propertyDependencies).flat().includes(subnet.urn);
        const stands = ({ type, inputs }: Resource) =>
            STANDS_IN_SUBNET.includes(shortType(type)) ||
            (type.endsWith(":Release") && JSON.stringify(inputs).includes("load-balancer"));
        const holding = plan.resources.filter((each) => uses(each) && stands(each) && !gone.has(each.urn));
        assert.deepEqual(
            holding.map(({ name }) => name),
            [],
            `stands in ${subnet.name}`,
        );
    }
}
