import * as path from "node:path";
import { setImmediate } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import deepmerge from "deepmerge";
import { knownUrns, observe, resourcesBehind, type Observations } from "./intercept";
import { at, isMap, type Plan, type Resource, type StackOutput } from "../model";
import { recordRegistrations, type Registrations } from "./monitor";
import { compare, inOrder } from "../order";
import { asText, qualified, readStack, type StackConfig } from "../stackFile";
import { fromWire, inputsFromWire } from "./values";

export interface RecordOptions {
    /** Name of the stack, or the path of its file. @default "dev" */
    stack?: string;
    /**
     * Settings used instead of the stack's file, which is then not read. Keys without a namespace belong to the project.
     * @default the stack's file for a program file; none for a function unless `stack` is given
     */
    config?: Record<string, unknown>;
    /** Name of the project. @default the one in Pulumi.yaml, or "oke-mesh" if no file is read */
    project?: string;
    /** Settings merged over the file's or `config`'s: objects are merged, everything else is replaced. */
    override?: Record<string, unknown>;
    /** Further keys whose whole value is a secret. */
    secretKeys?: string[];
    /** Folder with Pulumi.yaml and index.ts. @default the repository */
    folder?: string;
    /** Answers to lookups by token, for tests; unanswered ones are unknown. */
    answers?: Record<string, Record<string, unknown>>;
}

/** The program as a file or, in tests, as a function that returns the stack's outputs. */
export type Program = string | (() => unknown);

/**
 * Runs a program on Pulumi's mock runtime as a preview would, without engine, cloud or cluster, and returns everything
 * it registers. Errors of the program are thrown as they are. Recordings run one after another: a process has one SDK.
 *
 * A program file is loaded again each time, its modules are not: only index.ts may have effects when loaded.
 */
export function record(options: RecordOptions = {}, program?: Program): Promise<Plan> {
    const recording = previous.then(() => recordNow(options, program));
    previous = recording.catch(() => undefined);
    return recording;
}

let previous: Promise<unknown> = Promise.resolve();

/** Functions of the SDK's runtime that it exports without declaring them. */
const internals = pulumi.runtime as unknown as { waitForRPCs(): Promise<void>; _reset(): void };

async function recordNow(options: RecordOptions, program?: Program): Promise<Plan> {
    const from = options.folder ?? path.join(__dirname, "../..");
    const readsFile = !options.config && (typeof program !== "function" || options.stack !== undefined);
    const settings = withOverrides(readsFile ? readStack(from, options.stack ?? "dev") : given(options, from), options);
    const { stack, folder } = settings;
    await pulumi.runtime.setMocks(
        {
            newResource: (resource) => ({ id: undefined, state: resource.inputs as Record<string, unknown> }),
            call: ({ token }) => options.answers?.[token] ?? {},
        },
        settings.project,
        stack,
        true,
    );
    pulumi.runtime.setAllConfig(settings.config, settings.secretKeys);
    const registrations = recordRegistrations();
    const observations = observe(Object.keys(options.answers ?? {}));
    try {
        const { exported, constructed } = await run(program ?? path.join(folder, "index.ts"), observations);
        await Promise.all(observations.settling);
        return {
            project: settings.project,
            stack,
            scenario: scenarioIn(settings),
            resources: await resourcesOf(registrations, observations, constructed),
            reads: registrations.reads.sort((a, b) => compare(a.urn, b.urn)),
            lookups: observations.lookups.sort((a, b) => compare(JSON.stringify(a), JSON.stringify(b))),
            outputs: await outputsOf(registrations.outputs.get(registrations.stackUrn) ?? {}, exported),
            warnings: [...settings.warnings, ...observations.warnings.sort(compare)],
        };
    } finally {
        observations.stop();
    }
}

function given({ project = "oke-mesh", stack = "dev", config = {} }: RecordOptions, folder: string): StackConfig {
    return { project, folder, stack, config: asText(qualified(project, config)), secretKeys: [], warnings: [] };
}

function withOverrides(settings: StackConfig, { project = settings.project, ...options }: RecordOptions): StackConfig {
    const overrides = Object.entries(qualified(project, options.override ?? {}));
    const merged = overrides.map(([key, value]) => [key, merge(parsed(settings.config[key]), value)] as const);
    const secretKeys = (options.secretKeys ?? []).flatMap((key) => Object.keys(qualified(project, { [key]: true })));
    return {
        ...settings,
        project,
        config: { ...settings.config, ...asText(Object.fromEntries(merged)) },
        secretKeys: [...settings.secretKeys, ...secretKeys],
    };
}

/** Runs the program inside the stack and waits until everything it started has settled. */
async function run(program: Program, { errors, failed }: Observations) {
    const constructed: pulumi.Resource[] = [];
    let exported: unknown;
    const stack = pulumi.runtime.runInPulumiStack(async () => {
        let loading = true;
        pulumi.runtime.registerStackTransformation(({ resource }) => {
            // What is constructed later, inside an `apply`, comes in an order that depends on timing.
            if (loading) {
                constructed.push(resource);
            }
            return undefined;
        });
        exported = typeof program === "function" ? program() : load(program);
        loading = false;
        exported = await exported;
        return exported as pulumi.Inputs;
    });
    try {
        // After a failed registration others never settle, so the first error ends the wait.
        await Promise.race([stack.then(() => internals.waitForRPCs()), failed]);
        // Node reports rejections that nobody handled after the microtasks of a turn.
        await setImmediate();
    } catch (error) {
        errors.unshift(error);
        await setImmediate();
    }
    if (errors.length > 0) {
        internals._reset();
        throw errors[0];
    }
    return { exported, constructed };
}

function load(program: string): unknown {
    const file = require.resolve(path.resolve(program));
    delete require.cache[file];
    // An import would be cached and come too late.
    return require(file);
}

async function resourcesOf(
    { resources, outputs }: Registrations,
    { registeredOutputs }: Observations,
    constructed: pulumi.Resource[],
): Promise<Resource[]> {
    const registered = new Set(await knownUrns(registeredOutputs));
    const order = await Promise.all(constructed.map(async (resource) => (await knownUrns([resource]))[0]!));
    const complete = resources.map((resource) => ({
        ...resource,
        registeredOutputs: registered.has(resource.urn),
        outputs: inputsFromWire(outputs.get(resource.urn) ?? {}, {}),
    }));
    return inOrder(complete, order);
}

/** Stack outputs with the resources they come from, which the engine does not receive but the exported Outputs know. */
async function outputsOf(wire: Record<string, unknown>, exported: unknown): Promise<Record<string, StackOutput>> {
    const outputs: Record<string, StackOutput> = {};
    for (const name of Object.keys(wire).sort(compare)) {
        const output = pulumi.output(at(exported, name));
        const from = await knownUrns(await resourcesBehind(output));
        outputs[name] = { value: fromWire(wire[name], from), secret: await pulumi.isSecret(output), from };
    }
    return outputs;
}

function scenarioIn({ project, config }: StackConfig): string | null {
    const scenario = at(parsed(config[`${project}:traffic`]), "scenario");
    return typeof scenario === "string" ? scenario : null;
}

function parsed(text: string | undefined): unknown {
    try {
        return text === undefined ? undefined : JSON.parse(text);
    } catch {
        return text;
    }
}

function merge(base: unknown, override: unknown): unknown {
    if (!isMap(base) || !isMap(override)) {
        return override;
    }
    return deepmerge(base, override, { arrayMerge: (_, replacement: unknown[]) => replacement });
}
