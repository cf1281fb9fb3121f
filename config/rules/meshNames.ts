import type { MeshService } from "../../components/mesh/meshService";
import { meshNamespaces, meshServices } from "../meshServices";
import { nearest } from "../nearest";
import { setCommand, type Problem } from "../problems";
import { renameCommands } from "../rename";
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

/** Where the name of a service is the last part of a setting: what is set there, and the names beside it. */
interface Keyed {
    value: unknown;
    taken: string[];
}

/** A problem where a setting names a service that does not exist. */
export function unknownService(key: string, name: string, { services }: MeshNames, keyed?: Keyed): Problem[] {
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
    const better = near === undefined || keyed?.taken.includes(near) ? "<name of a service>" : near;
    const fix = keyed
        ? renameCommands(key, `${key.slice(0, -name.length)}${better}`, keyed.value)
        : [setCommand(key, better)];
    return [{ key, message: `names ${name}, which is no service of this mesh; ${hint}`, fix }];
}
