import type { Resources } from "../../components/resources";
import { dotted, setCommand, type Problem } from "../problems";
import { thousandths } from "../schema/quantity";
import type { Settings } from "../schema";
import type { Rule } from "./rule";

interface Place {
    key: string;
    resources: Resources | undefined;
    /** What the chart has where the settings say nothing: Helm lays the one over the other. */
    chart: Resources;
}

const PROXY: Resources = { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "2", memory: "1Gi" } };
const ISTIOD: Resources = { requests: { cpu: "500m", memory: "2048Mi" } };
const KIALI: Resources = { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "1Gi" } };

function places({ istio, gateway, egress, addons }: Partial<Settings>): Place[] {
    const enabled = Object.entries(addons ?? {}).filter(([, addon]) => addon.enabled);
    return [
        { key: "istio.resources", resources: istio?.resources, chart: ISTIOD },
        { key: "istio.proxyResources", resources: istio?.proxyResources, chart: PROXY },
        { key: "gateway.resources", resources: gateway?.resources, chart: PROXY },
        { key: "egress.gateway.resources", resources: egress?.gateway.resources, chart: PROXY },
        ...enabled.map(([name, { resources }]) => ({
            key: dotted(["addons", name, "resources"]),
            resources,
            chart: name === "kiali" ? KIALI : {},
        })),
    ];
}

/** Kubernetes refuses the pods of a Deployment whose limits are below its requests, long after the Deployment was accepted. */
const limitsHoldRequests: Rule = (settings) =>
    places(settings).flatMap(({ key, resources, chart }) =>
        (["cpu", "memory"] as const).flatMap((kind): Problem[] => {
            const request = resources?.requests?.[kind] ?? chart.requests?.[kind];
            const limit = resources?.limits?.[kind] ?? chart.limits?.[kind];
            const below = (thousandths(limit ?? "") ?? 0n) < (thousandths(request ?? "") ?? 0n);
            if (!resources || request === undefined || limit === undefined || !below) {
                return [];
            }
            // What the chart has is changed by saying it here.
            const own = resources.limits?.[kind] !== undefined;
            const at = own ? `${key}.limits.${kind}` : `${key}.requests.${kind}`;
            const ofChart = (is: boolean) => (is ? " of the chart" : "");
            const message = own
                ? `is ${limit}, below the request${ofChart(resources.requests?.[kind] === undefined)}, ${request}`
                : `is ${request}, above the limit of the chart, ${limit}`;
            const fix = own
                ? resources.requests?.[kind] === undefined
                    ? setCommand(`${key}.requests.${kind}`, limit)
                    : setCommand(at, request)
                : setCommand(`${key}.limits.${kind}`, request);
            return [{ key: at, message, fix: [fix] }];
        }),
    );

export const resourceRules = [limitsHoldRequests];
