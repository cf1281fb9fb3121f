import * as apmsynthetics from "@pulumi/oci/apmsynthetics";
import * as pulumi from "@pulumi/pulumi";
import { IN_DOMAIN, ocidIn } from "./apmMetrics";
import { Component } from "../component";
import type { Tags } from "./tags";
import { wrongArgument } from "../wrongArgument";

/** Arguments of an `ApmMonitor`. */
export interface ApmMonitorArgs {
    /** OCID of the APM domain. */
    domainId: pulumi.Input<string>;
    /** URL to probe, which must be reachable from the internet. */
    target: pulumi.Input<string>;
    /** Name shown in the console. @default the component's name */
    displayName?: pulumi.Input<string>;
    /** Region whose public vantage point runs the probe, such as us-ashburn-1. */
    region: pulumi.Input<string>;
    /** Seconds between two probes, 60 at least. @default 360: the 10 an hour that an Always Free domain allows */
    intervalSeconds?: number;
    /** Whether certificates must be valid. @default true */
    validateCertificate?: boolean;
    /** Free-form tags. @default none */
    freeformTags?: Tags;
    /** Defined tags, `Namespace.Key: value`. @default none */
    definedTags?: Tags;
}

/**
 * Probes a page from outside at an interval: whether it returns 200, and how long that takes.
 * https://docs.oracle.com/en-us/iaas/application-performance-monitoring/doc/create-monitor.html
 *
 * @example
 * ```ts
 * const monitor = new ApmMonitor("shop", {
 *     domainId: apm.domainId,
 *     target: "https://shop.example.com/",
 *     region: "us-ashburn-1",
 * });
 * ```
 */
export class ApmMonitor extends Component {
    /** OCID of the monitor, the dimension `MonitorId` of its metrics. */
    readonly monitorId: pulumi.Output<string>;

    constructor(name: string, args: ApmMonitorArgs, opts?: pulumi.ComponentResourceOptions) {
        super("oci:ApmMonitor", name, opts);
        const interval = args.intervalSeconds ?? 360;
        if (interval < 60) {
            throw wrongArgument("intervalSeconds", `is ${interval}, must be 60 at least`);
        }
        const monitor = new apmsynthetics.Config(
            name,
            {
                apmDomainId: args.domainId,
                displayName: args.displayName ?? name,
                monitorType: "REST",
                target: args.target,
                repeatIntervalInSeconds: interval,
                // With a retry a run may take 30 % of the interval, no more.
                timeoutInSeconds: Math.min(60, Math.floor(0.3 * interval)),
                status: "ENABLED",
                vantagePoints: [{ name: pulumi.interpolate`OraclePublic-${args.region}` }],
                configuration: {
                    configType: "REST_CONFIG",
                    requestMethod: "GET",
                    verifyResponseCodes: ["200"],
                    isRedirectionEnabled: true,
                    isFailureRetried: true,
                    isCertificateValidationEnabled: args.validateCertificate ?? true,
                },
                freeformTags: args.freeformTags,
                definedTags: args.definedTags,
            },
            { ...this.childOptions, replaceOnChanges: IN_DOMAIN },
        );
        this.monitorId = monitor.id.apply(ocidIn);
        this.registerOutputs({ monitorId: this.monitorId });
    }
}

/** Metric namespace of what monitors find. */
export const MONITOR_METRICS = "oracle_apm_synthetics";
