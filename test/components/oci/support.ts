import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";

/** One resource as the engine would get it. Secrets and unknowns in `inputs` look as they do on the wire. */
export interface Registration {
    urn: string;
    type: string;
    name: string;
    parent: string;
    inputs: Record<string, unknown>;
    /** URNs it waits for: those it was told of, those behind its inputs, and its provider. */
    dependencies: string[];
    protect: boolean;
    ignoreChanges: string[];
    deleteBeforeReplace: boolean | undefined;
    createTimeout: string;
    provider: string;
}

export interface Recording {
    resources: Registration[];
    invokes: { token: string; args: Record<string, unknown> }[];
    one(type: string, name: string): Registration;
    all(type: string): Registration[];
    /** Whether the engine makes `other` before `one`, and deletes `one` before `other`. */
    waitsFor(one: Registration, other: Registration): boolean;
}

/** What stands for an unknown value on the wire. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const VCN = "oci:Core/vcn:Vcn";
const SECRET = "4dabf18193072939515e22adb298388d";

/** The value inside a secret as it looks on the wire; undefined for what is no secret. */
export function secretValue(value: unknown): unknown {
    const wrapped = value as Record<string, unknown> | undefined;
    return wrapped?.[SECRET] === "1b47061264138c4ac30d75fd1eb44270" ? wrapped.value : undefined;
}

/** What the lookups find, unless a test says otherwise. */
const LOOKUPS: Record<string, unknown> = {
    "oci:Core/getServices:getServices": {
        services: [
            {
                id: "ocid1.service.oc1.iad.all",
                name: "All IAD Services In Oracle Services Network",
                cidrBlock: "all-iad-services-in-oracle-services-network",
            },
        ],
    },
    "oci:Identity/getAvailabilityDomains:getAvailabilityDomains": {
        availabilityDomains: [{ name: "Uocm:US-ASHBURN-AD-1" }, { name: "Uocm:US-ASHBURN-AD-2" }],
    },
    "oci:ContainerEngine/getNodePoolOption:getNodePoolOption": {
        sources: [
            { imageId: "ocid1.image.oc1.iad.x86", sourceName: "Oracle-Linux-8.10-2025.09.16-0-OKE-1.34.2-1330" },
            {
                imageId: "ocid1.image.oc1.iad.arm",
                sourceName: "Oracle-Linux-8.10-aarch64-2025.09.16-0-OKE-1.34.2-1330",
            },
        ],
    },
    "oci:ContainerEngine/getClusterKubeConfig:getClusterKubeConfig": { content: "kind: Config" },
};

interface Request {
    getType(): string;
    getName(): string;
    getParent(): string;
    getObject(): { toJavaScript(): Record<string, unknown> } | undefined;
    getDependenciesList(): string[];
    getPropertydependenciesMap(): { forEach(each: (value: { getUrnsList(): string[] }) => void): void };
    getProvider(): string;
    getProtect(): boolean;
    getIgnorechangesList(): string[];
    getDeletebeforereplace(): boolean;
    getDeletebeforereplacedefined(): boolean;
    getCustomtimeouts(): { getCreate(): string } | undefined;
}
type Callback = (error: Error | undefined, response: { getUrn(): string } | undefined) => void;

/**
 * Runs a program against Pulumi's mocks and keeps what it registers.
 * In a preview no resource has an id; otherwise each has its logical name and `-id`.
 */
export async function record(program: () => unknown, { preview = false } = {}): Promise<Recording> {
    const resources: Registration[] = [];
    const invokes: Recording["invokes"] = [];
    await pulumi.runtime.setMocks(
        {
            newResource: ({ name, inputs, type }) => ({
                id: preview ? undefined : `${name}-id`,
                state: { ...(inputs as object), ...(type === VCN ? { defaultSecurityListId: `${name}-default` } : {}) },
            }),
            call: ({ token, inputs }) => {
                invokes.push({ token, args: inputs as Record<string, unknown> });
                return LOOKUPS[token] as Record<string, unknown>;
            },
        },
        "oke-mesh",
        "test",
        preview,
    );

    // Mocks see inputs only. Parents, dependencies and options are in the request to the engine.
    const monitor = pulumi.runtime.getMonitor() as unknown as {
        registerResource(request: Request, callback: Callback): unknown;
    };
    const register = monitor.registerResource.bind(monitor);
    monitor.registerResource = (request, callback) =>
        register(request, (error, response) => {
            if (response && request.getType() !== "pulumi:pulumi:Stack") {
                resources.push(registration(request, response.getUrn()));
            }
            callback(error, response);
        });

    await pulumi.runtime.runInPulumiStack(() => Promise.resolve(void program()));
    // Exported and meant for this, though not in the type declarations.
    await (pulumi.runtime as unknown as { waitForRPCs(): Promise<void> }).waitForRPCs();

    const all = (type: string) => resources.filter((each) => each.type === type);
    const byUrn = (urn: string) => resources.find((each) => each.urn === urn);
    return {
        resources,
        invokes,
        all,
        one(type, name) {
            const found = all(type).filter((each) => each.name === name);
            assert.equal(found.length, 1, `${name} among all of type ${type}`);
            return found[0]!;
        },
        waitsFor(one, other) {
            const seen = new Set<string>();
            const queue = [one.urn];
            for (let urn = queue.pop(); urn !== undefined; urn = queue.pop()) {
                const next = byUrn(urn)?.dependencies.filter((each) => !seen.has(each)) ?? [];
                next.forEach((each) => seen.add(each));
                queue.push(...next);
            }
            return seen.has(other.urn);
        },
    };
}

function registration(request: Request, urn: string): Registration {
    const behindInputs: string[] = [];
    request.getPropertydependenciesMap().forEach((value) => behindInputs.push(...value.getUrnsList()));
    const provider = request.getProvider();
    return {
        urn,
        type: request.getType(),
        name: request.getName(),
        parent: request.getParent(),
        inputs: request.getObject()?.toJavaScript() ?? {},
        dependencies: [
            ...request.getDependenciesList(),
            ...behindInputs,
            ...(provider ? [provider.slice(0, provider.lastIndexOf("::"))] : []),
        ],
        protect: request.getProtect(),
        ignoreChanges: request.getIgnorechangesList(),
        deleteBeforeReplace: request.getDeletebeforereplacedefined() ? request.getDeletebeforereplace() : undefined,
        createTimeout: request.getCustomtimeouts()?.getCreate() ?? "",
        provider,
    };
}
