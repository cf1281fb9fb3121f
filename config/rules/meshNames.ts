import type { Mesh } from "../../mesh/mesh";
import { nearest } from "../nearest";
import { setCommand, type Problem } from "../problems";
import { renameCommands } from "../rename";

/** Where the name of a service is the last part of a setting: what is set there, and the names beside it. */
interface Keyed {
    value: unknown;
    taken: string[];
}

/** A problem where a setting names a service that does not exist. */
export function unknownService(key: string, name: string, { services }: Mesh, keyed?: Keyed): Problem[] {
    const known = services.map((service) => service.name);
    if (known.includes(name)) {
        return [];
    }
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

/** Whether a service is one of the mesh that speaks plain TCP. */
export function speaksTcp({ services }: Mesh, name: string | undefined): boolean {
    return services.some((service) => service.name === name && service.protocol === "tcp");
}
