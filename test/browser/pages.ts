import type { Plan, Resource } from "../../plan/model";
import { one } from "../../plan/query";
import { against } from "../../plan/report/against";
import { renderHtml } from "../../plan/report/html/page";
import { judge } from "../../policies/judge";
import { recorded } from "../support/recorded";

/** A name that is markup, a Mermaid statement and a script at once. */
export const HOSTILE = `x"]; click n0 <img src=x onerror=alert(1)><script>alert(2)</script>`;

const local = (override: object = {}) => recorded({ stack: "local", override: override as Record<string, unknown> });

const faultAndMirror = {
    traffic: {
        scenario: "delay-fault",
        services: { reviews: { route: { v1: 80, v3: 20 }, mirror: { to: "v2", percent: 50 } } },
    },
};

/** The pages that are opened, by name. */
export const PAGES: Record<string, () => Promise<string>> = {
    dev: async () => page(await recorded({ stack: "dev" })),
    prod: async () => page(await recorded({ stack: "prod" })),
    local: async () => page(await local()),
    "a fault and a mirror": async () => page(await local(faultAndMirror)),
    "a difference": async () => page(await local(faultAndMirror), await local({ traffic: { scenario: "all-v1" } })),
    "another network": async () =>
        page(
            await recorded({ stack: "dev", override: { cluster: { endpoint: { public: false } } } }),
            await recorded({ stack: "dev" }),
        ),
    "hostile names": async () => page(withHostileNames(await local())),
};

function page(plan: Plan, earlier?: Plan): string {
    const verdict = judge(plan.resources, { level: "dev", exceptions: [] });
    return renderHtml(plan, { against: earlier && against(earlier, plan, "before.json"), verdict });
}

function withHostileNames(plan: Plan): Plan {
    const service = one(plan, "Service", "bookinfo-details");
    const hostile: Resource = {
        ...service,
        urn: `${service.urn}-${HOSTILE}`,
        name: HOSTILE,
        inputs: { ...service.inputs, metadata: { name: HOSTILE, namespace: "bookinfo" } },
    };
    return { ...plan, resources: [...plan.resources, hostile], warnings: [HOSTILE] };
}
