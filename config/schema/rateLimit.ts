import { z } from "zod";
import { milliseconds } from "../../components/duration";
import type { RateLimit } from "../../components/traffic/rateLimits/rateLimit";
import { duration } from "./duration";
import { headerName } from "./headers";
import type { Pinned } from "./pinned";

const tokens = z.int().min(1).max(1_000_000_000);

const limit = z
    .strictObject({
        requests: tokens.describe("Requests that are let through in each `per`, in each proxy."),
        per: duration
            // Envoy's own limits.
            .refine((text) => (milliseconds(text) ?? 0) >= 50, "50ms or more")
            .refine((text) => (milliseconds(text) ?? 0) <= 24 * 3_600_000, "24h or less")
            .describe("Time in which `requests` tokens come back, little by little."),
        burst: tokens.optional().describe("Requests at once after a pause. Default: `requests`."),
        each: z
            .enum(["client-address", "token-subject", "header"])
            .optional()
            .describe(
                "A bucket for each address, subject of a valid token, or value of `header`. Default: one for all. Requests without token or header share one.",
            ),
        header: headerName.optional().describe("Header with `each: header`, such as `x-api-key`."),
    } satisfies Pinned<RateLimit>)
    .refine(
        ({ each, header }) => (each === "header") === (header !== undefined),
        "with header where each is header, and only there",
    );

/** Token buckets of one place. */
export const rateLimit = z.array(limit).min(1);
