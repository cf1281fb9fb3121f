import { at, isMap } from "../../plan/model";
import { shortType } from "../../plan/query";
import { items, text } from "../../plan/words";
import { ALWAYS, IN_PROD, type Checked, type ResourceRule, type StackRule } from "../rule";
import { isKind, isRelease } from "./kubernetes";

const EVERYWHERE = ["0.0.0.0/0", "::/0"];
const API_PORT = 6443;

/** Ports of the web, which gateways are there to serve. */
const WEB = [80, 443];

export const publicApiEndpoint: StackRule = {
    name: "public-api-endpoint",
    description: "A public Kubernetes API admits listed networks only",
    reason: "Whoever reaches the API can try stolen tokens and its next vulnerability.",
    levels: ALWAYS,
    checkStack(resources) {
        const sources = resources.flatMap((resource) => (admits(resource, API_PORT) ? [sourceOf(resource)] : []));
        const isOpen = sources.some((source) => EVERYWHERE.includes(source));
        return resources.filter(hasPublicApi).flatMap((cluster) => {
            const groups = items(at(cluster.inputs, "endpointConfig", "nsgIds"));
            // Groups of an existing network are managed, and judged, elsewhere.
            const areElsewhere = groups.length > 0 && groups.every((group) => typeof group === "string");
            if (isOpen || (sources.length === 0 && !areElsewhere)) {
                const found = isOpen ? "every network" : "no network by a rule of its own";
                const change = "list yours in cluster.endpoint.allowedCidrs, or set cluster.endpoint.public to false";
                return [[cluster, `the Kubernetes API is public and admits ${found}: ${change}`]];
            }
            return [];
        });
    },
};

export const openSecurityRule: ResourceRule = {
    name: "open-security-rule",
    description: "Only ports 80 and 443 are open to the internet",
    reason: "Node ports, SSH and the kubelet answer everybody who is let through.",
    levels: ALWAYS,
    check(resource) {
        const rules =
            kindOf(resource) === "NetworkSecurityGroupSecurityRule" ? [resource.inputs] : listedRules(resource);
        return rules.flatMap((rule) => {
            const source = EVERYWHERE.find((network) => at(rule, "source") === network);
            return source === undefined || isHarmless(rule)
                ? []
                : [`admits ${source} to ${portWords(rule)}: name the networks that need it as its source`];
        });
    },
};

export const loadBalancerGroup: ResourceRule = {
    name: "load-balancer-nsg",
    description: "A load balancer has a network security group of its own",
    reason: "Without one, OKE edits the security lists of the subnet, which then open ports for everything in it.",
    levels: { ...ALWAYS, local: "disabled" },
    check(resource) {
        return balancedServices(resource).flatMap(({ annotations }) => {
            const names = isMap(annotations) ? Object.keys(annotations) : [];
            const hasGroup = names.some((name) => name.endsWith("/oci-network-security-groups"));
            const managed = at(annotations, "oci.oraclecloud.com/security-rule-management-mode") === "NSG";
            return hasGroup || managed
                ? []
                : [
                      "makes a load balancer without a security group: name one in the Service's annotation " +
                          "oci.oraclecloud.com/oci-network-security-groups (for the gateway: network.nsgs.loadBalancers)",
                  ];
        });
    },
};

/** Types that carry no tags of their own. */
const UNTAGGABLE = /:(NetworkSecurityGroupSecurityRule|Addon|ManagementDashboardsImport|Rrset)$/;

export const tags: ResourceRule = {
    name: "tags",
    description: "Everything on OCI has tags",
    reason: "Costs, owners and clean-ups are found by tags.",
    levels: IN_PROD,
    check({ type, inputs }) {
        const given = [inputs.freeformTags, inputs.definedTags];
        const isTagged = given.some((each) => isMap(each) && Object.keys(each).length > 0);
        return !type.startsWith("oci:") || UNTAGGABLE.test(type) || isTagged
            ? []
            : ["has no tags: set tags.freeform or tags.defined"];
    },
};

function kindOf({ type }: Checked): string {
    return shortType(type);
}

function hasPublicApi(resource: Checked): boolean {
    return kindOf(resource) === "Cluster" && at(resource.inputs, "endpointConfig", "isPublicIpEnabled") === true;
}

function sourceOf({ inputs }: Checked): string {
    return typeof inputs.source === "string" ? inputs.source : "";
}

/** Whether it is a rule that lets a network in at a port. */
function admits(resource: Checked, port: number): boolean {
    const { inputs } = resource;
    const range = at(inputs, "tcpOptions", "destinationPortRange");
    const covers = range === undefined || (Number(at(range, "min")) <= port && port <= Number(at(range, "max")));
    return (
        kindOf(resource) === "NetworkSecurityGroupSecurityRule" &&
        inputs.direction === "INGRESS" &&
        inputs.sourceType === "CIDR_BLOCK" &&
        (inputs.protocol === "6" || inputs.protocol === "all") &&
        covers
    );
}

/** Rules in a security list, the default one of a VCN included. */
function listedRules(resource: Checked): unknown[] {
    return /SecurityList$/.test(kindOf(resource)) ? items(resource.inputs.ingressSecurityRules) : [];
}

/** The web, and what path MTU discovery needs. */
function isHarmless(rule: unknown): boolean {
    if (at(rule, "protocol") === "1") {
        return at(rule, "icmpOptions", "type") === 3;
    }
    const range = at(rule, "tcpOptions", "destinationPortRange") ?? at(rule, "tcpOptions");
    const [min, max] = [at(range, "min"), at(range, "max")];
    return min === max && WEB.includes(Number(min)) && at(rule, "protocol") === "6";
}

function portWords(rule: unknown): string {
    const protocol = { "1": "ICMP", "6": "TCP", "17": "UDP" }[text(at(rule, "protocol"))] ?? "every protocol";
    const options = at(rule, "tcpOptions") ?? at(rule, "udpOptions");
    const range = at(options, "destinationPortRange") ?? options;
    const [min, max] = [at(range, "min"), at(range, "max")];
    return min === undefined ? protocol : `${protocol} ${min === max ? text(min) : `${text(min)}-${text(max)}`}`;
}

/** Services of type LoadBalancer: the resource itself, or those among a release's values. */
function balancedServices(resource: Checked): Record<string, unknown>[] {
    if (isKind(resource, "", "Service")) {
        const annotations = at(resource.inputs, "metadata", "annotations");
        return at(resource.inputs, "spec", "type") === "LoadBalancer" ? [{ annotations }] : [];
    }
    return isRelease(resource) ? withTypeLoadBalancer(resource.inputs.values) : [];
}

function withTypeLoadBalancer(value: unknown): Record<string, unknown>[] {
    if (!isMap(value)) {
        return [];
    }
    const inside = Object.values(value).flatMap(withTypeLoadBalancer);
    return value.type === "LoadBalancer" ? [value, ...inside] : inside;
}
