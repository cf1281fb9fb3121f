import * as apm from "@pulumi/oci/apm";
import * as pulumi from "@pulumi/pulumi";
import { applyIfGiven } from "../applyIfGiven";
import { Component } from "../component";
import type { DataKeyType } from "../istio/tracing/apm";
import type { Tags } from "./tags";

/** An APM domain, new or existing. */
export interface ApmBackend {
    /** OCID of the domain. */
    domainId: pulumi.Output<string>;
    /** OCID of the compartment that owns it, where its metrics arrive as well. */
    compartmentId: pulumi.Output<string>;
    /** Host that accepts spans, without scheme: what a ServiceEntry and SNI need. */
    uploadHost: pulumi.Output<string>;
    /** Data key, which tracers authenticate with. A secret. */
    dataKey: pulumi.Output<string>;
    /** Trace explorer of the console. */
    traceExplorerUrl: pulumi.Output<string>;
}

/** Arguments of an `ApmDomain`. */
export interface ApmDomainArgs {
    /** OCID of the compartment that owns the domain. */
    compartmentId: pulumi.Input<string>;
    /** Region of the domain, such as us-ashburn-1: for the link to the console. */
    region: pulumi.Input<string>;
    /** Name shown in the console. @default the component's name */
    displayName?: pulumi.Input<string>;
    /** Always Free domain: 1,000 spans an hour, one in each region. Changing it replaces the domain. @default false */
    isFreeTier?: boolean;
    /** The key of the domain that tracers use: the private one, or the public one if others may read it. @default "PRIVATE" */
    dataKeyType?: DataKeyType;
    /** Free-form tags. @default none */
    freeformTags?: Tags;
    /** Defined tags, `Namespace.Key: value`. @default none */
    definedTags?: Tags;
}

/**
 * A new domain of Application Performance Monitoring. Guide: "Application Performance Monitoring (APM)".
 * https://docs.oracle.com/en-us/iaas/application-performance-monitoring/doc/application-performance-monitoring-administration.html
 *
 * @example
 * ```ts
 * const apm = new ApmDomain("apm", { compartmentId, region: "us-ashburn-1", isFreeTier: true });
 * const tracing = tracingPlan({ backend: "apm", apm });
 * ```
 */
export class ApmDomain extends Component implements ApmBackend {
    /** OCID of the domain. */
    readonly domainId: pulumi.Output<string>;
    /** OCID of the compartment that owns it, where its metrics arrive as well. */
    readonly compartmentId: pulumi.Output<string>;
    /** Host that accepts spans, without scheme. */
    readonly uploadHost: pulumi.Output<string>;
    /** Data key, which tracers authenticate with. A secret. */
    readonly dataKey: pulumi.Output<string>;
    /** Trace explorer of the console. */
    readonly traceExplorerUrl: pulumi.Output<string>;

    constructor(name: string, args: ApmDomainArgs, opts?: pulumi.ComponentResourceOptions) {
        super("oci:ApmDomain", name, opts);
        const domain = new apm.ApmDomain(
            name,
            {
                compartmentId: args.compartmentId,
                displayName: args.displayName ?? name,
                isFreeTier: args.isFreeTier ?? false,
                freeformTags: args.freeformTags,
                definedTags: args.definedTags,
            },
            this.childOptions,
        );
        this.domainId = domain.id;
        this.compartmentId = pulumi.output(args.compartmentId);
        this.uploadHost = applyIfGiven(domain.dataUploadEndpoint, withoutScheme);
        this.dataKey = dataKey(domain.id, args.dataKeyType, { parent: this });
        this.traceExplorerUrl = traceExplorerUrl(args.region, domain.id);
        this.registerOutputs({
            domainId: this.domainId,
            uploadHost: this.uploadHost,
            dataKey: this.dataKey,
            traceExplorerUrl: this.traceExplorerUrl,
        });
    }
}

/** Arguments of `existingApmDomain`. */
export interface ExistingApmDomainArgs {
    /** OCID of the domain. */
    domainId: pulumi.Input<string>;
    /** Region of the domain, such as us-ashburn-1: for the link to the console. */
    region: pulumi.Input<string>;
    /** The key of the domain that tracers use. @default "PRIVATE" */
    dataKeyType?: DataKeyType;
}

/** A domain managed outside this stack: looked up, never changed. */
export function existingApmDomain(args: ExistingApmDomainArgs, opts: pulumi.InvokeOutputOptions = {}): ApmBackend {
    const domainId = pulumi.output(args.domainId);
    const found = apm.getApmDomainOutput({ apmDomainId: domainId }, opts);
    return {
        domainId,
        compartmentId: found.compartmentId,
        uploadHost: applyIfGiven(found.dataUploadEndpoint, withoutScheme),
        dataKey: dataKey(domainId, args.dataKeyType, opts),
        traceExplorerUrl: traceExplorerUrl(args.region, domainId),
    };
}

/** OCI creates a key of each type with the domain. */
function dataKey(
    domainId: pulumi.Input<string>,
    dataKeyType: DataKeyType = "PRIVATE",
    opts: pulumi.InvokeOutputOptions,
): pulumi.Output<string> {
    const { dataKeys } = apm.getDataKeysOutput({ apmDomainId: domainId, dataKeyType }, opts);
    // The provider returns keys as plain text: nothing marks what a lookup answers as a secret.
    return pulumi.secret(
        applyIfGiven(dataKeys, ([key]) => {
            if (key === undefined) {
                throw new pulumi.ResourceError(
                    `The APM domain has no ${dataKeyType.toLowerCase()} data key: make one in the console, under the domain's Resources, Data keys.`,
                    opts.parent,
                    true,
                );
            }
            return key.value;
        }),
    );
}

/** `https://x.apm-agt.us-ashburn-1.oci.oraclecloud.com` and the bare host both become the bare host. */
export function withoutScheme(endpoint: string): string {
    return endpoint.replace(/^https?:\/\//, "").replace(/\/$/, "");
}

function traceExplorerUrl(region: pulumi.Input<string>, domainId: pulumi.Input<string>): pulumi.Output<string> {
    return pulumi.interpolate`https://cloud.oracle.com/apm-traces/trace-explorer?region=${region}&apmDomainId=${domainId}`;
}
