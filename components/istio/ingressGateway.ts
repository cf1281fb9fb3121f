import type { Release } from "@pulumi/kubernetes/helm/v3";
import { Service } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import { withDefaults } from "../defaults";
import { istioRelease } from "./chart";
import { clientAddressAnnotations, notRemovable, topologyAnnotation, type ClientAddresses } from "./clientAddresses";
import { GATEWAY_DEFAULTS, gatewayDeployment, type GatewayDeploymentArgs } from "./gatewayDeployment";
import { GATEWAY_SELECTOR, GATEWAY_SERVICE, INGRESS_PORTS } from "./gateways";
import {
    FIXED_IN_SERVICE,
    OCI_LOAD_BALANCER_DEFAULTS,
    ociLoadBalancerAnnotations,
    type OciLoadBalancerArgs,
} from "./ociLoadBalancer";
import { bootstrapSecret, gatewayBootstrap, type ProxyBootstrap } from "./tracing/bootstrap";
import type { GatewayValues } from "./values";

/** Arguments of an `IngressGateway`. */
export interface IngressGatewayArgs extends GatewayDeploymentArgs {
    /** How the gateway is reached. `LoadBalancer` waits until an address is there. @default "LoadBalancer" */
    serviceType?: "LoadBalancer" | "NodePort" | "ClusterIP";
    /** Ports of the Service, which are those of Istio Gateways. @default `http2` at 80 and `https` at 443 */
    ports?: GatewayPort[];
    /** The OCI load balancer. @default whatever the cluster makes of a Service of type LoadBalancer */
    ociLoadBalancer?: OciLoadBalancerArgs;
    /** How the addresses of clients arrive. @default they do not: the gateway sees those of nodes or the load balancer */
    clientAddresses?: ClientAddresses;
    /** What the proxies start with besides istiod's own: `bootstrap` of a `tracingPlan`. @default nothing */
    proxyBootstrap?: ProxyBootstrap;
}

/** A port of the gateway's Service. */
export interface GatewayPort {
    /** Name that begins with the protocol, as Istio reads it: `http2`, `https`, `tcp-mongo`. */
    name: string;
    /** Number at the Service and in the proxies. */
    port: number;
}

const DEFAULTS = {
    ...GATEWAY_DEFAULTS,
    serviceType: "LoadBalancer",
    ports: [
        { name: "http2", port: INGRESS_PORTS.http },
        { name: "https", port: INGRESS_PORTS.https },
    ],
} satisfies Partial<IngressGatewayArgs>;

/**
 * The proxies that let traffic into the mesh, and their load balancer.
 * Guide: "Installing Istio with istioctl" installs it, "Make the application accessible from outside the cluster" uses it.
 *
 * @example
 * ```ts
 * const gateway = new IngressGateway(
 *     "gateway",
 *     {
 *         namespace: controlPlane.namespace,
 *         ociLoadBalancer: { subnetId: network.subnetIds.loadBalancers, nsgIds: network.nsgIds.loadBalancers },
 *     },
 *     { provider, dependsOn: controlPlane },
 * );
 * ```
 */
export class IngressGateway extends Component {
    /** Address of the load balancer, undefined while it has none. @default none, without a load balancer */
    readonly address?: pulumi.Output<string | undefined>;
    /** Whose deletion deletes the load balancer. */
    readonly release: Release;

    constructor(name: string, given: IngressGatewayArgs, opts?: pulumi.ComponentResourceOptions) {
        // Deleted for real, never skipped because the cluster goes: the load balancer goes with it, and one left behind
        // keeps subnet and VCN from being deleted (oracle/oci-cloud-controller-manager#321).
        super("istio:IngressGateway", name, { ...opts, deletedWith: undefined });

        const args = complete(given);
        const { proxyBootstrap: bootstrap, namespace } = args;
        const bootstrapped = bootstrap
            ? [bootstrapSecret(`${name}-bootstrap`, bootstrap, namespace, this.childOptions)]
            : [];
        this.release = istioRelease<GatewayValues>(
            `${name}-release`,
            {
                chart: "gateway",
                version: args.version,
                repository: args.chartRepository,
                releaseName: GATEWAY_SERVICE,
                namespace: afterSubnet(args.namespace, args.ociLoadBalancer?.subnetId),
                values: gatewayValues(args),
                extraValues: args.extraValues,
            },
            {
                ...this.after(...bootstrapped),
                replaceOnChanges: [
                    ...FIXED_IN_SERVICE,
                    ...notRemovable(args.ociLoadBalancer?.type, args.clientAddresses),
                ].map((path) => `values.service.${path}`),
            },
        );
        if (args.serviceType === "LoadBalancer") {
            // An id made from the release's status is unknown until it is installed, so a first preview does not
            // look for a Service that is not there yet.
            const id = this.release.status.apply(() => pulumi.interpolate`${namespace}/${GATEWAY_SERVICE}`);
            const service = Service.get(`${name}-service`, id, this.childOptions);
            this.address = service.status.apply((status) => addressOf(status?.loadBalancer?.ingress));
        }
        this.registerOutputs({ address: this.address });
    }
}

/**
 * The namespace, known no earlier than the load balancer's subnet: so a subnet that is replaced takes the release along,
 * and with its Service the load balancer, before it is deleted itself. OCI refuses to delete it with one in it.
 */
function afterSubnet(namespace: pulumi.Input<string>, subnetId: pulumi.Input<string> | undefined) {
    return subnetId === undefined ? namespace : pulumi.all([namespace, subnetId]).apply(([name]) => name);
}

/** The address a load balancer reports; undefined while it reports none. */
export function addressOf(ingress: { ip?: string; hostname?: string }[] | undefined): string | undefined {
    const [first] = ingress ?? [];
    return first?.ip ?? first?.hostname;
}

function complete(given: IngressGatewayArgs) {
    const { ociLoadBalancer } = given;
    return {
        ...withDefaults(given, DEFAULTS),
        ociLoadBalancer: ociLoadBalancer && withDefaults(ociLoadBalancer, OCI_LOAD_BALANCER_DEFAULTS),
    };
}

function gatewayValues(args: ReturnType<typeof complete>): GatewayValues {
    const { serviceType, ociLoadBalancer, clientAddresses } = args;
    const deployment = gatewayDeployment(args, { app: GATEWAY_SERVICE, ...GATEWAY_SELECTOR });
    return {
        ...deployment,
        podAnnotations: {
            ...deployment.podAnnotations,
            ...args.proxyBootstrap?.podAnnotations,
            ...topologyAnnotation(clientAddresses),
        },
        ...(args.proxyBootstrap && gatewayBootstrap(args.proxyBootstrap)),
        service: {
            type: serviceType,
            ports: args.ports.map(({ name, port }) => ({ name, port, protocol: "TCP", targetPort: port })),
            annotations: ociLoadBalancer && {
                ...ociLoadBalancerAnnotations(ociLoadBalancer),
                ...clientAddressAnnotations(ociLoadBalancer.type, clientAddresses),
            },
            // Within the cluster addresses stay as they are.
            ...(clientAddresses?.source === "preserve-source" &&
                serviceType !== "ClusterIP" && { externalTrafficPolicy: "Local" }),
            ...(ociLoadBalancer?.reservedIp && { loadBalancerIP: ociLoadBalancer.reservedIp }),
        },
    };
}
