import * as pulumi from "@pulumi/pulumi";
import type { ProxyBootstrap } from "../components/istio/tracing/bootstrap";
import { EnrolledNamespaces } from "../components/mesh/enrolledNamespaces";
import type { MeshService } from "../components/mesh/meshService";
import { Bookinfo } from "../components/workloads/bookinfo";
import { bookinfoMeshServices } from "../components/workloads/bookinfoServices";
import { clientMeshServices, Clients, type ClientsArgs } from "../components/workloads/clients";
import { CLIENTS, LEGACY_NAMESPACE, type ClientName } from "../components/workloads/clientWorkloads";
import type { PodSecurity } from "../components/podSecurity";
import type { Settings } from "../config/schema";
import type { ServiceSettings } from "../config/schema/services";

/** Who is in the mesh. */
export interface Workloads {
    services: MeshService[];
    /** Their namespaces: what routes and policies in them wait for. */
    namespaces: pulumi.Resource[];
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
    const proxies = { istioVersion: istio.version, proxyBootstrap, podSecurity: podSecurity(settings) };
    const application = bookinfo.enabled ? new Bookinfo("bookinfo", { ...bookinfo, ...proxies }, onMesh) : undefined;
    const enrolled =
        Object.keys(namespaces).length > 0 ? new EnrolledNamespaces("namespaces", { namespaces }, onMesh) : undefined;
    const before = [...(application ? [application.namespaceResource] : []), ...(enrolled?.namespaces ?? [])];
    const wanted = clientsArgs(settings);
    const clients = wanted && new Clients("clients", wanted, pulumi.mergeOptions(onMesh, { dependsOn: before }));
    const running = [application, enrolled, clients].filter((component) => component !== undefined);
    return {
        services: meshServices(settings),
        namespaces: [...before, ...(clients?.namespaces ?? [])],
        onSidecars: pulumi.mergeOptions(onMesh, { dependsOn: running }),
    };
}

/** Every service that routes and policies may name. */
export function meshServices(settings: Settings): MeshService[] {
    const { bookinfo, gateway, services } = settings;
    const clients = clientsArgs(settings);
    return [
        ...(bookinfo.enabled ? bookinfoMeshServices(bookinfo.namespace, gateway.hosts) : []),
        ...(clients ? clientMeshServices(clients) : []),
        ...Object.entries(services).map(([name, service]) => userService(name, service)),
    ];
}

function userService(
    name: string,
    { expose, host = name, selector = { app: host }, ...rest }: ServiceSettings,
): MeshService {
    return { ...rest, name, host, selector, ...(expose && { exposure: expose }) };
}

/** Namespaces whose pods have sidecars. */
export function meshNamespaces(settings: Settings): string[] {
    const { bookinfo, namespaces } = settings;
    const clients = clientsArgs(settings);
    const all = [
        ...(bookinfo.enabled ? [bookinfo.namespace] : []),
        ...Object.keys(namespaces),
        ...(clients && clients.workloads.length > 0 ? [clients.namespace] : []),
    ];
    return [...new Set(all)];
}

function clientsArgs({ clients, bookinfo, namespaces, istio }: Settings): ClientsArgs | undefined {
    const workloads = (Object.keys(CLIENTS) as ClientName[]).filter((name) => clients[name]);
    if (workloads.length === 0 && !clients.legacy) {
        return undefined;
    }
    const namespace = clients.namespace ?? (bookinfo.enabled ? bookinfo.namespace : "clients");
    const belongsToBookinfo = bookinfo.enabled && namespace === bookinfo.namespace;
    return {
        workloads,
        namespace,
        ownsNamespace: workloads.length > 0 && !belongsToBookinfo && !(namespace in namespaces),
        legacyNamespace: clients.legacy ? LEGACY_NAMESPACE : undefined,
        imagePullSecrets: clients.imagePullSecrets,
        istioVersion: istio.version,
        podSecurity: podSecurity({ istio }),
    };
}

/** Without istio-cni every pod has a container that may configure the network, which the standards forbid. */
function podSecurity({ istio }: Pick<Settings, "istio">): PodSecurity | undefined {
    return istio.cni.enabled ? "restricted" : undefined;
}
