import { strict as assert } from "node:assert";
import type { Plan, Resource } from "../../../plan/model";
import { kubernetesObject } from "../../../plan/kubernetesObject";
import { isApplied } from "../../../plan/report/manifests";
import { deploy, takeDown } from "./deploy";

let current: Plan | undefined;

/**
 * Brings the mesh of the cluster at hand from the last plan to the next as an update would: what differs is applied, and what
 * is gone is deleted last. All suites share the one mesh, which saves each of them an installation.
 */
export async function updateMesh(next: Plan): Promise<void> {
    const [before, after] = [byIdentity(current), byIdentity(next)];
    const changed = new Set(
        [...after].filter(([id, { inputs }]) => JSON.stringify(before.get(id)?.inputs) !== JSON.stringify(inputs)),
    );
    const different = new Set([...changed].map(([, { urn }]) => urn));
    const gone = [...before].filter(([id]) => !after.has(id)).map(([, resource]) => resource);
    // Should it fail in the middle, everything that may exist is taken down in the end.
    const unfinished = [...(current?.resources ?? []), ...next.resources];
    const previous = current;
    current = { ...next, resources: unfinished };
    await deploy(next, ({ urn }) => different.has(urn));
    await takeDown({ ...(previous ?? next), resources: gone });
    current = next;
}

export const isMeshUp = (): boolean => current !== undefined;

/** The plan that the mesh is at. */
export function meshPlan(): Plan {
    assert.ok(current, "there is no mesh");
    return current;
}

/** Takes the mesh down, if there is one. */
export async function endMesh(): Promise<void> {
    const last = current;
    current = undefined;
    if (last) {
        await takeDown(last);
    }
}

/** By what a resource is in the cluster: programs that name their components differently may make the same object. */
function byIdentity(plan: Plan | undefined): Map<string, Resource> {
    const applied = (plan?.resources ?? []).filter(isApplied);
    return new Map(applied.map((resource) => [identityOf(resource), resource]));
}

function identityOf({ type, inputs, ...resource }: Resource): string {
    const { apiVersion, kind, metadata } = kubernetesObject({ type, inputs, ...resource });
    const { name, namespace } = metadata as { name: string; namespace?: string };
    return kind === undefined
        ? JSON.stringify([type, inputs.namespace, inputs.name, inputs.file])
        : JSON.stringify([apiVersion, kind, namespace, name]);
}
