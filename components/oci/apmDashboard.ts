import { createHash } from "node:crypto";
import * as managementdashboard from "@pulumi/oci/managementdashboard";
import * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import { SPAN_METRICS } from "./apmMetrics";
import { MONITOR_METRICS } from "./apmMonitor";
import { metricTile, type MetricTile } from "./dashboardTiles";

/** Arguments of an `ApmDashboard`. */
export interface ApmDashboardArgs {
    /** OCID of the compartment whose metrics are shown, that of the APM domain; the dashboard is created there. */
    compartmentId: pulumi.Input<string>;
    /** Name of the dashboard; one of the same name in the compartment is overwritten. @default the component's name */
    displayName?: string;
    /** Also show what an `ApmMonitor` finds. @default false */
    monitored?: boolean;
}

/**
 * A dashboard of the console with what `ApmMetrics` publishes. Guide: "Zipkin App Dashboard" builds it by hand.
 *
 * OCI creates dashboards by import, and the provider has no update: a change of the tiles imports the dashboard
 * again, over the one of its name and id, and a deletion leaves it. It has no tags: each change of one would import it again.
 * https://github.com/oracle/terraform-provider-oci/blob/master/internal/service/management_dashboard/management_dashboard_management_dashboards_import_resource.go
 *
 * @example
 * ```ts
 * new ApmDashboard("mesh", { compartmentId: apm.compartmentId });
 * ```
 */
export class ApmDashboard extends Component {
    constructor(name: string, args: ApmDashboardArgs, opts?: pulumi.ComponentResourceOptions) {
        super("oci:ApmDashboard", name, opts);
        const { compartmentId, displayName = name, monitored = false } = args;
        new managementdashboard.ManagementDashboardsImport(
            name,
            {
                importDetails: pulumi
                    .output(compartmentId)
                    .apply((compartment) =>
                        JSON.stringify({ dashboards: [dashboard(compartment, displayName, tilesOf(monitored))] }),
                    ),
                overrideSameName: "true",
            },
            this.childOptions,
        );
        this.registerOutputs({});
    }
}

/**
 * Duration and errors of the spans that services answer, and what the monitor sees from outside. `grouping()` makes one line
 * of all services, whose dimension's name is documented nowhere.
 */
function tilesOf(monitored: boolean): MetricTile[] {
    const half = { width: 6, height: 3 };
    const spans = { namespace: SPAN_METRICS, ...half };
    const runs = { namespace: MONITOR_METRICS, series: "MonitorName", ...half };
    return [
        { title: "Response time, mean", query: "SpanDuration[auto].grouping().mean()", row: 0, column: 0, ...spans },
        {
            title: "Response time, 95th percentile",
            query: "SpanDuration[auto].grouping().percentile(0.95)",
            row: 0,
            column: 6,
            ...spans,
        },
        {
            title: "Share of failed spans",
            query: "SpanErrorCount[auto].grouping().mean()",
            row: 3,
            column: 0,
            ...spans,
        },
        { title: "Failed spans", query: "SpanErrorCount[auto].grouping().sum()", row: 3, column: 6, ...spans },
        ...(monitored
            ? [
                  {
                      title: "Availability from outside",
                      query: "Availability[auto].groupBy(MonitorName).mean()",
                      row: 6,
                      column: 0,
                      ...runs,
                  },
                  {
                      title: "Time from outside (ms)",
                      query: "MonitorExecutionTime[auto].groupBy(MonitorName).mean()",
                      row: 6,
                      column: 6,
                      ...runs,
                  },
              ]
            : []),
    ];
}

/**
 * What OCI's import requires of a dashboard besides its tiles; the values are those of a dashboard that Oracle publishes.
 * https://docs.oracle.com/en-us/iaas/api/#/en/managementdashboard/20200901/datatypes/ManagementDashboardForImportExportDetails
 * https://github.com/oracle-quickstart/oci-kubernetes-monitoring/blob/main/charts/mgmt-agent/resources/mgmtagent_kubernetes_dashboard.json
 */
function dashboard(compartmentId: string, displayName: string, tiles: MetricTile[]) {
    return {
        dashboardId: dashboardId(compartmentId, displayName),
        ...{ displayName, compartmentId },
        description: "Spans of the mesh, and the page seen from outside. Made by Pulumi.",
        // The service that dashboards over metrics are listed under in that example.
        ...{ providerId: "log-analytics", providerName: "Logging Analytics", providerVersion: "3.0.0" },
        tiles: tiles.map(metricTile),
        ...{ isOobDashboard: false, isShowInHome: false, isShowDescription: true, isFavorite: false },
        ...{ metadataVersion: "2.0", type: "normal", screenImage: " ", nls: {} },
        uiConfig: { isFilteringEnabled: false, isRefreshEnabled: true, isTimeRangeEnabled: true },
        ...{ dataConfig: [], savedSearches: [], drilldownConfig: [] },
        parametersConfig: [
            {
                name: "compartmentId",
                displayName: "Compartment",
                localStorageKey: "compartmentId",
                parametersMap: { isActiveCompartment: "true", isStoreInLocalStorage: false },
                savedSearchId: "OOBSS-management-dashboard-compartment-filter",
                state: "DEFAULT",
            },
            { name: "time", src: "$(context.time)" },
        ],
    };
}

/**
 * OCI calls the id mandatory and never saw this one: shaped like an OCID, the same at every import, and another one for
 * each dashboard of a tenancy.
 */
function dashboardId(compartmentId: string, displayName: string): string {
    const [, , realm = "oc1"] = compartmentId.split(".");
    const unique = createHash("sha256").update(`${compartmentId} ${displayName}`).digest("hex").slice(0, 60);
    return `ocid1.managementdashboard.${realm}..${unique}`;
}
