import { strict as assert } from "node:assert";
import { attempt } from "./command";
import { driftFrom } from "./drift";
import { eventually } from "./eventually";
import { meshPlan } from "./mesh";

/**
 * What says nothing of our objects: namespaces that have no sidecars on purpose, and the filter that a cluster without Istio's own
 * proxy image fits Envoy with.
 */
const EXPECTED = /IST0102|\/plain-envoy\)/;

/** What `istioctl analyze` says of objects; it fails only for what it calls an error. */
export async function analyze(args: string[], input?: string): Promise<string[]> {
    const { stdout, stderr } = await attempt("istioctl", ["analyze", ...args], input);
    const messages = [...stdout.split("\n"), ...stderr.split("\n").filter((line) => line.startsWith("Error"))];
    return messages.filter((line) => line && !EXPECTED.test(line));
}

/** It has nothing to say of any namespace. It sees the webhooks of one revision only: that of the gateways, whose images they set. */
export async function assertAnalyzed(revision = "default"): Promise<void> {
    await eventually(async () => assert.deepEqual(await analyze(["--all-namespaces", "--revision", revision]), []));
}

/** The same, and the mesh has the planned objects and no others. */
export async function assertSound(revision = "default"): Promise<void> {
    await assertAnalyzed(revision);
    await eventually(async () => assert.deepEqual(await driftFrom(meshPlan()), []));
}
