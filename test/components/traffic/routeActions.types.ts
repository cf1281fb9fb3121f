/**
 * What the compiler must refuse. No test runs this: `npm run typecheck` reads it, and an expected error that no longer
 * happens is an error itself.
 */
import type { ROUTE_ACTIONS } from "../../../components/traffic/routeActions";
import type { RouteActions } from "../../../components/traffic/serviceTraffic";
import { routeActions } from "../../../config/schema/routing";
import type { Pinned } from "../../../config/schema/pinned";

type Table = typeof ROUTE_ACTIONS;

// @ts-expect-error retries has no row
export const tableWithoutRow: Table = {} as Omit<Table, "retries">;

// @ts-expect-error the row does not say how the action becomes part of a route
export const rowWithoutRoute: Table["timeout"] = {} as Omit<Table["timeout"], "http">;

// @ts-expect-error retries cannot be set
export const schemaWithoutSetting: Pinned<RouteActions> = {} as Omit<typeof routeActions, "retries">;

export const schemaWithMore = {
    ...routeActions,
    // @ts-expect-error delay is no route action: nothing would come of the setting
    delay: routeActions.timeout,
} satisfies Pinned<RouteActions>;
