import type * as pulumi from "@pulumi/pulumi";
import { entryOf } from "../components/entry";
import { limitsOf, RateLimits } from "../components/traffic/rateLimits/rateLimits";
import type { Settings } from "../config/schema";
import type { Mesh } from "../mesh/mesh";

/** The rate limits that the settings ask for, if they ask for any. */
export function limitRates(
    { gateway }: Settings,
    { services, traffic }: Mesh,
    namespace: pulumi.Input<string>,
    opts: pulumi.ComponentResourceOptions,
): void {
    const limited = services
        .map((service) => ({ service, traffic: entryOf(traffic, service.name) ?? {} }))
        .filter((each) => limitsOf(each.traffic).length > 0);
    if (limited.length > 0 || gateway.rateLimit) {
        const atGateway = gateway.rateLimit && { namespace, limits: gateway.rateLimit };
        new RateLimits("rate-limits", { services: limited, gateway: atGateway }, opts);
    }
}
