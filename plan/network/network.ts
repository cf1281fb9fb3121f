import { at, sourcesOf, type Plan, type Resource } from "../model";
import { ofType, shortType } from "../query";
import { items, text } from "../words";
import { rulesOf, type Rule } from "./rules";

/** The network that a plan creates, as security rules and route tables let it be used. */
export interface Network {
    vcn: Resource;
    subnets: Subnet[];
    /** Gateways of the VCN: of type InternetGateway, NatGateway or ServiceGateway. */
    gateways: Resource[];
    /** What may open connections to what: each pair once. */
    flows: Flow[];
    /** Networks that may open sessions of a bastion in a subnet. */
    sessions: { networks: string[]; subnet: Subnet }[];
}

/** A subnet with the network security group of the same display name. */
export interface Subnet {
    resource: Resource;
    group: Resource | undefined;
    name: string;
    cidr: string;
    public: boolean;
    /** What has its addresses there, as text. */
    residents: string[];
}

/** One end of a flow: a subnet, or what is outside of the VCN, with the gateway on the way. */
export type End = { subnet: Subnet } | { outside: string; gateway: Resource | undefined };

export interface Flow {
    from: End;
    to: End;
    /** Such as `TCP 443, 80`. */
    traffic: string;
    urns: string[];
}

/** The network of a plan; undefined if it creates none. */
export function networkOf(plan: Plan): Network | undefined {
    const [vcn] = ofType(plan, "Vcn");
    if (!vcn) {
        return undefined;
    }
    const groups = ofType(plan, "NetworkSecurityGroup");
    const subnets = ofType(plan, "Subnet").map((resource): Subnet => {
        const name = nameOf(resource);
        return {
            resource,
            group: groups.find(({ inputs }) => inputs.displayName === resource.inputs.displayName),
            name,
            cidr: text(resource.inputs.cidrBlock ?? ""),
            public: resource.inputs.prohibitPublicIpOnVnic === false,
            residents: residentsOf(plan, name),
        };
    });
    return {
        vcn,
        subnets,
        gateways: ["InternetGateway", "NatGateway", "ServiceGateway"].flatMap((type) => ofType(plan, type)),
        flows: flowsOf(rulesOf(plan), subnets, plan),
        sessions: ofType(plan, "oci:Bastion/bastion:Bastion").flatMap(({ inputs }) => {
            const subnet = subnets.find(({ resource }) => refersTo(inputs.targetSubnetId, resource));
            return subnet ? [{ networks: items(inputs.clientCidrBlockAllowLists).map(text), subnet }] : [];
        }),
    };
}

/** `workers` of `network-workers-subnet`. */
function nameOf({ name, parent }: Resource): string {
    const component = parent?.split("::").at(-1);
    return name.replace(`${component}-`, "").replace(/-subnet$/, "");
}

/** What has its addresses in a subnet, by the name that the component gives it: the plan knows no more of node pools. */
function residentsOf(plan: Plan, name: string): string[] {
    const pools = ofType(plan, "oci:ContainerEngine/nodePool:NodePool").map(({ inputs }) => inputs);
    const residents: Record<string, string[]> = {
        apiEndpoint: ofType(plan, "oci:ContainerEngine/cluster:Cluster").map(() => "Kubernetes API"),
        workers: pools.map((pool) => `${text(pool.name)}: ${text(at(pool, "nodeConfigDetails", "size"))} nodes`),
        loadBalancers: ["load balancer of the gateway"],
    };
    return Object.hasOwn(residents, name) ? residents[name]! : [];
}

/** Whether a value comes from a resource. */
function refersTo(value: unknown, { urn }: Resource): boolean {
    return sourcesOf(value).includes(urn);
}

function flowsOf(rules: Rule[], subnets: Subnet[], plan: Plan): Flow[] {
    const flows = new Map<string, Flow & { words: Set<string> }>();
    for (const rule of rules) {
        const own = subnets.find(({ group, resource }) => [group?.urn, resource.urn].includes(rule.owner));
        if (!own || (isBetweenGroups(rule, subnets) && !rules.some((other) => isOtherEnd(rule, other, subnets)))) {
            continue;
        }
        const peer = peerOf(rule, own, subnets, plan);
        const here: End = { subnet: own };
        const [from, to] = rule.direction === "EGRESS" ? [here, peer] : [peer, here];
        const key = `${endKey(from)} ${endKey(to)}`;
        const flow = flows.get(key) ?? { from, to, traffic: "", urns: [], words: new Set<string>() };
        flow.words.add(rule.traffic);
        flow.urns.push(rule.urn);
        flows.set(key, flow);
    }
    return [...flows.values()].map(({ words, ...flow }) => ({ ...flow, traffic: joined([...words]) }));
}

/** Both ends have a group: a connection needs a rule at each of them. */
function isBetweenGroups({ peer }: Rule, subnets: Subnet[]): boolean {
    return subnets.some(({ group }) => group !== undefined && peer === group.urn);
}

function isOtherEnd(rule: Rule, other: Rule, subnets: Subnet[]): boolean {
    const known = subnets.some(({ group }) => group?.urn === other.owner);
    return (
        known &&
        other.direction !== rule.direction &&
        other.owner === rule.peer &&
        other.peer === rule.owner &&
        includes(other.traffic, rule.traffic)
    );
}

/** `all` includes `TCP`, and that `TCP 443`. */
function includes(wide: string, narrow: string): boolean {
    return wide === "all" || wide === narrow || narrow.startsWith(`${wide} `);
}

function peerOf({ peer, isService }: Rule, own: Subnet, subnets: Subnet[], plan: Plan): End {
    const subnet = subnets.find(({ group, cidr }) => [group?.urn, cidr].includes(peer));
    return subnet
        ? { subnet }
        : { outside: isService ? "Oracle services" : peer, gateway: wayOut(own, isService, plan) };
}

/** The gateway on the way from a subnet: its own for Oracle services, or else the one to everywhere. */
function wayOut({ resource }: Subnet, isService: boolean, plan: Plan): Resource | undefined {
    const table = ofType(plan, "RouteTable").find((each) => refersTo(resource.inputs.routeTableId, each));
    const entities = items(table?.inputs.routeRules).flatMap((rule) => sourcesOf(at(rule, "networkEntityId")));
    const gateways = plan.resources.filter(({ urn }) => entities.includes(urn));
    const service = gateways.find(({ type }) => shortType(type) === "ServiceGateway");
    const others = gateways.find(({ type }) => ["NatGateway", "InternetGateway"].includes(shortType(type)));
    return isService ? (service ?? others) : others;
}

function endKey(end: End): string {
    return "subnet" in end ? end.subnet.resource.urn : end.outside;
}

/** `TCP 443, 80` of `TCP 443` and `TCP 80`; everything if that is among them. */
function joined(words: string[]): string {
    if (words.includes("all")) {
        return "all traffic";
    }
    const protocols = [...new Set(words.map((word) => word.split(" ")[0]!))];
    return protocols
        .map((protocol) => {
            const ports = words
                .filter((word) => word.startsWith(`${protocol} `))
                .map((word) => word.slice(protocol.length + 1));
            return words.includes(protocol) ? `any ${protocol}` : `${protocol} ${ports.join(", ")}`;
        })
        .join("; ");
}
