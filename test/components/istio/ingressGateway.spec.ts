import { strict as assert } from "node:assert";
import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import { Subnet } from "@pulumi/oci/core";
import * as pulumi from "@pulumi/pulumi";
import { gatewayUrl, type GatewayAddress } from "../../../components/istio/gatewayUrl";
import type { ClientAddresses } from "../../../components/istio/clientAddresses";
import type { OciLoadBalancerArgs } from "../../../components/istio/ociLoadBalancer";
import { addressOf, IngressGateway, type IngressGatewayArgs } from "../../../components/istio/ingressGateway";
import { at, type Plan } from "../../../plan/model";
import { ofType, one } from "../../../plan/query";
import { record } from "../../../plan/record/record";

const args: IngressGatewayArgs = {
    version: "1.31.1",
    chartRepository: "https://blob.istio.io/istio-release/charts",
    namespace: "istio-system",
    imagePullSecrets: [],
    serviceType: "LoadBalancer",
    ports: [
        { name: "http2", port: 80 },
        { name: "https", port: 443 },
    ],
    replicas: { min: 1, max: 1 },
    resources: { requests: { cpu: "100m" } },
    extraValues: {},
};

const ociLoadBalancer: NonNullable<IngressGatewayArgs["ociLoadBalancer"]> = {
    type: "lb",
    internal: false,
    minimumMbps: 10,
    maximumMbps: 100,
    subnetId: "ocid1.subnet.oc1.iad.s",
    nsgIds: [],
    freeformTags: {},
    definedTags: {},
};

function planned(changes: Partial<IngressGatewayArgs> = {}): Promise<Plan> {
    return record({}, () => {
        const { address } = new IngressGateway("gateway", { ...args, ...changes }, {});
        return address && { address };
    });
}

async function values(changes: Partial<IngressGatewayArgs> = {}): Promise<unknown> {
    return one(await planned(changes), "Release").inputs.values;
}

describe("the ingress gateway", () => {
    // OCI refuses to delete a subnet with a load balancer in it. A release is replaced for its namespace, nothing else.
    it("gives way to a new subnet of its load balancer", async () => {
        const plan = await record({}, () => {
            const { id } = new Subnet("lb", { compartmentId: "c", vcnId: "v" });
            new IngressGateway("gateway", { ...args, ociLoadBalancer: { ...ociLoadBalancer, subnetId: id } }, {});
        });
        assert.deepEqual(one(plan, "Release").propertyDependencies.namespace, [one(plan, "Subnet").urn]);
    });

    for (const type of ["lb", "nlb"] as const) {
        it(`makes a new ${type} for what OCI cannot change about one`, async () => {
            const plan = await planned({ ociLoadBalancer: { ...ociLoadBalancer, type } });
            const { replaceOnChanges, inputs, deleteBeforeReplace } = one(plan, "Release");
            assert.equal(deleteBeforeReplace, true);
            const annotations = Object.keys(at(inputs, "values", "service", "annotations") as object);
            const fixed = annotations.filter((name) => /load-balancer-type|internal|subnet/.test(name));
            assert.equal(fixed.length, 3);
            for (const name of fixed) {
                assert.ok(replaceOnChanges.includes(`values.service.annotations["${name}"]`), name);
            }
        });
    }

    it("has these values with one replica and no OCI network", async () => {
        assert.deepEqual(await values(), {
            labels: { app: "istio-ingressgateway", istio: "ingressgateway" },
            podAnnotations: { "oke-mesh/istio-version": "1.31.1" },
            autoscaling: { enabled: false },
            replicaCount: 1,
            resources: { requests: { cpu: "100m" } },
            imagePullSecrets: [],
            securityContext: {
                sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: "0" }],
                seccompProfile: { type: "RuntimeDefault" },
            },
            global: { networkPolicy: { enabled: false } },
            service: {
                type: "LoadBalancer",
                ports: [
                    { name: "http2", port: 80, protocol: "TCP", targetPort: 80 },
                    { name: "https", port: 443, protocol: "TCP", targetPort: 443 },
                ],
            },
        });
    });

    // The chart cuts the label from the release's name; under another name the guide's Gateways select nothing.
    it("carries the label of Istio's samples, under the name that gives it by itself", async () => {
        const { inputs } = one(await planned(), "Release");
        assert.equal(inputs.name, `istio-${at(inputs.values, "labels", "istio") as string}`);
    });

    const topologies: [ClientAddresses, annotation: string | undefined, policy: string | undefined][] = [
        [{ source: "proxy-protocol" }, '{"gatewayTopology":{"proxyProtocol":{}}}', undefined],
        [{ source: "preserve-source" }, undefined, "Local"],
        [{ source: "forwarded-headers", trustedHops: 2 }, '{"gatewayTopology":{"numTrustedProxies":2}}', undefined],
    ];
    for (const [clientAddresses, annotation, policy] of topologies) {
        it(`knows clients by ${clientAddresses.source}`, async () => {
            const given = await values({ clientAddresses });
            assert.deepEqual(at(given, "podAnnotations"), {
                "oke-mesh/istio-version": "1.31.1",
                ...(annotation && { "proxy.istio.io/config": annotation }),
            });
            assert.equal(at(given, "service", "externalTrafficPolicy"), policy);
            assert.equal(at(given, "service", "annotations"), undefined);
        });
    }

    it("says nothing about nodes' traffic where no node's port leads to it", async () => {
        const given = await values({ clientAddresses: { source: "preserve-source" }, serviceType: "ClusterIP" });
        assert.deepEqual(Object.keys(at(given, "service") as object).sort(), ["ports", "type"]);
    });

    const passedOn: [OciLoadBalancerArgs["type"], ClientAddresses, annotations: Record<string, string>][] = [
        [
            "lb",
            { source: "proxy-protocol" },
            {
                "service.beta.kubernetes.io/oci-load-balancer-connection-proxy-protocol-version": "2",
                "oci.oraclecloud.com/ingress-ip-mode": "proxy",
            },
        ],
        [
            "nlb",
            { source: "proxy-protocol" },
            {
                "oci-network-load-balancer.oraclecloud.com/is-ppv2-enabled": "true",
                "oci.oraclecloud.com/ingress-ip-mode": "proxy",
            },
        ],
        [
            "nlb",
            { source: "preserve-source" },
            { "oci-network-load-balancer.oraclecloud.com/is-preserve-source": "true" },
        ],
        ["lb", { source: "forwarded-headers", trustedHops: 1 }, {}],
    ];
    for (const [type, clientAddresses, annotations] of passedOn) {
        it(`has a load balancer of type ${type} pass clients on by ${clientAddresses.source}`, async () => {
            const load = { ...ociLoadBalancer, type };
            const of = async (changes: Partial<IngressGatewayArgs>) =>
                at(await values({ ociLoadBalancer: load, ...changes }), "service", "annotations") as object;
            assert.deepEqual(await of({ clientAddresses }), { ...(await of({})), ...annotations });
        });
    }

    it("gets OCI's annotations with a network only", async () => {
        const own = at(await values({ ociLoadBalancer }), "service", "annotations") as Record<string, unknown>;
        assert.equal(own["service.beta.kubernetes.io/oci-load-balancer-shape"], "flexible");
        assert.equal(at(await values(), "service", "annotations"), undefined);
    });

    // The chart's own list has 15021 as well, which the load balancer would open to the internet.
    it("opens the ports it is given and no other", async () => {
        const ports = at(await values({ ports: [{ name: "http2", port: 8081 }] }), "service", "ports");
        assert.deepEqual(ports, [{ name: "http2", port: 8081, protocol: "TCP", targetPort: 8081 }]);
    });

    it("names image pull Secrets as pods do", async () => {
        const secrets = at(await values({ imagePullSecrets: ["ocir", "backup"] }), "imagePullSecrets");
        assert.deepEqual(secrets, [{ name: "ocir" }, { name: "backup" }]);
    });

    const replicas: [min: number, max: number, scaling: object, budget: boolean, spread: boolean][] = [
        [1, 1, { autoscaling: { enabled: false }, replicaCount: 1 }, false, false],
        [1, 3, { autoscaling: { enabled: true, minReplicas: 1, maxReplicas: 3 } }, false, true],
        [2, 2, { autoscaling: { enabled: false }, replicaCount: 2 }, true, true],
        [3, 6, { autoscaling: { enabled: true, minReplicas: 3, maxReplicas: 6 } }, true, true],
    ];
    for (const [min, max, scaling, budget, spread] of replicas) {
        // A budget for a single replica would block every drain of its node.
        it(`with ${min} to ${max} replicas has ${budget ? "a" : "no"} budget and ${spread ? "a" : "no"} spread`, async () => {
            const given = (await values({ replicas: { min, max } })) as Record<string, unknown>;
            const { autoscaling, replicaCount, podDisruptionBudget, topologySpreadConstraints } = given;
            assert.deepEqual({ autoscaling, ...(replicaCount === undefined ? {} : { replicaCount }) }, scaling);
            assert.deepEqual(podDisruptionBudget, budget ? { minAvailable: 1 } : undefined);
            const selected = (topologySpreadConstraints ?? []) as { topologyKey: string; labelSelector: unknown }[];
            assert.deepEqual(
                selected.map(({ topologyKey }) => topologyKey),
                spread ? ["topology.kubernetes.io/zone", "kubernetes.io/hostname"] : [],
            );
            for (const { labelSelector } of selected) {
                assert.deepEqual(labelSelector, { matchLabels: { istio: "ingressgateway" } });
            }
        });
    }

    it("restarts its pods when Istio's version changes, so that the proxy follows", async () => {
        const annotationsOf = async (version: string) => at(await values({ version }), "podAnnotations");
        assert.notDeepEqual(await annotationsOf("1.31.1"), await annotationsOf("1.31.2"));
        assert.deepEqual(await annotationsOf("1.31.1"), await annotationsOf("1.31.1"));
    });

    it("lets extra values win", async () => {
        const given = await values({ extraValues: { service: { externalTrafficPolicy: "Local" }, replicaCount: 9 } });
        assert.equal(at(given, "service", "externalTrafficPolicy"), "Local");
        assert.equal(at(given, "service", "type"), "LoadBalancer");
        assert.equal(at(given, "replicaCount"), 9);
    });

    // Skipped along with the cluster, it would leave its load balancer behind, and the subnet could not be deleted.
    it("is deleted for real, even where its cluster goes too", async () => {
        const plan = await record({}, () => {
            const cluster = new ConfigMap("cluster", { metadata: { name: "cluster" } });
            new IngressGateway("gateway", args, { deletedWith: cluster, dependsOn: cluster });
        });
        const release = one(plan, "Release");
        assert.equal(release.deletedWith, null);
        assert.deepEqual(release.dependencies, [one(plan, "ConfigMap").urn]);
    });
});

describe("the gateway's address", () => {
    it("is read from the Service once it is installed", async () => {
        const plan = await planned();
        assert.deepEqual(
            plan.reads.map(({ type }) => type),
            ["kubernetes:core/v1:Service"],
        );
        assert.deepEqual(plan.outputs.address?.from, [plan.reads[0]?.urn]);
    });

    for (const serviceType of ["NodePort", "ClusterIP"] as const) {
        it(`is absent with ${serviceType}, and nothing looks for one`, async () => {
            const plan = await planned({ serviceType });
            assert.deepEqual([plan.reads, plan.outputs], [[], {}]);
            assert.equal(ofType(plan, "IngressGateway")[0]?.outputs.address, undefined);
        });
    }

    const addresses: [reported: Parameters<typeof addressOf>[0], address: string | undefined][] = [
        [[{ ip: "192.0.2.10" }], "192.0.2.10"],
        [[{ hostname: "lb.example.com" }], "lb.example.com"],
        [[{ ip: "192.0.2.10", hostname: "lb.example.com" }], "192.0.2.10"],
        [[{ ip: "192.0.2.10" }, { ip: "10.0.2.7" }], "192.0.2.10"],
        [[], undefined],
        [undefined, undefined],
    ];
    for (const [reported, address] of addresses) {
        it(`is ${address || "empty"} for ${JSON.stringify(reported)}`, () =>
            assert.equal(addressOf(reported), address));
    }
});

describe("gatewayUrl", () => {
    const plain: GatewayAddress = { hosts: ["*"], ports: { http: 80, https: 443 }, isEncrypted: () => false };
    const ports = { http: 8081, https: 8443 };
    const isEncrypted = () => true;
    const urls: [gateway: Partial<GatewayAddress>, url: string | undefined][] = [
        [{}, "http://192.0.2.10/productpage"],
        [{ ports }, "http://192.0.2.10:8081/productpage"],
        [{ isEncrypted }, "https://192.0.2.10/productpage"],
        [{ isEncrypted, ports }, "https://192.0.2.10:8443/productpage"],
        [{ hosts: ["bookinfo.example.com"] }, "http://bookinfo.example.com/productpage"],
        [{ hosts: ["bookinfo.example.com"], isEncrypted }, "https://bookinfo.example.com/productpage"],
        [{ hosts: ["*.example.com", "bookinfo.example.com"], ports }, "http://bookinfo.example.com:8081/productpage"],
        [{ hosts: ["*.example.com"] }, undefined],
    ];
    const resolved = (url: ReturnType<typeof gatewayUrl>) =>
        new Promise((resolve) => pulumi.output(url).apply((value) => resolve(value)));

    for (const [changes, url] of urls) {
        it(`is ${url ?? "absent"} for ${Object.keys(changes).join(" and ")} ${JSON.stringify(changes)}`, async () => {
            const address = pulumi.output("192.0.2.10");
            assert.equal(await resolved(gatewayUrl({ ...plain, ...changes }, "/productpage", address)), url);
        });
    }

    it("needs no address where a host is a name", () => {
        const named = { ...plain, hosts: ["bookinfo.example.com"] };
        assert.equal(gatewayUrl(named, "/productpage", undefined), "http://bookinfo.example.com/productpage");
    });

    it("is absent where any host is answered but there is no address", () => {
        assert.equal(gatewayUrl(plain, "/productpage", undefined), undefined);
    });

    it("is empty while the load balancer has no address", async () => {
        assert.equal(await resolved(gatewayUrl(plain, "/productpage", pulumi.output(undefined))), undefined);
    });
});
