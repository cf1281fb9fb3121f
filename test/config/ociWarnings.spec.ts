import { strict as assert } from "node:assert";
import { readSettings } from "../../config/load";
import { ociWarnings } from "../../config/ociWarnings";
import { asDevStack, change, configure, NEW_CLUSTER } from "./settings";

const open = change(NEW_CLUSTER, "cluster.endpoint", { public: true, allowedCidrs: ["150.136.10.0/24"] });
const bastion = (cidr: string) => change(NEW_CLUSTER, "network.bastion", { allowedCidrs: [cidr] });
const gateway = (cidr: string, internal: boolean) => ({
    ...NEW_CLUSTER,
    gateway: { loadBalancer: { allowedCidrs: [cidr], internal } },
});
const set = (key: string) => `pulumi config set --path '${key}' '<your address>/32'`;
const ENDPOINT = "cluster.endpoint.allowedCidrs[0]";
const nobody = (key: string, cidr: string) =>
    `${key} ${cidr} is a placeholder for documentation, which contains no real address: ${set(key)}`;
const behind = (key: string, cidr: string) =>
    `${key} ${cidr} is a private network, but clients come from the internet, with public addresses: ${set(key)}`;

const doubtful: [what: string, settings: Record<string, unknown>, warning: string][] = [
    ["the placeholder of a stack file", change(open, ENDPOINT, "203.0.113.0/24"), nobody(ENDPOINT, "203.0.113.0/24")],
    ["an address of documents", change(open, ENDPOINT, "198.51.100.7/32"), nobody(ENDPOINT, "198.51.100.7/32")],
    ["a bastion for nobody", bastion("192.0.2.0/25"), nobody("network.bastion.allowedCidrs[0]", "192.0.2.0/25")],
    [
        "a home network at a public endpoint",
        change(open, ENDPOINT, "192.168.1.0/24"),
        behind(ENDPOINT, "192.168.1.0/24"),
    ],
    [
        "a company's network at a bastion",
        bastion("10.0.0.0/8"),
        behind("network.bastion.allowedCidrs[0]", "10.0.0.0/8"),
    ],
    [
        "a private network at a public gateway",
        gateway("172.16.0.0/16", false),
        behind("gateway.loadBalancer.allowedCidrs[0]", "172.16.0.0/16"),
    ],
    [
        "a shape younger than this program",
        change(open, "cluster.nodePools[0].shape", "VM.Standard.E7.Flex"),
        "VM.Standard.E7.Flex: a shape that this program does not know; check that your region has it (`oci compute shape list`).",
    ],
    [
        "alarms for nobody",
        { ...open, alarms: {} },
        "alarms.subscriptions is empty: alarms fire, and nobody is notified.",
    ],
    [
        "node tags that nodes may not have",
        {
            ...open,
            "oci:tenancyOcid": "ocid1.tenancy.oc1..a",
            logging: { oci: { nodeTags: { "Operations.Team": "mesh", "Operations.Env": "dev" } } },
            tags: { defined: { "Operations.Env": "dev" } },
        },
        "logging.oci.nodeTags has Operations.Team, which is not in tags.defined: no logs are collected, unless a tag default of the compartment sets it on the nodes.",
    ],
    [
        "an APM domain without spans",
        { ...open, apm: { source: "new" } },
        "apm has a domain, but tracing.backend is none: no spans reach it, and its metrics, alarms and dashboard stay empty.",
    ],
    [
        "images that nodes cannot reach",
        change(open, "network.workerInternetAccess", false),
        "network.workerInternetAccess is off, but istio.hub is on docker.io: nodes cannot pull its images. Set istio.hub and bookinfo.hub to copies in OCIR.",
    ],
    [
        "pod addresses of the other kind of network",
        change(open, "cluster.podsCidr", "10.200.0.0/16"),
        "cluster.podsCidr has no effect with cluster.cni OCI_VCN_IP_NATIVE.",
    ],
];

const quiet: [what: string, settings: Record<string, unknown>][] = [
    ["a network of one's own at a public endpoint", open],
    [
        "a peered network at a private endpoint",
        change(NEW_CLUSTER, "cluster.endpoint", { allowedCidrs: ["10.100.0.0/16"] }),
    ],
    ["a private network at a private gateway", gateway("10.0.0.0/8", true)],
    ["a gateway for everybody", gateway("0.0.0.0/0", false)],
];

describe("ociWarnings", () => {
    asDevStack();

    const warnings = (settings: Record<string, unknown>) => {
        configure(settings);
        return ociWarnings(readSettings());
    };

    for (const [what, settings, warning] of doubtful) {
        it(`speak of ${what}`, () => assert.deepEqual(warnings(settings), [warning]));
    }
    for (const [what, settings] of quiet) {
        it(`are silent about ${what}`, () => assert.deepEqual(warnings(settings), []));
    }
});
