import type { Plan } from "../../../plan/model";
import { deploy, takeDown } from "./deploy";

/** A mesh that goes from one plan to the next as updates would: what changed is applied, what is gone is deleted last. */
export class Updates {
    private current: Plan | undefined;

    async to(next: Plan): Promise<void> {
        const before = this.current?.resources ?? [];
        const inputs = new Map(before.map((resource) => [resource.urn, JSON.stringify(resource.inputs)]));
        const changed = next.resources.filter(
            (resource) => JSON.stringify(resource.inputs) !== inputs.get(resource.urn),
        );
        const kept = new Set(next.resources.map(({ urn }) => urn));
        await deploy({ ...next, resources: changed });
        await takeDown({ ...next, resources: before.filter(({ urn }) => !kept.has(urn)) });
        this.current = next;
    }

    async end(): Promise<void> {
        if (this.current) {
            await takeDown(this.current);
        }
    }
}

/** Tries until it holds: what istiod is told takes a moment to reach every proxy. */
export async function eventually<T>(holds: () => Promise<T>, seconds = 40): Promise<T> {
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
        try {
            return await holds();
        } catch (error) {
            if (Date.now() > deadline) {
                throw error;
            }
            await new Promise((resolve) => setTimeout(resolve, 400));
        }
    }
}
