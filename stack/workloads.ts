import * as pulumi from "@pulumi/pulumi";
import type { ProxyBootstrap } from "../components/istio/tracing/bootstrap";
import { EnrolledNamespaces } from "../components/mesh/enrolledNamespaces";
import type { MeshService } from "../components/mesh/meshService";
import { Bookinfo } from "../components/workloads/bookinfo";
import { bookinfoMeshServices } from "../components/workloads/bookinfoServices";
import { Clients, clientMeshServices } from "../components/workloads/clients";
import { clientsArgs, meshServices, podSecurity } from "../config/meshServices";
import type { Settings } from "../config/schema";
import { bypassAnnotations } from "./egress";

/** Who is in the mesh. */
export interface Workloads {
    services: MeshService[];
    /** Their namespaces: what routes and policies in them wait for. */
    namespaces: pulumi.Resource[];
    /** The pods behind a service, as far as they are deployed here: what opens the service waits for them. */
    answering: (service: MeshService) => pulumi.Resource[];
    /** Options for what must not come before all of their pods run with their sidecars. */
    onSidecars: pulumi.ComponentResourceOptions;
}

/** Bookinfo, the guide's clients and the user's own services, each if the settings ask for it. */
export function provideWorkloads(
    settings: Settings,
    proxyBootstrap: ProxyBootstrap | undefined,
    onMesh: pulumi.ComponentResourceOptions,
): Workloads {
    const { bookinfo, istio, namespaces } = settings;
    const podAnnotations = bypassAnnotations(settings);
    const proxies = { istioVersion: istio.version, proxyBootstrap, podAnnotations, podSecurity: podSecurity(settings) };
    const application = bookinfo.enabled ? new Bookinfo("bookinfo", { ...bookinfo, ...proxies }, onMesh) : undefined;
    const enrolled =
        Object.keys(namespaces).length > 0 ? new EnrolledNamespaces("namespaces", { namespaces }, onMesh) : undefined;
    const before = [...(application ? [application.namespaceResource] : []), ...(enrolled?.namespaces ?? [])];
    const wanted = clientsArgs(settings);
    const clients =
        wanted &&
        new Clients("clients", { ...wanted, podAnnotations }, pulumi.mergeOptions(onMesh, { dependsOn: before }));
    const deployed = [
        { by: application, services: bookinfoMeshServices(bookinfo.namespace, []) },
        { by: clients, services: wanted ? clientMeshServices(wanted) : [] },
    ];
    const isSame = (one: MeshService) => (other: MeshService) =>
        one.host === other.host && one.namespace === other.namespace;
    const running = [application, enrolled, clients].filter((component) => component !== undefined);
    return {
        services: meshServices(settings),
        namespaces: [...before, ...(clients?.namespaces ?? [])],
        answering: (service) =>
            deployed.flatMap(({ by, services }) => (by && services.some(isSame(service)) ? [by] : [])),
        onSidecars: pulumi.mergeOptions(onMesh, { dependsOn: running }),
    };
}
