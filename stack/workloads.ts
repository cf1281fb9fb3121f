import * as pulumi from "@pulumi/pulumi";
import type { ProxyBootstrap } from "../components/istio/tracing/bootstrap";
import { EnrolledNamespaces } from "../components/mesh/enrolledNamespaces";
import type { MeshService } from "../components/mesh/meshService";
import { Bookinfo } from "../components/workloads/bookinfo";
import { Clients } from "../components/workloads/clients";
import { clientsArgs, meshServices } from "../config/meshServices";
import type { Settings } from "../config/schema";
import { bypassAnnotations } from "./egress";

/** Who is in the mesh. */
export interface Workloads {
    services: MeshService[];
    /** Their namespaces: what routes and policies in them wait for. */
    namespaces: pulumi.Resource[];
}

/** Bookinfo, the guide's clients and the user's own services, each if the settings ask for it. */
export function provideWorkloads(
    settings: Settings,
    proxyBootstrap: ProxyBootstrap | undefined,
    onMesh: pulumi.ComponentResourceOptions,
): Workloads {
    const { bookinfo, istio, namespaces } = settings;
    const podAnnotations = bypassAnnotations(settings);
    const proxies = { istioVersion: istio.version, proxyBootstrap, podAnnotations };
    const application = bookinfo.enabled ? new Bookinfo("bookinfo", { ...bookinfo, ...proxies }, onMesh) : undefined;
    const enrolled =
        Object.keys(namespaces).length > 0 ? new EnrolledNamespaces("namespaces", { namespaces }, onMesh) : undefined;
    const before = [...(application ? [application.namespaceResource] : []), ...(enrolled?.namespaces ?? [])];
    const wanted = clientsArgs(settings);
    const clients =
        wanted &&
        new Clients("clients", { ...wanted, podAnnotations }, pulumi.mergeOptions(onMesh, { dependsOn: before }));
    return {
        services: meshServices(settings),
        namespaces: [...before, ...(clients?.namespaces ?? [])],
    };
}
