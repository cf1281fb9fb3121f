import { z } from "zod";
import { SCENARIO_NAMES } from "../../mesh/scenarios";
import { dnsLabel } from "./common";
import { resilience } from "./resilience";
import { matchRule, routeActions } from "./routing";

const serviceTraffic = z.strictObject({
    ...routeActions,
    match: z
        .array(matchRule)
        .optional()
        .describe(
            "Rules for some requests; the first one that matches applies. A rule inherits what it does not set from the service, except `rewrite` and `redirect`.",
        ),
    ...resilience,
});

export const trafficSchema = z
    .strictObject({
        scenario: z
            .enum(SCENARIO_NAMES)
            .optional()
            .describe(
                "A step of the guide: settings of Bookinfo's services. Settings in `traffic.services` override them one by one.",
            ),
        services: z
            .record(dnsLabel, serviceTraffic)
            .default({})
            .describe("Routing of each service, by name: Bookinfo's, a client's, or one of `services`."),
    })
    .prefault({})
    .describe("How requests are routed: docs/traffic.md.");
