import type { MeshService } from "../components/mesh/meshService";
import { bookinfoMeshServices } from "../components/workloads/bookinfoServices";
import { clientMeshServices, type ClientsArgs } from "../components/workloads/clients";
import { CLIENT_NAMES, LEGACY_NAMESPACE } from "../components/workloads/clientWorkloads";
import type { Settings } from "../config/schema";
import type { ServiceSettings } from "../config/schema/services";

/** A service of the mesh. */
export interface Service extends MeshService {
    /** The section of the settings that it comes from. */
    from: "bookinfo" | "clients" | "services";
}

/** The guide's clients, as far as settings decide where they run. */
export type ClientsPlace = Pick<ClientsArgs, "namespace" | "ownsNamespace" | "legacyNamespace"> &
    Required<Pick<ClientsArgs, "workloads">>;

/** Every service that routes and policies may name. */
export function servicesOf(
    { bookinfo, gateway, services }: Pick<Settings, "bookinfo" | "gateway" | "services">,
    clients: ClientsPlace | undefined,
): Service[] {
    const bookinfos = bookinfo.enabled ? bookinfoMeshServices(bookinfo.namespace, gateway.hosts) : [];
    const ofClients = clients ? clientMeshServices(clients) : [];
    return [
        ...bookinfos.map((service) => ({ ...service, from: "bookinfo" as const })),
        ...ofClients.map((service) => ({ ...service, from: "clients" as const })),
        ...Object.entries(services).map(([name, service]) => ownService(name, service)),
    ];
}

function ownService(
    name: string,
    { expose, host = name, selector = { app: host }, ...rest }: ServiceSettings,
): Service {
    return { ...rest, name, host, selector, ...(expose && { exposure: expose }), from: "services" };
}

/** Where the guide's clients run; undefined without any. */
export function clientsOf({
    clients,
    bookinfo,
    namespaces,
}: Pick<Settings, "clients" | "bookinfo" | "namespaces">): ClientsPlace | undefined {
    const workloads = CLIENT_NAMES.filter((name) => clients[name]);
    if (workloads.length === 0 && !clients.legacy) {
        return undefined;
    }
    const namespace = clients.namespace ?? (bookinfo.enabled ? bookinfo.namespace : "clients");
    const belongsToBookinfo = bookinfo.enabled && namespace === bookinfo.namespace;
    return {
        workloads,
        namespace,
        ownsNamespace: workloads.length > 0 && !belongsToBookinfo && !Object.hasOwn(namespaces, namespace),
        legacyNamespace: clients.legacy ? LEGACY_NAMESPACE : undefined,
    };
}
