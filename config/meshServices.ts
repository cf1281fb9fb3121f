import type { MeshService } from "../components/mesh/meshService";
import type { PodSecurity } from "../components/podSecurity";
import { bookinfoMeshServices } from "../components/workloads/bookinfoServices";
import { clientMeshServices, type ClientsArgs } from "../components/workloads/clients";
import { CLIENTS, LEGACY_NAMESPACE, type ClientName } from "../components/workloads/clientWorkloads";
import type { Settings } from "./schema";
import type { ServiceSettings } from "./schema/services";

/** The settings that say which services there are. */
export type ServiceSections = Pick<Settings, "bookinfo" | "gateway" | "clients" | "namespaces" | "services" | "istio">;

/** Every service that routes and policies may name. */
export function meshServices(settings: ServiceSections): MeshService[] {
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

/** The guide's clients as the settings want them; undefined without any. */
export function clientsArgs({ clients, bookinfo, namespaces, istio }: ServiceSections): ClientsArgs | undefined {
    const workloads = (Object.keys(CLIENTS) as ClientName[]).filter((name) => clients[name]);
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
        imagePullSecrets: clients.imagePullSecrets,
        istioVersion: istio.version,
        podSecurity: podSecurity({ istio }),
    };
}

/** Namespaces whose pods have sidecars. */
export function meshNamespaces(settings: ServiceSections): string[] {
    const { bookinfo, namespaces } = settings;
    const clients = clientsArgs(settings);
    const all = [
        ...(bookinfo.enabled ? [bookinfo.namespace] : []),
        ...Object.keys(namespaces),
        ...(clients && clients.workloads.length > 0 ? [clients.namespace] : []),
    ];
    return [...new Set(all)];
}

/** Without istio-cni every pod has a container that may configure the network, which the standards forbid. */
export function podSecurity({ istio }: Pick<Settings, "istio">): PodSecurity | undefined {
    return istio.cni.enabled ? "restricted" : undefined;
}
