import { strict as assert } from "node:assert";
import { assertFixable } from "./fixable";
import { asDevStack, change, described, NEW_CLUSTER, problemsIn } from "./settings";

const pool = "cluster.nodePools[0]";
const flannel = change(NEW_CLUSTER, "cluster.cni", "FLANNEL_OVERLAY");
const bastion = (allowedCidrs: string[]) => change(NEW_CLUSTER, "network.bastion", { allowedCidrs });
const networks = (count: number) => Array.from({ length: count }, (_, index) => `150.136.${index}.0/24`);
const named = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`tag-${index}`, "x"] as const));
const OCI_LOGS = { "oci:tenancyOcid": "ocid1.tenancy.oc1..a", logging: { oci: {} } };
const withLogs = (oci: object) => ({ ...NEW_CLUSTER, ...OCI_LOGS, logging: { oci } });
const existingNetwork = {
    source: "existing",
    vcnId: "ocid1.vcn.oc1.iad.a",
    subnets: { loadBalancers: "ocid1.subnet.oc1.iad.a" },
    nsgs: { loadBalancers: ["ocid1.networksecuritygroup.oc1.iad.a"] },
};
const existing = { cluster: { source: "existing", id: "ocid1.cluster.oc1.iad.a" }, network: existingNetwork };
const shape = (name: unknown, more: object = {}) =>
    change(NEW_CLUSTER, pool, { ...NEW_CLUSTER.cluster.nodePools[0], shape: name, ...more });
const FIXED = { ocpus: undefined, memoryInGbs: undefined };

/** What OCI would refuse, or what could not work there, with the problem it must give. */
const refused: [what: string, settings: Record<string, unknown>, problem: string][] = [
    // Places
    [
        "an OCID of another region",
        change(existing, "network.vcnId", "ocid1.vcn.oc1.phx.a"),
        "network.vcnId is of region us-phoenix-1, but oci:region is us-ashburn-1",
    ],
    [
        "an OCID of another region by its name",
        change(existing, "network.nsgs.loadBalancers[0]", "ocid1.networksecuritygroup.oc1.eu-frankfurt-1.a"),
        "network.nsgs.loadBalancers[0] is of region eu-frankfurt-1, but oci:region is us-ashburn-1",
    ],
    [
        "a compartment of another realm",
        { ...NEW_CLUSTER, compartmentId: "ocid1.compartment.oc2..a" },
        "compartmentId is of realm oc2, but oci:region us-ashburn-1 is in realm oc1",
    ],
    [
        "a tenancy of another realm",
        { ...NEW_CLUSTER, "oci:tenancyOcid": "ocid1.tenancy.oc3..a" },
        "oci:tenancyOcid is of realm oc3, but oci:region us-ashburn-1 is in realm oc1",
    ],
    [
        "an OCID of another type",
        { ...NEW_CLUSTER, compartmentId: "ocid1.user.oc1..a" },
        'compartmentId is "ocid1.user.oc1..a", must be an OCID that starts with ocid1.compartment. or ocid1.tenancy.',
    ],
    [
        "an OCID with a blank",
        { ...NEW_CLUSTER, compartmentId: " ocid1.compartment.oc1..a" },
        'compartmentId is " ocid1.compartment.oc1..a", must be an OCID that starts with ocid1.compartment. or ocid1.tenancy.',
    ],
    [
        "an availability domain of another region",
        change(NEW_CLUSTER, "cluster.availabilityDomains", ["Uocm:PHX-AD-1"]),
        "cluster.availabilityDomains[0] is Uocm:PHX-AD-1, which is not in oci:region us-ashburn-1",
    ],
    [
        "an availability domain by its number",
        change(NEW_CLUSTER, "cluster.availabilityDomains", ["AD-1"]),
        'cluster.availabilityDomains[0] is "AD-1", must be an availability domain such as Uocm:US-ASHBURN-AD-1',
    ],
    [
        "an availability domain twice",
        change(NEW_CLUSTER, "cluster.availabilityDomains", ["Uocm:US-ASHBURN-AD-1", "Uocm:US-ASHBURN-AD-1"]),
        "cluster.availabilityDomains[1] is Uocm:US-ASHBURN-AD-1, the same as cluster.availabilityDomains[0]",
    ],
    [
        "a fault domain that does not exist",
        change(NEW_CLUSTER, `${pool}.faultDomains`, ["fault-domain-1"]),
        'cluster.nodePools[0].faultDomains[0] is "fault-domain-1", must be FAULT-DOMAIN-1, FAULT-DOMAIN-2 or FAULT-DOMAIN-3',
    ],
    [
        "the services of another region",
        change(NEW_CLUSTER, "network.oracleServices", {
            id: "ocid1.service.oc1.iad.a",
            cidrLabel: "all-phx-services-in-oracle-services-network",
        }),
        "network.oracleServices.cidrLabel is all-phx-services-in-oracle-services-network, in oci:region us-ashburn-1 it is all-iad-services-in-oracle-services-network",
    ],
    [
        "a region by its key",
        { ...NEW_CLUSTER, "oci:region": "IAD" },
        'oci:region is "IAD", must be a region identifier such as us-ashburn-1',
    ],
    [
        "a user that is none",
        { ...NEW_CLUSTER, "oci:userOcid": "alice" },
        'oci:userOcid is "alice", must be an OCID that starts with ocid1.user.',
    ],
    [
        "an unknown way to sign in",
        { ...NEW_CLUSTER, "oci:auth": "InstancePrincipl" },
        'oci:auth is "InstancePrincipl", must be ApiKey or InstancePrincipal or InstancePrincipalWithCerts or SecurityToken or ResourcePrincipal or OKEWorkloadIdentity or WorkloadIdentityFederation',
    ],
    // Ranges
    [
        "a subnet without room for a load balancer",
        change(NEW_CLUSTER, "network.subnets.loadBalancers", "10.0.2.0/30"),
        "network.subnets.loadBalancers is 10.0.2.0/30 with 1 address, but a load balancer takes 2",
    ],
    [
        "no room for the nodes of a cycle",
        change(
            change(change(NEW_CLUSTER, "network.subnets.workers", "10.0.1.0/29"), `${pool}.size`, 5),
            `${pool}.cycling`,
            { maximumSurge: "20%" },
        ),
        "network.subnets.workers is 10.0.1.0/29 with 5 addresses, but the node pools need 6 while they are cycled",
    ],
    [
        "no room for the pods of a cycle",
        change(change(NEW_CLUSTER, "network.subnets.pods", "10.0.32.0/25"), `${pool}.cycling`, { maximumSurge: "2" }),
        "network.subnets.pods is 10.0.32.0/25 with 125 addresses, but the node pools need 155 while they are cycled",
    ],
    [
        "flannel without a range for each node",
        change(flannel, "cluster.podsCidr", "10.244.0.0/24"),
        "cluster.podsCidr is 10.244.0.0/24, enough for 2 nodes with a /25 each, but the node pools need 3",
    ],
    [
        "too few Services",
        change(NEW_CLUSTER, "cluster.servicesCidr", "10.96.0.0/28"),
        "cluster.servicesCidr is a /28, must be a /12 to /26",
    ],
    [
        "too many Services",
        change(NEW_CLUSTER, "cluster.servicesCidr", "172.0.0.0/8"),
        "cluster.servicesCidr is a /8, must be a /12 to /26",
    ],
    [
        "a reserved range",
        change(NEW_CLUSTER, "cluster.servicesCidr", "169.254.0.0/16"),
        "cluster.servicesCidr is 169.254.0.0/16, which is reserved; use one of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16",
    ],
    [
        "a network with a blank",
        change(NEW_CLUSTER, "cluster.endpoint.allowedCidrs", ["150.136.1.0/24 "]),
        'cluster.endpoint.allowedCidrs[0] is "150.136.1.0/24 ", must be an IPv4 network such as 10.0.0.0/16',
    ],
    // Limits
    [
        "more networks than a bastion takes",
        bastion(networks(21)),
        "network.bastion.allowedCidrs has 21 networks, OCI allows 20; use larger networks",
    ],
    [
        "a network twice",
        bastion(["150.136.1.0/24", "150.136.1.0/24"]),
        "network.bastion.allowedCidrs[1] is 150.136.1.0/24, the same as network.bastion.allowedCidrs[0]",
    ],
    [
        "more networks at the gateway than a group has rules",
        { ...NEW_CLUSTER, gateway: { loadBalancer: { allowedCidrs: networks(119) } } },
        "gateway.loadBalancer.allowedCidrs makes 121 rules in one network security group, OCI allows 120; use larger networks",
    ],
    [
        "more networks than the nodes' group has rules, where they are its own",
        {
            ...NEW_CLUSTER,
            gateway: {
                loadBalancer: { type: "nlb", allowedCidrs: networks(110) },
                clientAddresses: { source: "preserve-source" },
            },
        },
        "gateway.loadBalancer.allowedCidrs makes 124 rules in one network security group, OCI allows 120; use larger networks",
    ],
    [
        "more networks at the endpoint than a group has rules",
        change(NEW_CLUSTER, "cluster.endpoint.allowedCidrs", networks(112)),
        "cluster.endpoint.allowedCidrs makes 122 rules in one network security group, OCI allows 120; use larger networks",
    ],
    [
        "too many tags",
        { ...NEW_CLUSTER, tags: { freeform: named(11) } },
        "tags.freeform has 11 tags, OCI allows 10 on one resource",
    ],
    [
        "a tag with a dot",
        { ...NEW_CLUSTER, tags: { freeform: { "a.b": "x" } } },
        'tags.freeform["a.b"] is not a name allowed here, it must be up to 100 ASCII characters without spaces and dots',
    ],
    [
        "a defined tag without namespace",
        { ...NEW_CLUSTER, tags: { defined: { CostCenter: "42" } } },
        "tags.defined.CostCenter is not a name allowed here, it must be a key such as Operations.CostCenter",
    ],
    // Shapes
    ["a shape in lower case", shape("vm.standard.e5.flex"), missing("vm.standard.e5.flex", "VM.Standard.E5.Flex")],
    ["a shape with a blank", shape("VM.Standard.E5.Flex "), missing("VM.Standard.E5.Flex ", "VM.Standard.E5.Flex")],
    ["a shape without its end", shape("VM.Standard.E5"), missing("VM.Standard.E5", "VM.Standard.E5.Flex")],
    ["a misspelt shape", shape("VM.Standart.E5.Flex"), missing("VM.Standart.E5.Flex", "VM.Standard.E5.Flex")],
    ["a size that no fixed shape has", shape("VM.Standard2.3", FIXED), missing("VM.Standard2.3", "VM.Standard2.1")],
    [
        "half an OCPU",
        shape("VM.Standard.E5.Flex", { ocpus: 0.5 }),
        "cluster.nodePools[0].ocpus is 0.5, must be a whole number",
    ],
    [
        "more OCPUs than the shape has",
        shape("VM.Standard.A1.Flex", { ocpus: 96, memoryInGbs: 500 }),
        "cluster.nodePools[0].ocpus is 96, but VM.Standard.A1.Flex has 80 at most",
    ],
    [
        "a size for a fixed shape",
        shape("VM.Standard2.4", { memoryInGbs: undefined }),
        "cluster.nodePools[0].ocpus is 2, but VM.Standard2.4 has a fixed size",
    ],
    // Nodes
    [
        "more than all nodes",
        change(NEW_CLUSTER, `${pool}.cycling`, { maximumSurge: "150%" }),
        'cluster.nodePools[0].cycling.maximumSurge is "150%", must be 100% at most',
    ],
    [
        "a version without its v",
        change(NEW_CLUSTER, "cluster.kubernetesVersion", "1.34.2"),
        'cluster.kubernetesVersion is "1.34.2", must be a version with its leading v, such as v1.34.2',
    ],
    [
        "a label that no kubelet may give",
        change(NEW_CLUSTER, `${pool}.labels`, { "node-role.kubernetes.io/worker": "" }),
        'cluster.nodePools[0].labels["node-role.kubernetes.io/worker"] is reserved for Kubernetes, which sets it to what the node is or refuses the node',
    ],
    [
        "a label that tells where a node is",
        change(NEW_CLUSTER, `${pool}.labels`, { "topology.kubernetes.io/zone": "a" }),
        'cluster.nodePools[0].labels["topology.kubernetes.io/zone"] is reserved for Kubernetes, which sets it to what the node is or refuses the node',
    ],
    [
        "a file in place of a key",
        change(NEW_CLUSTER, `${pool}.sshPublicKey`, "ssh-key.pub"),
        'cluster.nodePools[0].sshPublicKey is "ssh-key.pub", must be an OpenSSH public key on one line, such as ssh-ed25519 AAAA...',
    ],
    // Settings that do nothing
    [
        "node tags beside a group that exists",
        withLogs({ dynamicGroupName: "nodes", nodeTags: { "Operations.Team": "mesh" } }),
        "logging.oci.nodeTags has no effect with logging.oci.dynamicGroupName nodes: the rule of that group says which nodes it matches",
    ],
    [
        "a quote in a node tag",
        withLogs({ nodeTags: { "Operations.Team": "a'b" } }),
        `logging.oci.nodeTags["Operations.Team"] is "a'b", must be a text without single quotes`,
    ],
    [
        "alarms on nothing",
        { cluster: { source: "kubeconfig" }, compartmentId: "ocid1.compartment.oc1..a", alarms: {} },
        "alarms has nothing to watch: cluster.source is kubeconfig, and apm is not set",
    ],
    [
        "an alarm for more than all requests",
        { ...NEW_CLUSTER, alarms: { errorPercent: 100 } },
        "alarms.errorPercent is 100, must be at most 99",
    ],
];

function missing(found: string, meant: string): string {
    return `cluster.nodePools[0].shape is ${JSON.stringify(found)}, which does not exist; did you mean ${meant}?`;
}

/** What looks alike and is right. */
const accepted: [what: string, settings: Record<string, unknown>][] = [
    ["a shape younger than this program", shape("VM.Standard.E7.Flex")],
    ["a bare-metal shape", shape("BM.Standard.E4.128", FIXED)],
    [
        "a domain by the short name of its region",
        change(NEW_CLUSTER, "cluster.availabilityDomains", ["Uocm:US-ASHBURN-AD-3"]),
    ],
    [
        "a domain of a region that is called by its key",
        { ...change(NEW_CLUSTER, "cluster.availabilityDomains", ["Uocm:PHX-AD-1"]), "oci:region": "us-phoenix-1" },
    ],
    [
        "a domain of a region that is called by its name",
        {
            ...change(NEW_CLUSTER, "cluster.availabilityDomains", ["Uocm:EU-FRANKFURT-1-AD-1"]),
            "oci:region": "eu-frankfurt-1",
        },
    ],
    [
        "everything of a region that this program does not know",
        { ...existing, "oci:region": "ap-newtown-1", ...NO_PLACE() },
    ],
    ["20 networks for a bastion", bastion(networks(20))],
    ["10 tags", { ...NEW_CLUSTER, tags: { freeform: named(10) } }],
    ["118 networks at the gateway", { ...NEW_CLUSTER, gateway: { loadBalancer: { allowedCidrs: networks(118) } } }],
    ["a /29 for load balancers", change(NEW_CLUSTER, "network.subnets.loadBalancers", "10.0.2.0/29")],
    ["a /25 for each flannel node", change(change(flannel, "cluster.podsCidr", "10.244.0.0/23"), `${pool}.size`, 4)],
    ["all nodes at once", change(NEW_CLUSTER, `${pool}.cycling`, { maximumSurge: "100%", maximumUnavailable: "1" })],
    [
        "labels of one's own",
        change(NEW_CLUSTER, `${pool}.labels`, { "example.com/team": "a", "node.kubernetes.io/x": "b" }),
    ],
    [
        "node tags that the nodes get",
        { ...withLogs({ nodeTags: { "Operations.Team": "mesh" } }), tags: { defined: { "Operations.Team": "mesh" } } },
    ],
];

function NO_PLACE() {
    const subnets = { loadBalancers: "ocid1.subnet.oc1.ap-newtown-1.a" };
    const nsgs = { loadBalancers: ["ocid1.networksecuritygroup.oc1.ap-newtown-1.a"] };
    return {
        network: { source: "existing", vcnId: "ocid1.vcn.oc1.ap-newtown-1.a", subnets, nsgs },
        cluster: { source: "existing", id: "ocid1.cluster.oc1.ap-newtown-1.a" },
    };
}

/** Commands must mean what was written, or wait for the user. */
const suggested: [what: string, settings: Record<string, unknown>, command: string][] = [
    ["a region by its key", { ...NEW_CLUSTER, "oci:region": "IAD" }, "pulumi config set oci:region us-ashburn-1"],
    ["a misspelt region", { ...NEW_CLUSTER, "oci:region": "us-phenix1" }, "pulumi config set oci:region us-phoenix-1"],
    ["no region", { ...NEW_CLUSTER, "oci:region": undefined }, "pulumi config set oci:region '<region>'"],
    [
        "a version without its v",
        change(NEW_CLUSTER, "cluster.kubernetesVersion", " 1.33.1"),
        "pulumi config set --path 'cluster.kubernetesVersion' v1.33.1",
    ],
    [
        "a public endpoint for nobody",
        change(NEW_CLUSTER, "cluster.endpoint", { public: true }),
        "pulumi config set --path 'cluster.endpoint.allowedCidrs[0]' '<your address>/32'",
    ],
    [
        "a shape that is nothing like one",
        shape("large"),
        "pulumi config set --path 'cluster.nodePools[0].shape' '<shape>'",
    ],
];

describe("OCI's rules", () => {
    asDevStack();

    for (const [what, settings, problem] of refused) {
        it(`refuse ${what}`, () => {
            assert.deepEqual(described(settings), [problem]);
            assertFixable(settings);
        });
    }
    for (const [what, settings] of accepted) {
        it(`accept ${what}`, () => assert.deepEqual(described(settings), []));
    }
    for (const [what, settings, command] of suggested) {
        it(`suggest for ${what}: ${command}`, () => {
            assert.deepEqual(
                problemsIn(settings).flatMap(({ fix }) => fix),
                [command],
            );
        });
    }

    it("never let a placeholder of theirs pass", () => {
        for (const [what, settings, command] of suggested.filter(([, , each]) => each.includes("<"))) {
            const [, key = "", value = ""] = /set (?:--path )?'?([^' ]+)'? '(.*)'$/.exec(command) ?? [];
            const followed = key.includes(":") ? { ...settings, [key]: value } : change(settings, key, value);
            assert.notDeepEqual(described(followed), [], what);
        }
    });
});
