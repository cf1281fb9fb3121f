import { strict as assert } from "node:assert";
import { ApmDashboard, type ApmDashboardArgs } from "../../../components/oci/apmDashboard";
import { at } from "../../../plan/model";
import { one } from "../../../plan/query";
import { record } from "../../../plan/record/record";

const COMPARTMENT = "ocid1.compartment.oc1..a";

/** What OCI's API calls mandatory, by its SDK's models `ManagementDashboardForImportExportDetails` and `...TileDetails`. */
const MANDATORY = {
    dashboard: [
        ...[
            "dashboardId",
            "providerId",
            "providerName",
            "providerVersion",
            "tiles",
            "displayName",
            "description",
            "compartmentId",
        ],
        ...["isOobDashboard", "isShowInHome", "metadataVersion", "isShowDescription", "screenImage", "nls", "uiConfig"],
        ...["dataConfig", "type", "isFavorite", "savedSearches"],
    ],
    tile: [
        ...["displayName", "savedSearchId", "row", "column", "height", "width", "nls", "uiConfig", "dataConfig"],
        ...["state", "drilldownConfig"],
    ],
};

interface Tile {
    displayName: string;
    row: number;
    column: number;
    height: number;
    width: number;
    dataConfig: { name: string; parameters: { namespace: string; mql: string } }[];
    uiConfig: { defaultDataSource: string };
}

async function imported(changes: Partial<ApmDashboardArgs> = {}) {
    const plan = await record({}, () => void new ApmDashboard("apm", { compartmentId: COMPARTMENT, ...changes }));
    const { importDetails, ...rest } = one(plan, "ManagementDashboardsImport").inputs;
    const { dashboards } = JSON.parse(importDetails as string) as { dashboards: Record<string, unknown>[] };
    assert.equal(dashboards.length, 1);
    const dashboard = dashboards[0]!;
    return { rest, dashboard, tiles: dashboard.tiles as Tile[] };
}

describe("ApmDashboard", () => {
    it("overwrites the dashboard of its name, so that a change creates no second one", async () => {
        const { rest, dashboard } = await imported({ displayName: "shop" });
        assert.deepEqual(rest, { overrideSameName: "true" });
        assert.deepEqual([dashboard.displayName, dashboard.compartmentId], ["shop", COMPARTMENT]);
    });

    it("has everything that OCI's import asks for", async () => {
        const { dashboard, tiles } = await imported({ monitored: true });
        const missing = (of: object, names: string[]) => names.filter((name) => at(of, name) === undefined);
        assert.deepEqual(missing(dashboard, MANDATORY.dashboard), []);
        assert.deepEqual(
            tiles.flatMap((tile) => missing(tile, MANDATORY.tile)),
            [],
        );
    });

    it("shows duration and errors of spans, from the compartment that is chosen above", async () => {
        const { tiles } = await imported();
        const shown = tiles.map(({ dataConfig: [source] }) => [source?.parameters.namespace, source?.parameters.mql]);
        assert.deepEqual(shown, [
            ["oracle_apm_monitoring", "SpanDuration[auto].grouping().mean()"],
            ["oracle_apm_monitoring", "SpanDuration[auto].grouping().percentile(0.95)"],
            ["oracle_apm_monitoring", "SpanErrorCount[auto].grouping().mean()"],
            ["oracle_apm_monitoring", "SpanErrorCount[auto].grouping().sum()"],
        ]);
        for (const { dataConfig, uiConfig } of tiles) {
            assert.equal(uiConfig.defaultDataSource, dataConfig[0]?.name);
            assert.equal(at(dataConfig, 0, "parameters", "compartmentId"), "$(params.compartmentIdParam)");
        }
    });

    it("shows what a monitor finds only if there is one", async () => {
        const { tiles } = await imported({ monitored: true });
        const runs = tiles.flatMap(({ dataConfig }) => dataConfig.map(({ parameters }) => parameters));
        assert.deepEqual(
            runs.filter(({ namespace }) => namespace === "oracle_apm_synthetics").map(({ mql }) => mql),
            [
                "Availability[auto].groupBy(MonitorName).mean()",
                "MonitorExecutionTime[auto].groupBy(MonitorName).mean()",
            ],
        );
    });

    it("places no tile over another or over the edge", async () => {
        const { tiles } = await imported({ monitored: true });
        const cells = tiles.flatMap(({ row, column, height, width }) =>
            Array.from({ length: height * width }, (_, cell) => [
                row + Math.floor(cell / width),
                column + (cell % width),
            ]),
        );
        assert.equal(new Set(cells.map(String)).size, cells.length);
        assert.ok(cells.every(([, column]) => column! < 12));
    });

    // Mandatory for OCI, which would be sent null: `dashboardId *string mandatory:"true"` in its Go SDK.
    it("has an id like an OCID, which is stable and unique", async () => {
        const idOf = async (changes: Partial<ApmDashboardArgs> = {}) =>
            (await imported(changes)).dashboard.dashboardId as string;
        const id = await idOf({ displayName: "shop" });
        assert.match(id, /^ocid1\.managementdashboard\.oc1\.\.[a-z0-9]{60}$/);
        assert.equal(await idOf({ displayName: "shop", monitored: true }), id);
        assert.notEqual(await idOf({ displayName: "other" }), id);
        assert.notEqual(await idOf({ displayName: "shop", compartmentId: "ocid1.compartment.oc1..b" }), id);
        assert.match(
            await idOf({ compartmentId: "ocid1.compartment.oc19..b" }),
            /^ocid1\.managementdashboard\.oc19\.\./,
        );
    });
});
