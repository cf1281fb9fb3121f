import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import type { StackSettings } from "../../config/load";
import { asDevStack } from "../config/settings";
import { anySettings } from "../support/anySettings";
import { accepted, objectsOf, type MeshObject } from "../support/meshObjects";
import { attempt } from "../cluster/support/command";

const WANTED = 200;
const BATCH = 100;

/** Needs istioctl, which validates as Istio's webhook does, but no cluster. */
describe("any settings that are accepted", function () {
    this.timeout(600_000);
    asDevStack();
    let folder: string;

    before(async function () {
        const { code } = await attempt("istioctl", ["version", "--remote=false"]).catch(() => ({ code: 1 }));
        if (code !== 0) {
            console.log("      skipped: istioctl not found on PATH.");
            this.skip();
        }
        folder = mkdtempSync(join(tmpdir(), "oke-mesh-"));
    });
    after(() => folder && rmSync(folder, { recursive: true }));

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
        const file = join(folder, "objects.yaml");
        const named = sets.flatMap((objects, index) =>
            objects
                .filter(isIstios)
                .map((object) => ({ ...object, metadata: { ...object.metadata, namespace: `set-${index}` } })),
        );
        writeFileSync(file, named.map((object) => JSON.stringify(object)).join("\n---\n"));
        const { code, stdout, stderr } = await attempt("istioctl", ["validate", "-f", file]);
        return code === 0 ? "" : `${stdout}${stderr}`;
    }
});
