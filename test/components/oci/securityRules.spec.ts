import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { securityRules, type Rule, type SecurityRulesArgs } from "../../../components/oci/securityRules";

const native: SecurityRulesArgs = {
    cni: "OCI_VCN_IP_NATIVE",
    vcnCidr: "10.0.0.0/16",
    endpointAllowedCidrs: [],
    listeners: { ports: [80, 443], allowedCidrs: ["0.0.0.0/0"] },
    workerInternetAccess: true,
};
const flannel: SecurityRulesArgs = { ...native, cni: "FLANNEL_OVERLAY" };

/**
 * The tables of OCI's page "Example Network Resource Configurations", written out anew from that page and its parent,
 * one line for each rule: group, direction, peer, protocol and ports. Where this network is narrower on purpose,
 * the line has the documented rule in brackets.
 */
const DOCUMENTED_NATIVE = `
    apiEndpoint ingress workers tcp 6443
    apiEndpoint ingress workers tcp 12250
    apiEndpoint ingress workers icmp 3/4
    apiEndpoint ingress pods tcp 6443
    apiEndpoint ingress pods tcp 12250
    apiEndpoint egress osn tcp all
    apiEndpoint egress osn icmp 3/4
    apiEndpoint egress workers tcp 10250
    apiEndpoint egress workers icmp 3/4
    apiEndpoint egress pods all
    workers ingress apiEndpoint tcp 10250
    workers ingress 10.0.0.0/16 icmp 3/4            [0.0.0.0/0]
    workers ingress loadBalancers tcp 30000-32767   [all protocols]
    workers ingress loadBalancers tcp 10256         [all protocols]
    workers ingress workers all
    workers ingress pods all
    workers egress workers all
    workers egress pods all
    workers egress 10.0.0.0/16 icmp 3/4             [0.0.0.0/0]
    workers egress osn tcp all
    workers egress apiEndpoint tcp 6443
    workers egress apiEndpoint tcp 12250
    workers egress 0.0.0.0/0 tcp 443                [all TCP ports]
    workers egress 0.0.0.0/0 tcp 80                 [all TCP ports]
    pods ingress workers all
    pods ingress apiEndpoint all
    pods ingress pods all
    pods egress pods all
    pods egress osn icmp 3/4
    pods egress osn tcp all
    pods egress 0.0.0.0/0 tcp 443
    pods egress apiEndpoint tcp 6443
    pods egress apiEndpoint tcp 12250
    loadBalancers ingress 0.0.0.0/0 tcp 80
    loadBalancers ingress 0.0.0.0/0 tcp 443
    loadBalancers egress workers tcp 30000-32767    [all protocols]
    loadBalancers egress workers tcp 10256          [all protocols]
`;

/** Not on the page: the sending half of a documented rule, and plain HTTP for the guide's walk through egress. */
const ADDED_NATIVE = `
    pods egress workers all
    pods egress 0.0.0.0/0 tcp 80
`;

const DOCUMENTED_FLANNEL = `
    apiEndpoint ingress workers tcp 6443
    apiEndpoint ingress workers tcp 12250
    apiEndpoint ingress workers icmp 3/4
    apiEndpoint egress osn tcp all
    apiEndpoint egress osn icmp 3/4
    apiEndpoint egress workers tcp all
    apiEndpoint egress workers icmp 3/4
    workers ingress apiEndpoint tcp all
    workers ingress 10.0.0.0/16 icmp 3/4            [0.0.0.0/0]
    workers ingress loadBalancers tcp 30000-32767   [all protocols]
    workers ingress loadBalancers tcp 10256         [all protocols]
    workers ingress workers all
    workers egress workers all
    workers egress 10.0.0.0/16 icmp 3/4             [0.0.0.0/0]
    workers egress osn tcp all
    workers egress apiEndpoint tcp 6443
    workers egress apiEndpoint tcp 12250
    workers egress 0.0.0.0/0 tcp 443                [all TCP ports]
    workers egress 0.0.0.0/0 tcp 80                 [all TCP ports]
    loadBalancers ingress 0.0.0.0/0 tcp 80
    loadBalancers ingress 0.0.0.0/0 tcp 443
    loadBalancers egress workers tcp 30000-32767    [all protocols]
    loadBalancers egress workers tcp 10256          [all protocols]
`;

const BASTION = `
    apiEndpoint ingress 10.0.3.0/24 tcp 6443
    workers ingress 10.0.3.0/24 tcp 22
`;

function lines(...tables: string[]): string[] {
    const rows = tables.flatMap((table) => table.split("\n"));
    return rows
        .map((row) => row.replace(/\[.*\]/, "").trim())
        .filter(Boolean)
        .sort();
}

function shown({ role, direction, peer, traffic }: Rule): string {
    const other = "nsg" in peer ? peer.nsg : "cidr" in peer ? peer.cidr : "osn";
    if (traffic.protocol === "all") {
        return `${role} ${direction} ${other} all`;
    }
    if (traffic.protocol === "pathMtu") {
        return `${role} ${direction} ${other} icmp 3/4`;
    }
    const { min, max } = "ports" in traffic && traffic.ports ? traffic.ports : { min: "all", max: "all" };
    return `${role} ${direction} ${other} tcp ${min === max ? min : `${min}-${max}`}`;
}

describe("securityRules", () => {
    const documented: [string, SecurityRulesArgs, string[]][] = [
        ["VCN-native pods, public or private endpoint", native, lines(DOCUMENTED_NATIVE, ADDED_NATIVE)],
        ["flannel", flannel, lines(DOCUMENTED_FLANNEL)],
        [
            "VCN-native pods with a bastion and a listed network",
            { ...native, bastionCidr: "10.0.3.0/24", endpointAllowedCidrs: ["198.51.100.0/24"] },
            lines(DOCUMENTED_NATIVE, ADDED_NATIVE, BASTION, "apiEndpoint ingress 198.51.100.0/24 tcp 6443"),
        ],
        ["flannel with a bastion", { ...flannel, bastionCidr: "10.0.3.0/24" }, lines(DOCUMENTED_FLANNEL, BASTION)],
        [
            "no internet for nodes and pods",
            { ...native, workerInternetAccess: false },
            lines(DOCUMENTED_NATIVE, ADDED_NATIVE).filter((line) => !line.includes("egress 0.0.0.0/0")),
        ],
    ];
    for (const [situation, args, expected] of documented) {
        // A missing rule shows as nodes that never join or webhooks that time out; one too many as an open door.
        it(`are those that OCI documents: ${situation}`, () => {
            assert.deepEqual(securityRules(args).map(shown).sort(), expected);
        });
    }

    const open: SecurityRulesArgs = {
        ...native,
        bastionCidr: "10.0.3.0/24",
        endpointAllowedCidrs: ["198.51.100.0/24"],
        listeners: { ports: [80, 443], allowedCidrs: ["0.0.0.0/0", "192.0.2.0/24"] },
    };

    it("allows no traffic from outside the VCN except to listeners and from listed networks", () => {
        for (const args of [open, { ...open, cni: "FLANNEL_OVERLAY" as const }]) {
            const outside = securityRules(args).filter(
                ({ direction, peer }) => direction === "ingress" && "cidr" in peer && !peer.cidr.startsWith("10.0."),
            );
            const listeners = outside.filter(({ role }) => role === "loadBalancers").map(shown);
            assert.deepEqual(listeners.sort(), [
                "loadBalancers ingress 0.0.0.0/0 tcp 443",
                "loadBalancers ingress 0.0.0.0/0 tcp 80",
                "loadBalancers ingress 192.0.2.0/24 tcp 443",
                "loadBalancers ingress 192.0.2.0/24 tcp 80",
            ]);
            const others = outside.filter(({ role }) => role !== "loadBalancers").map(shown);
            assert.deepEqual(others, ["apiEndpoint ingress 198.51.100.0/24 tcp 6443"]);
        }
    });

    // Stateful groups at both ends: a packet that one lets out and the other does not let in is lost in silence.
    for (const args of [native, flannel]) {
        it(`match at both ends with ${args.cni}`, () => {
            const rules = securityRules(args);
            const meets = (one: Rule, other: Rule) =>
                "nsg" in one.peer &&
                other.role === one.peer.nsg &&
                other.direction !== one.direction &&
                (("nsg" in other.peer && other.peer.nsg === one.role) ||
                    ("cidr" in other.peer && other.peer.cidr === args.vcnCidr)) &&
                JSON.stringify(other.traffic) === JSON.stringify(one.traffic);
            const halves = rules.filter((one) => "nsg" in one.peer && !rules.some((other) => meets(one, other)));
            assert.deepEqual(halves.map(shown), []);
            assert.ok(rules.filter(({ peer }) => "nsg" in peer).length > 10, "there are pairs to match");
        });
    }

    it("have keys that are resource names, each its own", () => {
        for (const args of [open, flannel]) {
            const keys = securityRules(args).map(({ key }) => key);
            assert.equal(new Set(keys).size, keys.length);
            assert.deepEqual(
                keys.filter((key) => !/^[A-Za-z0-9.-]+$/.test(key)),
                [],
            );
        }
    });

    it("keep their keys when anything else in the table changes, so no rule is replaced for another's sake", () => {
        const before = securityRules(open).map(({ key }) => key);
        const reordered = securityRules({
            ...open,
            listeners: { ports: [15443, 443, 80], allowedCidrs: ["192.0.2.0/24", "0.0.0.0/0"] },
            endpointAllowedCidrs: ["203.0.113.0/24", "198.51.100.0/24"],
        }).map(({ key }) => key);
        assert.deepEqual(
            before.filter((key) => !reordered.includes(key)),
            [],
        );
        // The names in people's state: to change one is to replace a rule in every stack.
        for (const key of [
            "workers-ingress-from-apiEndpoint-tcp-10250",
            "apiEndpoint-egress-to-oracleServices-pathMtu",
            "loadBalancers-ingress-from-0.0.0.0-0-tcp-443",
            "loadBalancers-egress-to-workers-tcp-30000-32767",
            "pods-egress-to-pods-all",
        ]) {
            assert.ok(before.includes(key), key);
        }
    });

    it("are as many as docs/network.md tells people to count", () => {
        const docs = readFileSync("docs/network.md", "utf8");
        const listeners = { ports: [80], allowedCidrs: ["0.0.0.0/0"] };
        const [withNative, withFlannel] = [native, flannel].map((args) => securityRules({ ...args, listeners }).length);
        assert.match(docs, new RegExp(`^${withNative} with VCN-native pods .* ${withFlannel} with flannel`, "m"));
    });

    it("let clients reach nodes only where the load balancer keeps their addresses", () => {
        const listeners = { ports: [80, 443], allowedCidrs: ["192.0.2.0/24", "198.51.100.0/24"] };
        const more = (changes: object) => {
            const before = securityRules({ ...native, listeners }).map(shown);
            return securityRules({ ...native, listeners: { ...listeners, preserveSource: true, ...changes } })
                .map(shown)
                .filter((line) => !before.includes(line));
        };
        assert.deepEqual(more({}), [
            "workers ingress 192.0.2.0/24 tcp 30000-32767",
            "workers ingress 198.51.100.0/24 tcp 30000-32767",
        ]);
        assert.deepEqual(more({ ports: [] }), []);
    });

    it("are one rule for a network that is listed twice", () => {
        const twice = securityRules({
            ...native,
            bastionCidr: "10.0.3.0/24",
            endpointAllowedCidrs: ["10.0.3.0/24", "10.0.3.0/24"],
        });
        const fromBastion = twice.map(shown).filter((line) => line === "apiEndpoint ingress 10.0.3.0/24 tcp 6443");
        assert.equal(fromBastion.length, 1);
    });
});
