import type { MeshService } from "../mesh/meshService";
import { wrongArgument } from "../wrongArgument";
import type { RouteActions, ServiceTraffic } from "./serviceTraffic";

/** Refuses shares and copies for versions that the service does not have, which would be answered with 503. */
export function knownVersions(
    propertyPath: string,
    service: MeshService,
    { match = [], ...own }: ServiceTraffic,
): void {
    checkActions(propertyPath, service, own);
    match.forEach((rule, index) => checkActions(`${propertyPath}.match[${index}]`, service, rule));
}

function checkActions(at: string, { versions }: MeshService, { route, mirror }: RouteActions): void {
    const none = `is none of the service's versions, ${Object.keys(versions).join(", ") || "of which it has none"}`;
    const unknown = Object.keys(route ?? {}).find((version) => !Object.hasOwn(versions, version));
    if (unknown !== undefined) {
        throw wrongArgument(`${at}.route.${unknown}`, none);
    }
    const total = Object.values(route ?? { all: 100 }).reduce((sum, share) => sum + share, 0);
    if (total !== 100) {
        throw wrongArgument(`${at}.route`, `has ${total} percent, must have 100 together`);
    }
    if (mirror && !Object.hasOwn(versions, mirror.to)) {
        throw wrongArgument(`${at}.mirror.to`, `is ${mirror.to}, ${none.slice(3)}`);
    }
}
