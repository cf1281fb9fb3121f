/** What the compiler must refuse; see test/components/traffic/routeActions.types.ts. */
import type { ADDONS } from "../../../components/addons/catalogue";

type Table = typeof ADDONS;

// @ts-expect-error zipkin has no row
export const tableWithoutRow: Table = {} as Omit<Table, "zipkin">;

// @ts-expect-error the row does not say how to install it
export const rowWithoutInstallation: Table["zipkin"] = {} as Omit<Table["zipkin"], "install">;
