import * as apmconfig from "@pulumi/oci/apmconfig";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import type { Tags } from "./tags";

/** Arguments of `ApmMetrics`. */
export interface ApmMetricsArgs {
    /** OCID of the APM domain. */
    domainId: pulumi.Input<string>;
    /** Start of the names shown in the console. @default the component's name */
    displayName?: string;
    /**
     * Which spans count, as a condition on their attributes. @default those of requests that a service received
     * https://docs.oracle.com/en-us/iaas/application-performance-monitoring/doc/application-performance-monitoring-administration.html
     */
    spanFilter?: string;
    /** Free-form tags. @default none */
    freeformTags?: Tags;
    /** Defined tags, `Namespace.Key: value`. @default none */
    definedTags?: Tags;
}

/**
 * Publishes duration and errors of spans to OCI Monitoring, which a domain does not do by default.
 * https://docs.oracle.com/en-us/iaas/application-performance-monitoring/doc/configure-metric-groups.html
 *
 * @example
 * ```ts
 * new ApmMetrics("apm-metrics", { domainId: apm.domainId });
 * ```
 */
export class ApmMetrics extends Component {
    constructor(name: string, args: ApmMetricsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("oci:ApmMetrics", name, opts);
        const { freeformTags, definedTags } = args;
        const displayName = args.displayName ?? name;
        const common = { apmDomainId: args.domainId, freeformTags, definedTags };
        const inDomain = { ...this.childOptions, replaceOnChanges: IN_DOMAIN };
        const filter = new apmconfig.Config(
            `${name}-spans`,
            {
                ...common,
                configType: "SPAN_FILTER",
                displayName: `${displayName}-spans`,
                filterText: args.spanFilter ?? "kind = 'SERVER'",
            },
            inDomain,
        );
        new apmconfig.Config(
            `${name}-metrics`,
            {
                ...common,
                configType: "METRIC_GROUP",
                displayName: `${displayName}-metrics`,
                filterId: filter.id.apply(ocidIn),
                namespace: SPAN_METRICS,
                metrics: [{ name: "SpanDuration" }, { name: "SpanErrorCount" }],
            },
            inDomain,
        );
        this.registerOutputs({});
    }
}

/**
 * `replaceOnChanges` of resources in an APM domain. The provider treats another domain as an update, of something that
 * the other domain does not have (404). Names repeat in another domain, so the new one can come first.
 */
export const IN_DOMAIN = ["apmDomainId"];

/** Metric namespace of what spans say. */
export const SPAN_METRICS = "oracle_apm_monitoring";

/**
 * The OCID in the id of an APM resource: the provider makes `configs/<OCID>/apmDomainId/<OCID of the domain>` of it, and
 * OCI itself knows nothing of that form.
 * https://github.com/oracle/terraform-provider-oci/blob/master/internal/service/apm_config/apm_config_config_resource.go
 */
export function ocidIn(id: string): string {
    const [, ocid] = /^(?:configs|monitors)\/([^/]+)\/apmDomainId\//.exec(id) ?? [];
    return ocid === undefined ? id : decodeURIComponent(ocid);
}
