import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../../component";
import { withDefaults } from "../../defaults";
import { DestinationRule, Gateway, ServiceEntry, VirtualService } from "../../istio/api";
import {
    EXTERNAL_SERVICE_DEFAULTS,
    serviceEntry,
    speaksHttp,
    type ExternalService,
    type ResolvedExternalService,
} from "./externalService";
import { originateTls } from "../../istio/originateTls";
import { externalRoutes } from "./fromSidecars";
import { egressListeners, towardsGateway, twoHops } from "./throughGateway";

/** Arguments of `ExternalServices`. */
export interface ExternalServicesArgs {
    /** Namespace of the control plane: what stands there holds for the whole mesh. */
    namespace: pulumi.Input<string>;
    /** Hosts outside the cluster, by groups that are treated alike. */
    services: ExternalService[];
}

/**
 * Hosts outside the cluster as members of the mesh: known to its registry, with timeouts and retries, with TLS put around
 * what is plain inside, and if wanted through the egress gateway.
 * Guide: "Controlling Access to External Services".
 *
 * @example
 * ```ts
 * new ExternalServices(
 *     "egress",
 *     { namespace: controlPlane.namespace, services: [{ name: "payments", hosts: ["api.payments.example"] }] },
 *     { provider, dependsOn: controlPlane },
 * );
 * ```
 */
export class ExternalServices extends Component {
    constructor(name: string, args: ExternalServicesArgs, opts?: pulumi.ComponentResourceOptions) {
        super("traffic:ExternalServices", name, opts);

        for (const service of args.services) {
            this.addService(
                `${name}-${service.name}`,
                withDefaults(service, EXTERNAL_SERVICE_DEFAULTS),
                args.namespace,
            );
        }
        this.registerOutputs({});
    }

    private addService(name: string, service: ResolvedExternalService, namespace: pulumi.Input<string>): void {
        const metadata = { name: service.name, namespace };
        const entry = new ServiceEntry(name, { metadata, spec: serviceEntry(service) }, this.childOptions);
        const known = this.after(entry);
        const originated = service.originateTls ? service.ports.filter(speaksHttp).map(({ port }) => port) : [];
        // An asterisk is no part of an object's name.
        const perHost = (host: string) => (service.hosts.length === 1 ? "" : `-${host.replace("*", "any")}`);
        for (const host of service.hosts) {
            const part = { ...metadata, name: `${service.name}${perHost(host)}` };
            if (originated.length > 0) {
                const spec = originateTls(host, originated);
                new DestinationRule(`${name}-tls${perHost(host)}`, { metadata: part, spec }, known);
            }
        }
        if (service.via === "gateway") {
            this.leadThroughGateway(name, service, namespace, known);
            return;
        }
        for (const host of service.hosts) {
            const spec = externalRoutes(service, host);
            const part = { ...metadata, name: `${service.name}${perHost(host)}` };
            if (spec) {
                new VirtualService(`${name}-routes${perHost(host)}`, { metadata: part, spec }, known);
            }
        }
    }

    private leadThroughGateway(
        name: string,
        service: ResolvedExternalService,
        namespace: pulumi.Input<string>,
        opts: pulumi.CustomResourceOptions,
    ): void {
        const metadata = { name: `${service.name}-egress`, namespace };
        const gateway = new Gateway(`${name}-gateway`, { metadata, spec: egressListeners(service) }, opts);
        const towards = new DestinationRule(`${name}-towards`, { metadata, spec: towardsGateway(service) }, opts);
        for (const host of service.hosts) {
            const suffix = service.hosts.length === 1 ? "" : `-${host}`;
            new VirtualService(
                `${name}-routes${suffix}`,
                {
                    metadata: { ...metadata, name: `${service.name}${suffix}` },
                    spec: twoHops(service, host, metadata.name),
                },
                this.after(gateway, towards),
            );
        }
    }
}
