import * as pulumi from "@pulumi/pulumi";
import { readSettings } from "../../config/load";
import { SettingsError, type Problem } from "../../config/problems";

/** Runs the tests of a suite as the stack `dev` of this project: names that settings are read by and errors speak of. */
export function asDevStack(): void {
    before(() =>
        pulumi.runtime.setMocks(
            { newResource: () => ({ id: "", state: {} }), call: () => ({}) },
            "oke-mesh",
            "dev",
            true,
        ),
    );
}

/** Settings as a stack file has them, right or wrong. */
export type Settings = Record<string, unknown>;

/** A cluster that somebody else made: no other setting is needed. */
export const LOCAL = { cluster: { source: "kubeconfig", context: "kind" } };

/** A policy of the user's own for ratings, with these rules. */
export const withPolicy = (rules: object[]) => ({
    ...LOCAL,
    security: { authorization: { policies: [{ name: "mine", service: "ratings", rules }] } },
});

/** The settings of a small new cluster: valid, and a starting point for what a test changes. */
export const NEW_CLUSTER = {
    compartmentId: "ocid1.compartment.oc1..a",
    network: { source: "new" },
    cluster: {
        source: "new",
        nodePools: [{ name: "workers", shape: "VM.Standard.E5.Flex", ocpus: 2, memoryInGbs: 16, size: 3 }],
    },
};

/** Hands settings to the loader the way Pulumi does: structured ones as JSON. */
export function configure(settings: Record<string, unknown>, secretKeys: string[] = []): void {
    const entries = Object.entries({ "oci:region": "us-ashburn-1", ...settings })
        .filter(([, value]) => value !== undefined)
        .map(([key, value]) => [
            key.includes(":") ? key : `oke-mesh:${key}`,
            typeof value === "string" ? value : JSON.stringify(value),
        ]);
    pulumi.runtime.setAllConfig(Object.fromEntries(entries) as Record<string, string>, secretKeys);
}

/** The problems that the loader finds in these settings. */
export function problemsIn(settings: Record<string, unknown>, secretKeys?: string[]): Problem[] {
    configure(settings, secretKeys);
    try {
        readSettings();
    } catch (error) {
        if (error instanceof SettingsError) {
            return error.problems;
        }
        throw error;
    }
    return [];
}

/** As one line a problem: `key message`. */
export function described(settings: Record<string, unknown>): string[] {
    return problemsIn(settings).map(({ key, message }) => `${key} ${message}`);
}

/** A copy of `settings` with the value at a dotted path replaced; `undefined` removes it. */
export function change(settings: object, path: string, value: unknown): Record<string, unknown> {
    const copy = structuredClone(settings) as Record<string, unknown>;
    const parts = path.replace(/\[(\d+)\]/g, ".$1").split(".");
    const last = parts.pop() ?? "";
    const owner = parts.reduce((place, part) => (place[part] ??= {}) as Record<string, unknown>, copy);
    owner[last] = value;
    return copy;
}
