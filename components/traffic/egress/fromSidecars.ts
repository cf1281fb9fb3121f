import type { HTTPRoute, VirtualServiceSpec } from "../../istio/api";
import { retriesOf } from "../routeActions";
import { speaksHttp, type ResolvedExternalService } from "./externalService";

/** Timeout and retries of a host; undefined where there is nothing to say. Guide: "Controlling Access to External Services", step 7. */
export function externalRoutes(service: ResolvedExternalService, host: string): VirtualServiceSpec | undefined {
    if (service.timeout === undefined && service.retries === undefined) {
        return undefined;
    }
    const ports = service.ports.filter(speaksHttp);
    const http = ports.map(({ port }) => ({
        ...(ports.length > 1 && { match: [{ port }] }),
        route: [{ destination: { host, ...(service.ports.length > 1 && { port: { number: port } }) } }],
        ...limits(service),
    }));
    return { hosts: [host], http };
}

/** What a route of an external host says besides where it leads. */
export function limits({ timeout, retries }: ResolvedExternalService): Pick<HTTPRoute, "timeout" | "retries"> {
    return { ...(timeout !== undefined && { timeout }), ...(retries && { retries: retriesOf(retries) }) };
}
