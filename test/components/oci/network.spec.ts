import { strict as assert } from "node:assert";
import { Network, type NetworkArgs } from "../../../components/oci/network";
import { existingNetwork } from "../../../components/oci/okeNetwork";
import { securityRules } from "../../../components/oci/securityRules";
import { dnsLabel } from "../../../components/oci/subnet";
import { record, UNKNOWN, type Recording } from "./support";

const VCN = "oci:Core/vcn:Vcn";
const SUBNET = "oci:Core/subnet:Subnet";
const SECURITY_LIST = "oci:Core/securityList:SecurityList";
const ROUTE_TABLE = "oci:Core/routeTable:RouteTable";
const NSG = "oci:Core/networkSecurityGroup:NetworkSecurityGroup";
const RULE = "oci:Core/networkSecurityGroupSecurityRule:NetworkSecurityGroupSecurityRule";
const BASTION = "oci:Bastion/bastion:Bastion";

const networkArgs = {
    compartmentId: "ocid1.compartment.oc1..a",
    displayName: "shop",
    cidr: "10.0.0.0/16",
    subnets: {
        apiEndpoint: "10.0.0.0/28",
        workers: "10.0.1.0/24",
        loadBalancers: "10.0.2.0/24",
        bastion: "10.0.3.0/24",
        pods: "10.0.32.0/19",
    },
    cni: "OCI_VCN_IP_NATIVE",
    endpoint: { public: false, allowedCidrs: [] },
    workerInternetAccess: true,
    listeners: { ports: [80, 443], allowedCidrs: ["0.0.0.0/0"] },
    internalLoadBalancer: false,
    freeformTags: { project: "oke-mesh" },
    definedTags: { "Operations.CostCenter": "42" },
} satisfies NetworkArgs;

const SERVICES = "all-iad-services-in-oracle-services-network";
const toInternet = (gateway: string) => ({
    destination: "0.0.0.0/0",
    destinationType: "CIDR_BLOCK",
    networkEntityId: `network-${gateway}-id`,
});
const toServices = {
    destination: SERVICES,
    destinationType: "SERVICE_CIDR_BLOCK",
    networkEntityId: "network-service-gateway-id",
};

/** A network is some seventy resources: each is recorded once. */
const recordings = new Map<string, Promise<Recording>>();
function recorded(args: Partial<NetworkArgs> = {}, options: { preview?: boolean } = {}): Promise<Recording> {
    const key = JSON.stringify([args, options]);
    const recording = recordings.get(key) ?? record(() => new Network("network", { ...networkArgs, ...args }), options);
    recordings.set(key, recording);
    return recording;
}

/** Subnets by role: addresses, whether public, and route table. */
function layout(recording: Recording) {
    const rows = recording
        .all(SUBNET)
        .map(({ name, inputs }) => [
            name.replace(/^network-(.*)-subnet$/, "$1"),
            `${String(inputs.cidrBlock)} ${inputs.prohibitPublicIpOnVnic ? "private" : "public"} ${String(inputs.routeTableId)}`,
        ]);
    return Object.fromEntries(rows) as Record<string, string>;
}

describe("Network", () => {
    it("has private nodes and pods, and a public load balancer", async () => {
        assert.deepEqual(layout(await recorded()), {
            apiEndpoint: "10.0.0.0/28 private network-private-routes-id",
            workers: "10.0.1.0/24 private network-private-routes-id",
            pods: "10.0.32.0/19 private network-private-routes-id",
            loadBalancers: "10.0.2.0/24 public network-public-routes-id",
        });
    });

    it("routes the API endpoint to the internet too if it is public", async () => {
        const { apiEndpoint, workers, pods } = layout(await recorded({ endpoint: { public: true, allowedCidrs: [] } }));
        assert.equal(apiEndpoint, "10.0.0.0/28 public network-public-routes-id");
        assert.match(workers!, / private network-private-routes-id/);
        assert.match(pods!, / private network-private-routes-id/);
    });

    it("has no pod subnet and no pod group with flannel", async () => {
        const recording = await recorded({ cni: "FLANNEL_OVERLAY" });
        assert.equal(layout(recording).pods, undefined);
        assert.deepEqual(
            recording
                .all(NSG)
                .map(({ name }) => name)
                .sort(),
            ["network-apiEndpoint-nsg", "network-loadBalancers-nsg", "network-workers-nsg"],
        );
        assert.ok(!JSON.stringify(recording.resources.map(({ inputs }) => inputs)).includes("pods"));
    });

    it("routes nodes to Oracle services and through NAT, load balancers to the internet", async () => {
        const recording = await recorded();
        assert.deepEqual(recording.one(ROUTE_TABLE, "network-private-routes").inputs.routeRules, [
            toServices,
            toInternet("nat-gateway"),
        ]);
        assert.deepEqual(recording.one(ROUTE_TABLE, "network-public-routes").inputs.routeRules, [
            toInternet("internet-gateway"),
        ]);
    });

    it("has no route to the internet that nothing needs", async () => {
        const closed = await recorded({ workerInternetAccess: false, internalLoadBalancer: true });
        const gateways = closed.resources.filter(({ type }) => type.endsWith("Gateway")).map(({ name }) => name);
        assert.deepEqual(gateways, ["network-service-gateway"]);
        assert.deepEqual(
            closed.all(ROUTE_TABLE).map(({ inputs }) => inputs.routeRules),
            [[toServices]],
        );
        assert.equal(layout(closed).loadBalancers, "10.0.2.0/24 private network-private-routes-id");
    });

    it("creates a subnet with exactly these inputs", async () => {
        const { inputs, deleteBeforeReplace } = (await recorded()).one(SUBNET, "network-workers-subnet");
        assert.deepEqual(inputs, {
            compartmentId: "ocid1.compartment.oc1..a",
            vcnId: "network-vcn-id",
            displayName: "shop-workers",
            cidrBlock: "10.0.1.0/24",
            dnsLabel: "workers",
            prohibitPublicIpOnVnic: true,
            routeTableId: "network-private-routes-id",
            securityListIds: ["network-workers-security-list-id"],
            freeformTags: { project: "oke-mesh" },
            definedTags: { "Operations.CostCenter": "42" },
        });
        // The new one would overlap the old one, which OCI refuses.
        assert.equal(deleteBeforeReplace, true);
    });

    it("gives each subnet an empty security list of its own, and lets the cloud controller write into it", async () => {
        const recording = await recorded();
        const lists = recording.all(SUBNET).map(({ inputs }) => inputs.securityListIds as string[]);
        assert.equal(new Set(lists.flat()).size, 4);
        for (const list of recording.all(SECURITY_LIST)) {
            assert.deepEqual([list.inputs.ingressSecurityRules, list.inputs.egressSecurityRules], [[], []]);
            assert.deepEqual(list.ignoreChanges, ["ingressSecurityRules", "egressSecurityRules"]);
        }
    });

    it("empties the VCN's default security list", async () => {
        const list = (await recorded()).one(
            "oci:Core/defaultSecurityList:DefaultSecurityList",
            "network-default-security-list",
        );
        assert.equal(list.inputs.manageDefaultResourceId, "network-vcn-default");
        assert.deepEqual([list.inputs.ingressSecurityRules, list.inputs.egressSecurityRules], [[], []]);
        assert.deepEqual(list.ignoreChanges, []);
    });

    it("creates every rule of the table, and no other", async () => {
        const expected = securityRules({
            cni: networkArgs.cni,
            vcnCidr: networkArgs.cidr,
            endpointAllowedCidrs: [],
            listeners: networkArgs.listeners,
            workerInternetAccess: true,
        }).map(({ key }) => `network-${key}`);
        assert.deepEqual(
            (await recorded())
                .all(RULE)
                .map(({ name }) => name)
                .sort(),
            expected.sort(),
        );
    });

    const rules: [string, Record<string, unknown>][] = [
        [
            "workers-ingress-from-apiEndpoint-tcp-10250",
            {
                networkSecurityGroupId: "network-workers-nsg-id",
                direction: "INGRESS",
                source: "network-apiEndpoint-nsg-id",
                sourceType: "NETWORK_SECURITY_GROUP",
                protocol: "6",
                tcpOptions: { destinationPortRange: { min: 10250, max: 10250 } },
            },
        ],
        [
            "pods-egress-to-oracleServices-tcp",
            {
                networkSecurityGroupId: "network-pods-nsg-id",
                direction: "EGRESS",
                destination: SERVICES,
                destinationType: "SERVICE_CIDR_BLOCK",
                protocol: "6",
            },
        ],
        [
            "workers-ingress-from-10.0.0.0-16-pathMtu",
            {
                networkSecurityGroupId: "network-workers-nsg-id",
                direction: "INGRESS",
                source: "10.0.0.0/16",
                sourceType: "CIDR_BLOCK",
                protocol: "1",
                icmpOptions: { type: 3, code: 4 },
            },
        ],
        [
            "workers-egress-to-pods-all",
            {
                networkSecurityGroupId: "network-workers-nsg-id",
                direction: "EGRESS",
                destination: "network-pods-nsg-id",
                destinationType: "NETWORK_SECURITY_GROUP",
                protocol: "all",
            },
        ],
    ];
    for (const [key, expected] of rules) {
        it(`tells OCI what ${key} means`, async () => {
            const { description, ...inputs } = (await recorded()).one(RULE, `network-${key}`).inputs;
            assert.deepEqual(inputs, expected);
            assert.ok(description, "says what it is for");
        });
    }

    it("has a bastion only if set, with egress rules in the security list, because it has no group", async () => {
        assert.deepEqual((await recorded()).all(BASTION), []);
        const recording = await recorded({ bastion: { allowedCidrs: ["203.0.113.0/24"] } });
        const { inputs } = recording.one(BASTION, "network-bastion");
        assert.equal(inputs.targetSubnetId, "network-bastion-subnet-id");
        assert.deepEqual(inputs.clientCidrBlockAllowLists, ["203.0.113.0/24"]);
        assert.equal(inputs.dnsProxyStatus, "ENABLED"); // docs/cluster.md reaches a private endpoint with it
        assert.equal(layout(recording).bastion, "10.0.3.0/24 private network-private-routes-id");
        const { inputs: list, ignoreChanges } = recording.one(SECURITY_LIST, "network-bastion-security-list");
        const ways = (list.egressSecurityRules as Record<string, unknown>[]).map(
            ({ destination, protocol, tcpOptions }) => ({ destination, protocol, tcpOptions }),
        );
        assert.deepEqual(ways, [
            { destination: "10.0.0.0/28", protocol: "6", tcpOptions: { min: 6443, max: 6443 } },
            { destination: "10.0.1.0/24", protocol: "6", tcpOptions: { min: 22, max: 22 } },
        ]);
        assert.deepEqual(list.ingressSecurityRules, []);
        assert.deepEqual(ignoreChanges, []);
    });

    it("looks up the region's Oracle services, unless set", async () => {
        const found = await recorded();
        assert.deepEqual(found.invokes, [
            {
                token: "oci:Core/getServices:getServices",
                args: {
                    filters: [{ name: "name", values: ["All .* Services In Oracle Services Network"], regex: true }],
                },
            },
        ]);
        const told = await recorded({ oracleServices: { id: "ocid1.service.oc1.phx.b", cidrLabel: "all-phx" } });
        assert.deepEqual(told.invokes, []);
        const gateway = told.one("oci:Core/serviceGateway:ServiceGateway", "network-service-gateway");
        assert.deepEqual(gateway.inputs.services, [{ serviceId: "ocid1.service.oc1.phx.b" }]);
        assert.equal(told.one(RULE, "network-workers-egress-to-oracleServices-tcp").inputs.destination, "all-phx");
    });

    it("protects the VCN and the subnets, and nothing that changes with settings", async () => {
        const names = (recording: Recording) =>
            recording.resources.filter((each) => each.protect).map(({ name }) => name);
        assert.deepEqual(names(await recorded()), []);
        assert.deepEqual(names(await recorded({ protect: true })).sort(), [
            "network-apiEndpoint-subnet",
            "network-loadBalancers-subnet",
            "network-pods-subnet",
            "network-vcn",
            "network-workers-subnet",
        ]);
    });

    it("tags everything that supports tags", async () => {
        const { resources } = await recorded({ bastion: { allowedCidrs: ["203.0.113.0/24"] } });
        const untagged = resources.filter(
            ({ type, inputs }) =>
                type.startsWith("oci:") && type !== RULE && (!inputs.freeformTags || !inputs.definedTags),
        );
        assert.deepEqual(
            untagged.map(({ name }) => name),
            [],
        );
    });

    it("has the same parts in a preview, when nothing has an id yet", async () => {
        const names = ({ resources }: Recording) => resources.map(({ name }) => name).sort();
        const preview = await recorded({}, { preview: true });
        assert.deepEqual(names(preview), names(await recorded()));
        assert.equal(preview.one(SUBNET, "network-workers-subnet").inputs.vcnId, UNKNOWN);
    });

    it("keeps every part inside the component, under its name", async () => {
        const { resources } = await recorded({ bastion: { allowedCidrs: ["203.0.113.0/24"] } });
        const [component, ...parts] = resources;
        assert.equal(component!.type, "oke-mesh:oci:Network");
        for (const part of parts) {
            assert.equal(part.parent, component!.urn, part.name);
            assert.ok(part.name.startsWith("network-"), part.name);
        }
    });

    // A changed DNS label replaces the VCN and all in it; a changed display name should not.
    it("derives the DNS label from the name that never changes", async () => {
        for (const displayName of ["shop", "store"]) {
            assert.equal((await recorded({ displayName })).one(VCN, "network-vcn").inputs.dnsLabel, "network");
        }
    });
});

describe("dnsLabel", () => {
    const labels = {
        network: "network",
        "My-Network_1": "mynetwork1",
        "1st": "vcn1st",
        "a-very-long-network-name": "averylongnetwor",
    };
    for (const [name, label] of Object.entries(labels)) {
        it(`of ${name} is ${label}`, () => assert.equal(dnsLabel(name), label));
    }
});

describe("existingNetwork", () => {
    it("uses what it is given, and creates nothing", async () => {
        const subnets = { apiEndpoint: "ocid1.subnet.a", workers: "ocid1.subnet.w", loadBalancers: "ocid1.subnet.l" };
        const nsgs = { apiEndpoint: [], workers: ["ocid1.nsg.w"], pods: [], loadBalancers: ["ocid1.nsg.l"] };
        const recording = await record(() => {
            const network = existingNetwork({ vcnId: "ocid1.vcn.v", subnets, nsgs });
            assert.deepEqual(network, { vcnId: "ocid1.vcn.v", subnetIds: subnets, nsgIds: nsgs, ready: [] });
        });
        assert.deepEqual([recording.resources, recording.invokes], [[], []]);
    });
});
