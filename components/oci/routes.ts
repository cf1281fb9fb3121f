import * as core from "@pulumi/oci/core";
import * as pulumi from "@pulumi/pulumi";
import { applyIfGiven } from "../applyIfGiven";
import type { VcnPlace } from "./vcnPlace";

/** `All <region> Services In Oracle Services Network`. */
export interface OracleServices {
    /** OCID of the service. */
    id: pulumi.Input<string>;
    /** Its CIDR label, such as all-iad-services-in-oracle-services-network. */
    cidrLabel: pulumi.Input<string>;
}

export interface RoutesArgs {
    oracleServices: OracleServices;
    /** A route to the internet, for outgoing connections only. */
    nat: boolean;
    /** A route table for connections to and from the internet. */
    public: boolean;
}

export interface Routes {
    /** To Oracle services, and optionally through the NAT gateway to the internet. */
    private: core.RouteTable;
    /** To and from the internet. */
    public: core.RouteTable | undefined;
}

/** Gateways, and a route table for each kind of subnet. */
export function createRoutes({ name, displayName, inputs, opts }: VcnPlace, args: RoutesArgs): Routes {
    const part = (suffix: string) => ({ ...inputs, displayName: `${displayName}-${suffix}` });
    const toInternet = (gateway: core.NatGateway | core.InternetGateway) => ({
        destination: "0.0.0.0/0",
        destinationType: "CIDR_BLOCK",
        networkEntityId: gateway.id,
    });

    const service = new core.ServiceGateway(
        `${name}-service-gateway`,
        { ...part("service-gateway"), services: [{ serviceId: args.oracleServices.id }] },
        opts,
    );
    const nat = args.nat && new core.NatGateway(`${name}-nat-gateway`, part("nat-gateway"), opts);
    const internet =
        args.public && new core.InternetGateway(`${name}-internet-gateway`, part("internet-gateway"), opts);

    const toOracleServices = {
        destination: args.oracleServices.cidrLabel,
        destinationType: "SERVICE_CIDR_BLOCK",
        networkEntityId: service.id,
    };
    const routeTable = (kind: string, routeRules: core.RouteTableArgs["routeRules"]) =>
        new core.RouteTable(`${name}-${kind}-routes`, { ...part(`${kind}-routes`), routeRules }, opts);
    return {
        private: routeTable("private", [toOracleServices, ...(nat ? [toInternet(nat)] : [])]),
        // As in OCI's examples, without the service gateway: the internet gateway reaches Oracle services too.
        public: internet ? routeTable("public", [toInternet(internet)]) : undefined,
    };
}

/** The region's service for all of Oracle's. Each region also has a smaller one for Object Storage only. */
export function lookUpOracleServices(opts: pulumi.InvokeOutputOptions): OracleServices {
    const services = core.getServicesOutput(
        { filters: [{ name: "name", values: ["All .* Services In Oracle Services Network"], regex: true }] },
        opts,
    ).services;
    const only = applyIfGiven(services, ([service]) => {
        if (service === undefined) {
            throw new pulumi.ResourceError(
                "OCI lists no `All ... Services In Oracle Services Network` in this region: give oracleServices.",
                opts.parent,
                true,
            );
        }
        return service;
    });
    return { id: only.id, cidrLabel: only.cidrBlock };
}
