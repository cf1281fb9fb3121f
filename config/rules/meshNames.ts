import { CLIENTS, type ClientName } from "../../components/workloads/clientWorkloads";
import { BOOKINFO_SERVICES } from "../../components/workloads/bookinfoServices";
import { nearest } from "../nearest";
import { removeCommand, setCommand, type Problem } from "../problems";
import type { Settings } from "../schema";

/** The sections that say who is in the mesh. A rule that needs all of them is silent where one is not valid. */
type Members = Pick<Settings, "bookinfo" | "clients" | "namespaces" | "services">;

export interface MeshNames {
    /** Protocol of each service, by the name that settings call it. */
    services: Map<string, "http" | "grpc" | "tcp">;
    /** Namespaces whose pods have sidecars. */
    namespaces: string[];
}

/** What settings may name; undefined while sections that decide it are not valid. */
export function meshNames({ bookinfo, clients, namespaces, services }: Partial<Settings>): MeshNames | undefined {
    return bookinfo && clients && namespaces && services
        ? namesOf({ bookinfo, clients, namespaces, services })
        : undefined;
}

function namesOf({ bookinfo, clients, namespaces, services }: Members): MeshNames {
    const wanted = (Object.keys(CLIENTS) as ClientName[]).filter((name) => clients[name]);
    const own = [...(bookinfo.enabled ? BOOKINFO_SERVICES.map(({ name }) => name) : []), ...wanted];
    const clientsNamespace = clients.namespace ?? (bookinfo.enabled ? bookinfo.namespace : "clients");
    return {
        services: new Map([
            ...own.map((name) => [name, "http"] as const),
            ...Object.entries(services).map(([name, { protocol }]) => [name, protocol] as const),
        ]),
        namespaces: [
            ...(bookinfo.enabled ? [bookinfo.namespace] : []),
            ...Object.keys(namespaces),
            ...(wanted.length > 0 ? [clientsNamespace] : []),
        ],
    };
}

/** A problem where a setting names a service that there is not. `asKey`: the name is the setting's own last part. */
export function unknownService(key: string, name: string, { services }: MeshNames, asKey = false): Problem[] {
    if (services.has(name)) {
        return [];
    }
    const known = [...services.keys()];
    const near = nearest(name, known);
    const hint =
        near === undefined
            ? known.length > 0
                ? `there are ${known.join(", ")}`
                : "there is none"
            : `did you mean ${near}?`;
    const mend = asKey || near === undefined ? removeCommand(key) : setCommand(key, near);
    return [{ key, message: `names ${name}, which is no service of this mesh; ${hint}`, mend: [mend] }];
}
