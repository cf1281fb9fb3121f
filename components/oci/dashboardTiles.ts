/** A line chart of one metric, on a grid of twelve columns. */
export interface MetricTile {
    title: string;
    /** Metric namespace. */
    namespace: string;
    /** https://docs.oracle.com/en-us/iaas/Content/Monitoring/Reference/mql.htm, with the interval `auto` */
    query: string;
    /** Dimension whose values are a line each. @default one line */
    series?: string;
    row: number;
    column: number;
    width: number;
    height: number;
}

/** OCI's own widget over metrics, which a dashboard can name without bringing a saved search of its own. */
const METRIC_WIDGET = "OOBSS-management-dashboard-123";

/**
 * A tile as OCI's dashboards have it. `$(...)` is filled in by the console: compartment and time are chosen above the tiles.
 * https://docs.oracle.com/en-us/iaas/api/#/en/managementdashboard/20200901/datatypes/ManagementDashboardTileDetails
 */
export function metricTile({ title, namespace, query, series, ...place }: MetricTile) {
    const source = `${namespace}/${title}`;
    const lines = series === undefined ? {} : { series: `dimensions.${series}`, colorBy: `dimensions.${series}` };
    return {
        displayName: title,
        savedSearchId: METRIC_WIDGET,
        ...place,
        uiConfig: {
            internalKey: METRIC_WIDGET,
            defaultDataSource: source,
            chartInfo: {
                enableCorrelation: true,
                group: "aggregatedDatapoints.timestamp",
                value: "aggregatedDatapoints.value",
                ...lines,
            },
            jetConfig: {
                type: "lineWithArea",
                timeAxisType: "enabled",
                stack: "off",
                dataCursor: "on",
                legend: { rendered: series !== undefined, position: "top" },
                styleDefaults: { lineWidth: 2 },
                xAxis: { viewportMin: "$(context.time.start)", viewportMax: "$(context.time.end)" },
                yAxis: {},
            },
        },
        dataConfig: [
            {
                name: source,
                type: "monitoringDataSource",
                parameters: {
                    compartmentId: "$(params.compartmentIdParam)",
                    namespace,
                    mql: query,
                    startTime: "$(params.time.start)",
                    endTime: "$(params.time.end)",
                },
            },
        ],
        parametersMap: {
            compartmentIdParam: "$(dashboard.params.compartmentId)",
            time: "$(dashboard.params.time)",
        },
        ...{ state: "DEFAULT", nls: {}, drilldownConfig: [] },
    };
}
