import { networkOf, type End, type Flow, type Network, type Subnet } from "../../network/network";
import type { Plan } from "../../model";
import { shortType } from "../../query";
import { list } from "../../words";
import type { Arrow, Box, Picture } from "./picture";

const EVERYWHERE = "0.0.0.0/0";

/** The network: subnets, gateways, and what may open connections to what. Without boxes if the plan creates none. */
export function networkPicture(plan: Plan): Picture {
    const network = networkOf(plan);
    if (!network) {
        return { about: "", boxes: [], arrows: [], frames: [] };
    }
    const { vcn, subnets, gateways, flows, sessions } = network;
    const frame = vcn.urn;
    const arrows = [
        ...flows.flatMap((flow) => flowArrows(flow)),
        ...sessions.flatMap(({ networks, subnet }) =>
            networks.map((each) => arrow(`from ${each}`, subnet.resource.urn, ["bastion sessions"])),
        ),
    ];
    const used = new Set(arrows.flatMap(({ from, to }) => [from, to]));
    return {
        about: aboutOf(network),
        boxes: [
            ...outsideBoxes(arrows),
            ...subnets.map((subnet) => subnetBox(subnet, flows, frame)),
            ...gateways
                .filter(({ urn }) => used.has(urn))
                .map(({ urn, type }): Box => ({
                    id: urn,
                    kind: "exit",
                    lines: [GATEWAYS[shortType(type)]!],
                    frame,
                    urns: [urn],
                })),
        ],
        arrows: merged(arrows),
        frames: [{ id: frame, title: `VCN ${list(vcn.inputs.cidrBlocks)}` }],
    };
}

const GATEWAYS: Record<string, string> = {
    InternetGateway: "internet gateway",
    NatGateway: "NAT gateway",
    ServiceGateway: "service gateway",
};

const SUBNETS: Record<string, string> = {
    apiEndpoint: "API endpoint",
    loadBalancers: "load balancers",
};

function subnetBox(subnet: Subnet, flows: Flow[], frame: string): Box {
    const { resource, group, name, cidr, public: isPublic, residents } = subnet;
    const own = flows.find(({ from, to }) => isAt(from, subnet) && isAt(to, subnet));
    return {
        id: resource.urn,
        kind: isPublic ? "public" : "subnet",
        lines: [
            SUBNETS[name] ?? name,
            `${cidr}, ${isPublic ? "public" : "private"}`,
            ...residents,
            ...(own ? [`${own.traffic} within`] : []),
        ],
        frame,
        urns: [resource.urn, ...(group ? [group.urn] : []), ...(own?.urns ?? [])],
    };
}

function isAt(end: End, subnet: Subnet): boolean {
    return "subnet" in end && end.subnet === subnet;
}

/** The way of a flow: directly between subnets, or through the gateway between a subnet and what is outside. */
function flowArrows({ from, to, traffic, urns }: Flow): Arrow[] {
    if ("subnet" in from && "subnet" in to) {
        return from.subnet === to.subnet
            ? []
            : [arrow(from.subnet.resource.urn, to.subnet.resource.urn, [traffic], urns)];
    }
    if ("outside" in from && "subnet" in to) {
        const { gateway } = from;
        const inward = to.subnet.public && gateway ? gateway.urn : undefined;
        const place = inward ? "from internet" : `from ${from.outside}`;
        const words = inward && from.outside !== EVERYWHERE ? `${traffic} from ${from.outside}` : traffic;
        return inward
            ? [arrow(place, inward), arrow(inward, to.subnet.resource.urn, [words], urns)]
            : [arrow(place, to.subnet.resource.urn, [words], urns)];
    }
    if ("subnet" in from && "outside" in to) {
        const place = `to ${to.outside}`;
        const { gateway } = to;
        return gateway
            ? [arrow(from.subnet.resource.urn, gateway.urn, [traffic], urns), arrow(gateway.urn, place)]
            : [arrow(from.subnet.resource.urn, place, [traffic], urns)];
    }
    return [];
}

function arrow(from: string, to: string, lines: string[] = [], urns: string[] = []): Arrow {
    return { from, to, kind: "flow", lines, urns };
}

/** Each pair once, with all that is said of it; one arrow with two heads if the same may come back. */
function merged(arrows: Arrow[]): Arrow[] {
    const pairs = new Map<string, Arrow>();
    for (const each of arrows) {
        const known = pairs.get(`${each.from} ${each.to}`);
        const lines = [...new Set([...(known?.lines ?? []), ...each.lines])];
        pairs.set(`${each.from} ${each.to}`, { ...each, lines, urns: [...(known?.urns ?? []), ...each.urns] });
    }
    const all = [...pairs.values()];
    const back = ({ from, to, lines }: Arrow) =>
        all.find((other) => other.from === to && other.to === from && other.lines.join() === lines.join());
    return all
        .filter((each) => all.indexOf(back(each) ?? each) >= all.indexOf(each))
        .map((each) => (back(each) ? { ...each, both: true, urns: [...each.urns, ...back(each)!.urns] } : each));
}

function outsideBoxes(arrows: Arrow[]): Box[] {
    const places = new Set(arrows.flatMap(({ from, to }) => [from, to]).filter((id) => /^(from|to) /.test(id)));
    return [...places].map((id) => ({ id, kind: "outside", lines: [placeOf(id)], urns: [] }));
}

function placeOf(id: string): string {
    const place = id.replace(/^(from|to) /, "");
    return place === EVERYWHERE ? "internet" : place;
}

function aboutOf({ vcn, subnets, gateways }: Network): string {
    const places = subnets.map(
        ({ name, cidr, public: isPublic }) => `${name} ${cidr} ${isPublic ? "public" : "private"}`,
    );
    const exits = gateways.map(({ type }) => GATEWAYS[shortType(type)]);
    return `VCN ${list(vcn.inputs.cidrBlocks)} with the subnets ${places.join(", ")}, and ${exits.join(", ")}.`;
}
