import { strict as assert } from "node:assert";
import { asDevStack, change, described, NEW_CLUSTER } from "./settings";
import { assertFixable } from "./fixable";

const pool = "cluster.nodePools[0]";

const flannel = change(NEW_CLUSTER, "cluster.cni", "FLANNEL_OVERLAY");

const existingNetwork = {
    source: "existing",
    vcnId: "ocid1.vcn.oc1.iad.a",
    subnets: { loadBalancers: "ocid1.subnet.oc1.iad.a" },
    nsgs: { loadBalancers: ["ocid1.networksecuritygroup.oc1.iad.a"] },
};

const existingCluster = { source: "existing", id: "ocid1.cluster.oc1.iad.a" };

/** What contradicts what, and the problems it must give. */
const contradictions: [string, Record<string, unknown>, string[]][] = [
    [
        "a subnet outside the VCN",
        change(NEW_CLUSTER, "network.subnets.workers", "10.1.1.0/24"),
        ["network.subnets.workers is 10.1.1.0/24, outside network.cidr 10.0.0.0/16"],
    ],
    [
        "overlapping subnets",
        change(NEW_CLUSTER, "network.subnets.workers", "10.0.2.128/25"),
        ["network.subnets.loadBalancers is 10.0.2.0/24, which overlaps network.subnets.workers 10.0.2.128/25"],
    ],
    [
        "Services inside the VCN",
        change(NEW_CLUSTER, "cluster.servicesCidr", "10.0.128.0/17"),
        ["cluster.servicesCidr is 10.0.128.0/17, which overlaps network.cidr 10.0.0.0/16"],
    ],
    [
        "flannel pods inside the VCN",
        change(flannel, "cluster.podsCidr", "10.0.0.0/16"),
        ["cluster.podsCidr is 10.0.0.0/16, which overlaps network.cidr 10.0.0.0/16"],
    ],
    [
        "a VCN larger than OCI allows",
        change(NEW_CLUSTER, "network.cidr", "10.0.0.0/12"),
        ["network.cidr is a /12, OCI allows /16 to /30"],
    ],
    [
        "more nodes than addresses",
        change(change(NEW_CLUSTER, "network.subnets.workers", "10.0.1.0/30"), `${pool}.size`, 4),
        ["network.subnets.workers is 10.0.1.0/30 with 1 addresses, but the node pools need 4"],
    ],
    [
        "more pods than addresses",
        change(NEW_CLUSTER, "network.subnets.pods", "10.0.32.0/26"),
        ["network.subnets.pods is 10.0.32.0/26 with 61 addresses, but the node pools need 93"],
    ],
    [
        "Kubernetes too old for Istio",
        change(NEW_CLUSTER, "cluster.kubernetesVersion", "v1.31.10"),
        ["cluster.kubernetesVersion is v1.31.10, but Istio 1.31.4 supports Kubernetes 1.32 to 1.36"],
    ],
    [
        "an Istio nobody checked",
        { ...NEW_CLUSTER, istio: { version: "1.11.2" } },
        ["istio.version is 1.11.2; this program knows the Kubernetes versions for Istio 1.30 and 1.31"],
    ],
    [
        "no compartment for new things",
        change(NEW_CLUSTER, "compartmentId", undefined),
        ["compartmentId is missing, must be the OCID of the compartment to build in"],
    ],
    [
        "a public endpoint for nobody",
        change(NEW_CLUSTER, "cluster.endpoint", { public: true }),
        [
            "cluster.endpoint.allowedCidrs is empty, so the public endpoint could not be reached; list the networks you work from",
        ],
    ],
    [
        "scaling without metrics",
        change({ ...NEW_CLUSTER, gateway: { replicas: { min: 2, max: 4 } } }, "cluster.metricsServer", false),
        ["gateway.replicas.max is 4, above min 2; scaling needs cluster.metricsServer, which is off"],
    ],
    [
        "what a basic cluster does not have",
        change(
            {
                ...change(change(NEW_CLUSTER, "cluster.type", "BASIC_CLUSTER"), `${pool}.cycling`, {}),
                "oci:tenancyOcid": "ocid1.tenancy.oc1..a",
                gateway: { replicas: { min: 2, max: 4 } },
            },
            `${pool}.autoscaling`,
            { min: 2, max: 4 },
        ),
        [
            "cluster.metricsServer needs an ENHANCED_CLUSTER: a basic one has no add-ons",
            "cluster.nodePools[0].autoscaling needs an ENHANCED_CLUSTER: a basic one has no autoscaler",
            "cluster.nodePools[0].cycling needs an ENHANCED_CLUSTER: a basic one cannot cycle its nodes",
            "gateway.replicas.max is 4, above min 2; scaling needs cluster.metricsServer, which a BASIC_CLUSTER cannot have",
        ],
    ],
    [
        "virtual nodes by their shape",
        change(NEW_CLUSTER, `${pool}.shape`, "Pod.Standard.E4.Flex"),
        [
            "cluster.nodePools[0].shape is Pod.Standard.E4.Flex, a shape of virtual nodes, which cannot run Istio's sidecars; use managed nodes",
        ],
    ],
    [
        "a flexible shape without a size",
        change(NEW_CLUSTER, `${pool}.ocpus`, undefined),
        ["cluster.nodePools[0].ocpus is missing; the flexible shape VM.Standard.E5.Flex needs it"],
    ],
    [
        "a fixed shape with a size",
        change(change(NEW_CLUSTER, `${pool}.shape`, "VM.Standard2.2"), `${pool}.ocpus`, undefined),
        ["cluster.nodePools[0].memoryInGbs is 16, but VM.Standard2.2 has a fixed size"],
    ],
    [
        "memory no OCPU can have",
        change(NEW_CLUSTER, `${pool}.memoryInGbs`, 1),
        ["cluster.nodePools[0].memoryInGbs is 1 for 2 OCPUs, must be from 2 to 128 (1 to 64 GB each)"],
    ],
    [
        "more pods than the shape's VNICs carry",
        change(NEW_CLUSTER, `${pool}.maxPodsPerNode`, 62),
        [
            "cluster.nodePools[0].maxPodsPerNode is 62, but VM.Standard.E5.Flex with 2 OCPUs has 2 VNICs, enough for 31 pods",
        ],
    ],
    [
        "two pools of one name",
        change(NEW_CLUSTER, "cluster.nodePools[1]", NEW_CLUSTER.cluster.nodePools[0]),
        ["cluster.nodePools[1].name is workers, the name of cluster.nodePools[0] already"],
    ],
    [
        "a new network for an existing cluster",
        { network: { source: "new" }, compartmentId: NEW_CLUSTER.compartmentId, cluster: existingCluster },
        ["network.source is new, but cluster.source is existing: that cluster already has a network"],
    ],
    [
        "an OKE cluster without network",
        { cluster: existingCluster },
        ["network is missing; a cluster of source existing needs to know its network"],
    ],
    [
        "an existing network without what a cluster needs",
        { ...NEW_CLUSTER, network: existingNetwork },
        [
            "network.subnets.apiEndpoint is missing; a new cluster needs it",
            "network.subnets.workers is missing; a new cluster needs it",
            "network.subnets.pods is missing; a new cluster needs it",
        ],
    ],
    [
        "one port for both",
        { ...NEW_CLUSTER, gateway: { ports: { http: 443 } } },
        ["gateway.ports.http is 443, the same as gateway.ports.https"],
    ],
    [
        "a port of the proxy",
        { ...NEW_CLUSTER, gateway: { ports: { http: 15021 } } },
        ["gateway.ports.http is 15021, which Istio's proxy uses itself"],
    ],
    [
        "a host twice",
        { ...NEW_CLUSTER, gateway: { hosts: ["a.example.com", "a.example.com"] } },
        ["gateway.hosts[1] is a.example.com, listed twice"],
    ],
    [
        "a host beside *",
        { ...NEW_CLUSTER, gateway: { hosts: ["*", "a.example.com"] } },
        ['gateway.hosts[1] is a.example.com, which "*" covers already'],
    ],
    [
        "bandwidth upside down",
        { ...NEW_CLUSTER, gateway: { loadBalancer: { minimumMbps: 200, maximumMbps: 100 } } },
        ["gateway.loadBalancer.maximumMbps is 100, below gateway.loadBalancer.minimumMbps 200"],
    ],
    [
        "sources for NSGs that are not ours",
        {
            cluster: existingCluster,
            network: existingNetwork,
            gateway: { loadBalancer: { allowedCidrs: ["10.0.0.0/8"] } },
        },
        [
            "gateway.loadBalancer.allowedCidrs has no effect with network.source existing; set the rules of network.nsgs.loadBalancers instead",
        ],
    ],
    [
        "a range upside down",
        { ...NEW_CLUSTER, istio: { replicas: { min: 3, max: 2 } } },
        ["istio.replicas.max is 2, below istio.replicas.min 3"],
    ],
    [
        "replicas on one node",
        change({ ...NEW_CLUSTER, bookinfo: { replicas: 2 } }, `${pool}.size`, 1),
        ["bookinfo.replicas is 2, but the node pools have one node: replicas need nodes to spread over"],
    ],
    [
        "more pods than room",
        change({ ...NEW_CLUSTER, bookinfo: { replicas: 15 } }, `${pool}.size`, 3),
        ["cluster.nodePools have room for 93 pods, but the cluster's own, the mesh's and Bookinfo's come to 113"],
    ],
    [
        "more pods than room, with clients and an egress gateway",
        change(
            {
                ...NEW_CLUSTER,
                bookinfo: { replicas: 11 },
                clients: { curl: true, legacy: true },
                egress: {
                    services: { api: { hosts: ["api.example.com"], via: "gateway" } },
                    gateway: { replicas: { min: 2, max: 3 } },
                },
            },
            `${pool}.size`,
            3,
        ),
        ["cluster.nodePools have room for 93 pods, but the cluster's own, the mesh's and Bookinfo's come to 95"],
    ],
    [
        "a namespace that is somebody else's",
        { ...NEW_CLUSTER, bookinfo: { namespace: "istio-system" } },
        [
            "bookinfo.namespace is istio-system, which exists already; Bookinfo's namespace is created and deleted with it",
        ],
    ],
];

/** Limits of single settings that only make sense beside others. */
const limits: [string, Record<string, unknown>, string[]][] = [
    [
        "a network load balancer with bandwidth",
        { ...NEW_CLUSTER, gateway: { loadBalancer: { type: "nlb", maximumMbps: 50 } } },
        ["gateway.loadBalancer.maximumMbps is 50, but a network load balancer has no bandwidth to set"],
    ],
    [
        "a load balancer that nothing makes",
        { cluster: { source: "kubeconfig" }, gateway: { loadBalancer: { internal: true } } },
        ["gateway.loadBalancer has no effect without network: only OCI's load balancers take these settings"],
    ],
    [
        "a load balancer for a Service without one",
        { ...NEW_CLUSTER, gateway: { serviceType: "NodePort", loadBalancer: { internal: true } } },
        ["gateway.loadBalancer has no effect with gateway.serviceType NodePort"],
    ],
    [
        "TLS at a port the redirect does not lead to",
        {
            ...NEW_CLUSTER,
            gateway: { ports: { https: 8443 }, tls: { certificate: { source: "existing", secretName: "cert" } } },
        },
        ["gateway.ports.https is 8443; with gateway.tls it must be 443, because the redirect to HTTPS keeps the port"],
    ],
    [
        "cycling that moves nothing",
        change(NEW_CLUSTER, `${pool}.cycling`, { maximumSurge: "0", maximumUnavailable: "0%" }),
        ["cluster.nodePools[0].cycling.maximumSurge is 0 like maximumUnavailable, so no node could ever be replaced"],
    ],
    [
        "scaling by a request that is not there",
        { ...NEW_CLUSTER, gateway: { replicas: { min: 1, max: 3 }, resources: {} } },
        ["gateway.resources.requests.cpu is missing; scaling from 1 to 3 replicas needs it to measure usage"],
    ],
    [
        "a subnet smaller than OCI's smallest",
        change(NEW_CLUSTER, "network.subnets.apiEndpoint", "10.0.0.0/31"),
        ["network.subnets.apiEndpoint is 10.0.0.0/31; OCI's smallest subnet is a /30"],
    ],
    [
        "a new network for a kubeconfig's cluster",
        { cluster: { source: "kubeconfig" }, network: { source: "new" } },
        ["network.source is new, but cluster.source is kubeconfig: that cluster is not in this network"],
    ],
];

/** What looks alike and is right. */
const fine: [string, Record<string, unknown>][] = [
    ["a new cluster with defaults", NEW_CLUSTER],
    [
        "pod and bastion ranges that nothing uses",
        change(change(flannel, "network.subnets.pods", "10.9.0.0/24"), "network.subnets.bastion", "10.9.0.0/24"),
    ],
    ["an existing cluster in its network", { cluster: existingCluster, network: existingNetwork }],
    ["a kubeconfig cluster in an OCI network", { cluster: { source: "kubeconfig" }, network: existingNetwork }],
    ["31 pods on a small flexible shape", change(NEW_CLUSTER, `${pool}.ocpus`, 1)],
    ["93 pods on four OCPUs", change(change(NEW_CLUSTER, `${pool}.ocpus`, 4), `${pool}.maxPodsPerNode`, 93)],
    ["many pods with flannel", change(flannel, `${pool}.maxPodsPerNode`, 110)],
    ["several hosts", { ...NEW_CLUSTER, gateway: { hosts: ["*.example.com", "example.org"] } }],
];

describe("rules between settings", () => {
    asDevStack();

    for (const [what, settings, problems] of [...contradictions, ...limits]) {
        it(`refuse ${what}`, () => assert.deepEqual(described(settings), problems));
    }
    for (const [what, settings] of [...contradictions, ...limits]) {
        it(`say how to fix ${what}`, () => assertFixable(settings));
    }
    for (const [what, settings] of fine) {
        it(`accept ${what}`, () => assert.deepEqual(described(settings), []));
    }
});
