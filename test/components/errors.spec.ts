import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import * as library from "../../components";
import { record } from "../../plan/record/record";
import { cart, cluster } from "./everyComponent";

const { compartmentId } = cluster;
const tenancyId = "ocid1.tenancy.oc1..a";
const namespace = "istio-system";
const withoutSubnets = { ...cluster.network, subnetIds: { loadBalancers: "ocid1.subnet.oc1..d" } };
const [pool] = cluster.nodePools;

function routed(traffic: library.ServiceTraffic) {
    return new library.TrafficPolicies("a", { services: [cart], traffic: { cart: traffic } });
}

/** Arguments that cannot be right, and the argument that the error names. */
const WRONG: [argument: string, make: () => unknown][] = [
    ["network.subnetIds.apiEndpoint", () => new library.OkeCluster("a", { ...cluster, network: withoutSubnets })],
    [
        "network.subnetIds.workers",
        () => {
            const subnetIds = { ...cluster.network.subnetIds, workers: undefined };
            return new library.OkeCluster("a", { ...cluster, network: { ...cluster.network, subnetIds } });
        },
    ],
    [
        "network.subnetIds.pods",
        () => {
            const subnetIds = { ...cluster.network.subnetIds, pods: undefined };
            return new library.OkeCluster("a", { ...cluster, network: { ...cluster.network, subnetIds } });
        },
    ],
    [
        "homeProvider",
        () => new library.OkeCluster("a", { ...cluster, nodePools: [{ ...pool!, autoscaling: { min: 1, max: 3 } }] }),
    ],
    [
        "intervalSeconds",
        () =>
            new library.ApmMonitor("a", {
                domainId: "ocid1.apmdomain.oc1..a",
                target: "https://shop.example.com/",
                region: "us-ashburn-1",
                intervalSeconds: 30,
            }),
    ],
    [
        "dynamicGroupName",
        () => new library.ContainerLogging("a", { compartmentId, tenancyId, identityDomain: "Platform" }),
    ],
    ["defaultRevision", () => new library.ControlPlane("a", { defaultRevision: "1-30" })],
    ["canary.revision", () => new library.ControlPlane("a", { canary: { revision: "1-32" } })],
    [
        "bypass.allExcept",
        () => new library.ControlPlane("a", { bypass: { cidrs: ["10.0.0.0/8"], allExcept: ["10.0.0.0/8"] } }),
    ],
    ["replicas", () => new library.ControlPlane("a", { replicas: { min: 4, max: 2 } })],
    ["replicas", () => new library.IngressGateway("a", { namespace, replicas: { min: 4, max: 2 } })],
    ["subnets.apiEndpoint", () => new library.Network("a", { compartmentId, cidr: "192.168.0.0/16" })],
    ["subnets.workers", () => new library.Network("a", { compartmentId, cidr: "10.0.0.0/25", cni: "FLANNEL_OVERLAY" })],
    ["metricsServer", () => new library.OkeCluster("a", { ...cluster, type: "BASIC_CLUSTER" })],
    ["ocpus", () => new library.OkeCluster("a", { ...cluster, nodePools: [{ ...pool!, ocpus: undefined }] })],
    ["traffic.cart.route.v3", () => routed({ route: { v1: 50, v3: 50 } })],
    ["traffic.cart.route", () => routed({ route: { v1: 50, v2: 40 } })],
    ["traffic.cart.match[0].mirror.to", () => routed({ match: [{ user: "jason", mirror: { to: "v9" } }] })],
    ["apm", () => library.tracingPlan({ backend: "apm" })],
    ["traffic.cart", () => new library.TrafficPolicies("a", { services: [], traffic: { cart: { timeout: "3s" } } })],
    ["calls.cart", () => library.zeroTrustPolicies({ namespaces: ["shop"], services: [], calls: { cart: ["stock"] } })],
    ["zipkin", () => new library.Addons("a", { namespace, jaeger: {}, zipkin: {} })],
    ["kiali.openid", () => new library.Addons("a", { namespace, kiali: { signIn: "openid" } })],
];

describe("a wrong argument of a component", () => {
    for (const [argument, make] of WRONG) {
        it(`is named by the error: ${argument}`, async () => {
            await assert.rejects(record({ config: {} }, make), (error: { propertyPath?: string; message: string }) => {
                assert.equal(error.propertyPath, argument);
                assert.ok(error.message.startsWith(`${argument} `), error.message);
                return true;
            });
        });
    }

    it("is an error of this kind everywhere: others are about what OCI answers", () => {
        const root = path.join(__dirname, "../../components");
        const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
        const thrown = files.flatMap((file) => [
            ...readFileSync(path.join(root, file), "utf8").matchAll(/throw (?:new )?([\w.]+)\(/g),
        ]);
        const kinds = new Set(thrown.map(([, kind]) => kind));
        assert.deepEqual([...kinds].sort(), ["missing", "pulumi.ResourceError", "wrongArgument"]);
    });
});
