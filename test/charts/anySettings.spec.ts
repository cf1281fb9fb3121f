import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import type { StackSettings } from "../../config/load";
import { asDevStack } from "../config/settings";
import { anySettings } from "../support/anySettings";
import { accepted, objectsOf, type MeshObject } from "../support/meshObjects";
import { onIstioctl, validated } from "./istioctl";

const WANTED = 200;
const BATCH = 100;

describe("any settings that are accepted", function () {
    this.timeout(600_000);
    asDevStack();
    onIstioctl();

    it(`become objects that Istio accepts: ${WANTED} of them`, async () => {
        const seed = Math.floor(Math.random() * 2 ** 31);
        const found: { given: object; settings: StackSettings }[] = [];
        for (let draw = 0; found.length < WANTED; draw++) {
            const drawn = fc.sample(anySettings, { numRuns: BATCH, seed: seed + draw });
            found.push(
                ...drawn.flatMap((given) => {
                    const settings = accepted(given);
                    return settings ? [{ given, settings }] : [];
                }),
            );
        }
        for (let start = 0; start < WANTED; start += BATCH) {
            const batch = found.slice(start, start + BATCH);
            const errors = await refusals(await Promise.all(batch.map(({ settings }) => objectsOf(settings))));
            const [, index] = /set-(\d+)/.exec(errors) ?? [];
            const given = index === undefined ? undefined : batch[Number(index)]?.given;
            assert.equal(errors, "", `seed ${seed}:\n${errors}\n${JSON.stringify(given)}`);
        }
    });

    const isIstios = ({ kind }: MeshObject) => kind !== "Ingress";

    /** What Istio says against objects, each set of which has a label of its own in front of its names. */
    async function refusals(sets: MeshObject[][]): Promise<string> {
        const named = sets.flatMap((objects, index) =>
            objects
                .filter(isIstios)
                .map((object) => ({ ...object, metadata: { ...object.metadata, namespace: `set-${index}` } })),
        );
        const { code, said } = await validated(named);
        return code === 0 ? "" : said;
    }
});
