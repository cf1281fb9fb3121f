import { Bastion } from "@pulumi/oci/bastion";
import * as core from "@pulumi/oci/core";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import { withDefaults } from "../defaults";
import { INGRESS_PORTS } from "../istio/gateways";
import { bastionName } from "./names";
import { NETWORK_RANGES, rangesInside, type NetworkRanges } from "./networkRanges";
import { DEFAULT_CNI, type Cni, type OkeNetwork } from "./okeNetwork";
import { createRoutes, lookUpOracleServices, type OracleServices } from "./routes";
import { createSecurityRules, securityRules, type Listeners, type Role } from "./securityRules";
import { createSubnet, dnsLabel } from "./subnet";
import type { Tags } from "./tags";
import type { VcnPlace } from "./vcnPlace";

/** Arguments of a `Network`. */
export interface NetworkArgs {
    /** OCID of the compartment that owns the network. */
    compartmentId: pulumi.Input<string>;
    /** Start of every name shown in the console. @default the component's name */
    displayName?: string;
    /** Addresses of the VCN, /16 to /30. Every subnet lies inside. @default "10.0.0.0/16" */
    cidr?: string;
    /** Address range of each subnet. @default see each: those of Oracle's example */
    subnets?: NetworkRanges;
    /** Pod networking of the cluster. @default "OCI_VCN_IP_NATIVE": pods have a subnet and a security group of their own */
    cni?: Cni;
    /** The Kubernetes API endpoint. @default private */
    endpoint?: {
        /** Whether it has a public address as well. Changing it replaces subnet and cluster. @default false */
        public?: boolean;
        /** Networks that may reach it, in addition to nodes, pods and bastion. @default none */
        allowedCidrs?: string[];
    };
    /**
     * OCI Bastion with sessions to the Kubernetes API and the nodes, for clients in these networks. @default none
     * https://docs.oracle.com/en-us/iaas/Content/Bastion/Concepts/bastionoverview.htm
     */
    bastion?: {
        /** Networks that may open sessions, 20 at most. */
        allowedCidrs: string[];
    };
    /**
     * The services behind the service gateway. @default looked up in the region
     * https://docs.oracle.com/en-us/iaas/Content/Network/Tasks/servicegateway.htm
     */
    oracleServices?: OracleServices;
    /** Nodes and pods open connections to the internet through a NAT gateway, to pull images for one. @default true */
    workerInternetAccess?: boolean;
    /** TCP ports of the gateway's load balancer, and the networks that may reach them. @default 80 and 443, for everybody */
    listeners?: Listeners;
    /** The gateway's load balancer is private: its subnet has no public addresses. Changing it replaces it. @default false */
    internalLoadBalancer?: boolean;
    /** Free-form tags of all these resources. @default none */
    freeformTags?: Tags;
    /** Defined tags of all these resources, `Namespace.Key: value`. @default none */
    definedTags?: Tags;
    /** Refuse to delete the VCN and the subnets. @default false */
    protect?: boolean;
}

/** A network without further arguments. */
export const NETWORK_DEFAULTS = {
    cidr: "10.0.0.0/16",
    cni: DEFAULT_CNI,
    workerInternetAccess: true,
    listeners: { ports: [INGRESS_PORTS.http, INGRESS_PORTS.https], allowedCidrs: ["0.0.0.0/0"] },
    internalLoadBalancer: false,
} satisfies Partial<NetworkArgs>;

/**
 * A network for one OKE cluster, after OCI's examples 3 and 4: private nodes and pods, a subnet and a network security
 * group for each role, and nothing open to the internet but the load balancer's listeners and what the user lists.
 * https://docs.oracle.com/en-us/iaas/Content/ContEng/Concepts/contengnetworkconfigexample.htm
 *
 * @example
 * ```ts
 * const network = new Network("network", { compartmentId, endpoint: { public: true, allowedCidrs: ["203.0.113.0/24"] } });
 * ```
 */
export class Network extends Component implements OkeNetwork {
    /** OCID of the VCN. */
    readonly vcnId: pulumi.Output<string>;
    /** OCIDs of the subnets, by role. */
    readonly subnetIds: OkeNetwork["subnetIds"];
    /** OCIDs of the network security groups, by role. */
    readonly nsgIds: OkeNetwork["nsgIds"];
    /** What must exist before anything uses the network, and must be deleted after it. */
    readonly ready: pulumi.Resource[];
    /** OCID of the OCI Bastion, to open sessions with. */
    readonly bastionId: pulumi.Output<string> | undefined;

    constructor(name: string, given: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
        super("oci:Network", name, opts);
        const args = withDefaults(given, NETWORK_DEFAULTS);
        const subnets = withDefaults(args.subnets ?? {}, NETWORK_RANGES);
        const endpoint = withDefaults(args.endpoint ?? {}, { public: false, allowedCidrs: [] });
        const { compartmentId, freeformTags, definedTags, protect } = args;
        const displayName = args.displayName ?? name;
        const native = args.cni === "OCI_VCN_IP_NATIVE";
        const publicLoadBalancer = !args.internalLoadBalancer;
        rangesInside(args.cidr, { ...subnets, pods: native && subnets.pods, bastion: args.bastion && subnets.bastion });

        const vcn = new core.Vcn(
            `${name}-vcn`,
            {
                compartmentId,
                displayName: `${displayName}-vcn`,
                cidrBlocks: [args.cidr],
                // Cannot be changed, so it comes from the component's name, which does not change either.
                dnsLabel: dnsLabel(name),
                freeformTags,
                definedTags,
            },
            { ...this.childOptions, protect },
        );
        const place: VcnPlace = {
            name,
            displayName,
            inputs: { compartmentId, vcnId: vcn.id, freeformTags, definedTags },
            opts: this.childOptions,
        };

        // The list that comes with a VCN lets SSH in from everywhere. No subnet here uses it; now it lets nothing in.
        new core.DefaultSecurityList(
            `${name}-default-security-list`,
            {
                manageDefaultResourceId: vcn.defaultSecurityListId,
                displayName: `${displayName}-unused`,
                ingressSecurityRules: [],
                egressSecurityRules: [],
                freeformTags,
                definedTags,
            },
            this.childOptions,
        );

        const oracleServices = args.oracleServices ?? lookUpOracleServices({ parent: this });
        const routes = createRoutes(place, {
            oracleServices,
            nat: args.workerInternetAccess,
            public: endpoint.public || publicLoadBalancer,
        });
        const subnet = (role: keyof typeof subnets, label: string, isPublic: boolean, egress?: EgressRules) =>
            createSubnet(place, {
                role,
                cidr: subnets[role],
                dnsLabel: label,
                public: isPublic,
                routeTable: (isPublic && routes.public) || routes.private,
                egress,
                protect,
            }).id;
        const nsg = (role: Role) =>
            new core.NetworkSecurityGroup(
                `${name}-${role}-nsg`,
                { ...place.inputs, displayName: `${displayName}-${role}` },
                this.childOptions,
            ).id;

        this.vcnId = vcn.id;
        this.subnetIds = {
            apiEndpoint: subnet("apiEndpoint", "api", endpoint.public),
            workers: subnet("workers", "workers", false),
            pods: native ? subnet("pods", "pods", false) : undefined,
            loadBalancers: subnet("loadBalancers", "lb", publicLoadBalancer),
        };
        const nsgIds = {
            apiEndpoint: nsg("apiEndpoint"),
            workers: nsg("workers"),
            pods: native ? nsg("pods") : undefined,
            loadBalancers: nsg("loadBalancers"),
        };
        this.nsgIds = {
            apiEndpoint: [nsgIds.apiEndpoint],
            workers: [nsgIds.workers],
            pods: nsgIds.pods ? [nsgIds.pods] : [],
            loadBalancers: [nsgIds.loadBalancers],
        };
        createSecurityRules(
            name,
            securityRules({
                cni: args.cni,
                vcnCidr: args.cidr,
                endpointAllowedCidrs: endpoint.allowedCidrs,
                bastionCidr: args.bastion && subnets.bastion,
                listeners: args.listeners,
                workerInternetAccess: args.workerInternetAccess,
            }),
            { nsgIds, oracleServicesLabel: oracleServices.cidrLabel },
            this.childOptions,
        );

        this.bastionId =
            args.bastion &&
            new Bastion(
                `${name}-bastion`,
                {
                    compartmentId,
                    name: bastionName(`${displayName}-bastion`),
                    bastionType: "STANDARD",
                    // SOCKS5 sessions: kubectl and Pulumi go through one without a changed kubeconfig. Set once, for good.
                    dnsProxyStatus: "ENABLED",
                    targetSubnetId: subnet("bastion", "bastion", false, bastionEgress(subnets)),
                    clientCidrBlockAllowLists: args.bastion.allowedCidrs,
                    freeformTags,
                    definedTags,
                },
                // Names are unique in a compartment.
                { ...this.childOptions, deleteBeforeReplace: true },
            ).id;

        // All of it: a node registers through gateways, routes and rules that are not among its inputs.
        this.ready = [this];
        this.registerOutputs({
            vcnId: this.vcnId,
            subnetIds: this.subnetIds,
            nsgIds: this.nsgIds,
            bastionId: this.bastionId,
        });
    }
}

type EgressRules = core.SecurityListArgs["egressSecurityRules"];

/** An OCI Bastion has no network security group: its subnet's security list says what it may reach. */
function bastionEgress({ apiEndpoint, workers }: Required<NetworkRanges>): EgressRules {
    const tcp = (destination: string, port: number, description: string) => ({
        destination,
        destinationType: "CIDR_BLOCK",
        protocol: "6",
        tcpOptions: { min: port, max: port },
        description,
    });
    return [tcp(apiEndpoint, 6443, "Kubernetes API"), tcp(workers, 22, "SSH to nodes")];
}
