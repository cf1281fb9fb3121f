import { saysMesh, type Mesh, type MeshSettings } from "../../mesh/mesh";
import type { Problem } from "../problems";
import type { Settings } from "../schema";

/**
 * What no single setting can tell: settings that contradict each other, or the limits of OCI, Kubernetes and Istio.
 * A rule sees only the sections that are valid by themselves, and is silent about what it cannot see.
 */
export type Rule = (settings: Partial<Settings>, mesh: Mesh | undefined) => Problem[];

/** A rule about the mesh as a whole, which has to wait until all sections that say what the mesh is are valid. */
export function onMesh(check: (mesh: Mesh, settings: MeshSettings & Partial<Settings>) => Problem[]): Rule {
    return (settings, mesh) => (mesh && saysMesh(settings) ? check(mesh, settings) : []);
}
