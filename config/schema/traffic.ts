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
            "Requests that are treated differently: the first rule that fits, in this order. What a rule does not say, it takes from the service, but for `rewrite` and `redirect`.",
        ),
    ...resilience,
});

export const trafficSchema = z
    .strictObject({
        scenario: z
            .enum(SCENARIO_NAMES)
            .optional()
            .describe(
                "A step of the guide: settings for Bookinfo's services, which those beside it override one by one.",
            ),
        services: z
            .record(dnsLabel, serviceTraffic)
            .default({})
            .describe(
                "How requests to a service are treated, by its name: Bookinfo's, a client's, or one of `services`.",
            ),
    })
    .prefault({})
    .describe("How requests are routed: docs/traffic.md.");
