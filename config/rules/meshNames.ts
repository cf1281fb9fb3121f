import type { MeshService } from "../../components/mesh/meshService";
import { meshNamespaces, meshServices } from "../meshServices";
import { nearest } from "../nearest";
import { removeCommand, setCommand, type Problem } from "../problems";
import type { Settings } from "../schema";

export interface MeshNames {
    /** Protocol of each service, by the name that settings call it. */
    services: Map<string, MeshService["protocol"]>;
    /** Namespaces whose pods have sidecars. */
    namespaces: string[];
}

/** What settings may name; undefined while sections that decide it are not valid. */
export function meshNames({
    bookinfo,
    gateway,
    clients,
    namespaces,
    services,
    istio,
}: Partial<Settings>): MeshNames | undefined {
    if (!bookinfo || !gateway || !clients || !namespaces || !services || !istio) {
        return undefined;
    }
    const sections = { bookinfo, gateway, clients, namespaces, services, istio };
    return {
        services: new Map(meshServices(sections).map(({ name, protocol }) => [name, protocol])),
        namespaces: meshNamespaces(sections),
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
    const fix = asKey || near === undefined ? removeCommand(key) : setCommand(key, near);
    return [{ key, message: `names ${name}, which is no service of this mesh; ${hint}`, fix: [fix] }];
}
