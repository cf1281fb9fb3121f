import * as pulumi from "@pulumi/pulumi";
import { Provider } from "@pulumi/kubernetes/provider";
import { tracingPlan } from "../../components/istio/tracing/tracingPlan";
import { TrafficPolicies } from "../../components/traffic/trafficPolicies";
import { readSettings, type StackSettings } from "../../config/load";
import { SettingsError } from "../../config/problems";
import { resolveMesh } from "../../mesh/mesh";
import { governEgress } from "../../stack/egress";
import { openServices } from "../../stack/ingress";
import { observeMesh } from "../../stack/observability";
import { secureMesh } from "../../stack/security";
import { configure } from "../config/settings";

export interface MeshObject {
    apiVersion: string;
    kind: string;
    metadata: { name: string; namespace?: string };
    spec?: unknown;
}

/** The settings if they are accepted; undefined if not. */
export function accepted(settings: Record<string, unknown>): StackSettings | undefined {
    configure(settings);
    try {
        return readSettings();
    } catch (error) {
        if (error instanceof SettingsError) {
            return undefined;
        }
        throw error;
    }
}

/** What the SDK does with every resource; its modules call it by this name. */
type Register = (resource: object, parent: unknown, type: string, name: string, ...rest: unknown[]) => void;
// Only what `require` returns can be replaced for a moment.
const sdk = require("@pulumi/pulumi/runtime/resource") as {
    registerResource: Register;
    registerResourceOutputs: () => void;
};

/**
 * Ingresses and objects of Istio and the Gateway API that the program makes of settings, by its own functions for the mesh. Nothing is
 * registered: the mock runtime takes half a second for a mesh, and there are thousands to look at.
 */
export async function objectsOf(settings: StackSettings): Promise<MeshObject[]> {
    const made: object[] = [];
    const { registerResource, registerResourceOutputs } = sdk;
    sdk.registerResource = (resource, _parent, type, name, ...rest) => {
        const [, , , inputs] = rest as [unknown, unknown, unknown, object | undefined];
        if (
            /^kubernetes:([a-z.]+\.istio\.io|(gateway\.)?networking\.k8s\.io)\/.*(?<!IngressClass|NetworkPolicy)$/.test(
                type,
            ) &&
            inputs
        ) {
            made.push(inputs);
        }
        const { metadata } = (inputs ?? {}) as { metadata?: object };
        const known = { id: name, urn: `urn:pulumi:dev::oke-mesh::${type}::${name}`, metadata };
        const outputs = Object.entries(known).map(([key, value]) => [key, pulumi.output(value)]);
        Object.assign(resource, Object.fromEntries(outputs));
    };
    sdk.registerResourceOutputs = () => undefined;
    try {
        makeMesh(settings, new Provider("cluster", {}));
    } finally {
        Object.assign(sdk, { registerResource, registerResourceOutputs });
    }
    return (await Promise.all(made.map(plain))) as MeshObject[];
}

/** Inputs with what their Outputs hold. Wrapping all of them in one Output would take longer than everything else. */
async function plain(value: unknown): Promise<unknown> {
    if (pulumi.Output.isInstance(value)) {
        return new Promise((resolve) => void value.apply(resolve));
    }
    if (Array.isArray(value)) {
        return Promise.all(value.map(plain));
    }
    if (typeof value !== "object" || value === null) {
        return value;
    }
    const parts = Object.entries(value).filter(([, part]) => part !== undefined);
    return Object.fromEntries(await Promise.all(parts.map(async ([key, part]) => [key, await plain(part)])));
}

function makeMesh(settings: StackSettings, provider: Provider): void {
    const opts = { provider };
    const namespace = "istio-system";
    const mesh = resolveMesh(settings);
    observeMesh(settings, tracingPlan({ ...settings.tracing, apm: undefined }), namespace, opts);
    new TrafficPolicies("traffic", mesh, opts);
    openServices(settings, mesh, () => [], namespace, opts);
    governEgress(settings, mesh, namespace, opts);
    secureMesh(settings, mesh, opts);
}
