import * as pulumi from "@pulumi/pulumi";
import * as debuggable from "@pulumi/pulumi/runtime/debuggable";
import { lookups } from "./lookups";
import type { Lookup } from "../model";
import { compare } from "../order";
import { inputsFromWire } from "./values";

/** `pulumi.runtime.invokeOutput`, which the output form of every provider function calls. */
type Invoke = (
    token: string,
    inputs: pulumi.Inputs,
    options?: pulumi.InvokeOutputOptions,
    ...rest: unknown[]
) => AnyOutput;

type AnyOutput = pulumi.Output<unknown>;

/** Methods of an Output that the SDK's types do not have. */
interface OutputInternals {
    allResources(): Promise<Set<pulumi.Resource>>;
    promise(): Promise<string>;
    apply(transform: (values: unknown[]) => unknown, runWithUnknowns: boolean): AnyOutput;
}

/** What the program did besides registering resources. */
export interface Observations {
    warnings: string[];
    /** Uncaught errors of the program, in order. */
    errors: unknown[];
    /** Resolves with the first error. */
    failed: Promise<void>;
    lookups: Lookup[];
    /** Lookups still being described. */
    settling: Promise<void>[];
    /** Components whose own class called `registerOutputs`. */
    registeredOutputs: Set<pulumi.Resource>;
    /** Restores the SDK. */
    stop(): void;
}

/** Intercepts functions of the SDK that its mock engine does not cover. `answered` lookups need not be listed. */
export function observe(answered: string[]): Observations {
    const restore: (() => void)[] = [];
    let fail: () => void;
    const seen: Observations = {
        warnings: [],
        errors: [],
        failed: new Promise((resolve) => (fail = resolve)),
        lookups: [],
        settling: [],
        registeredOutputs: new Set(),
        stop: () => restore.forEach((undo) => undo()),
    };
    const note = (error: unknown) => {
        if (!seen.errors.includes(error)) {
            seen.errors.push(error);
        }
        fail();
    };
    const replace = (target: object, key: string, make: (original: never) => unknown) => {
        const members = target as Record<string, unknown>;
        const original = members[key];
        members[key] = make(original as never);
        restore.push(() => (members[key] = original));
    };
    // The SDK stores the stack of each promise for its leak report, which costs more than everything else in a recording.
    replace(debuggable, "debuggablePromise", () => (promise: unknown) => promise);
    replace(pulumi.log, "debug", () => () => Promise.resolve());
    replace(pulumi.log, "info", () => () => Promise.resolve());
    replace(pulumi.log, "warn", () => (message: string) => Promise.resolve(seen.warnings.push(message)));
    replace(pulumi.log, "error", () => (message: string) => Promise.resolve(note(new Error(message))));
    replace(pulumi.runtime, "invokeOutput", (invoke: Invoke): Invoke => (token, inputs, ...rest) => {
        const origin = recordLookup(seen, answered, token, inputs, rest[0]?.dependsOn);
        const answer = answered.includes(token) ? invoke(token, inputs, ...rest) : unknownAnswer();
        return keepingDependencies(answer, origin);
    });
    replace(
        pulumi.ComponentResource.prototype,
        "registerOutputs",
        (register: (...args: unknown[]) => void) =>
            // The SDK itself calls it without an argument for a class that forgot to.
            function (this: pulumi.Resource, ...args: unknown[]) {
                if (args.length > 0) {
                    seen.registeredOutputs.add(this);
                }
                return register.apply(this, args);
            },
    );
    restore.push(listenForRejections(note));
    return seen;
}

/** The result of a lookup in a plan: every property that the program reads is unknown. */
function unknownAnswer(): AnyOutput {
    return pulumi.output(pulumi.unknown);
}

function descriptionOf(token: string): string {
    const description = lookups[token];
    if (description === undefined) {
        throw new Error(
            `The plan does not know the lookup ${token}. List it in plan/record/lookups.ts, which says how.`,
        );
    }
    return description;
}

/** A function of the SDK's runtime that it exports without declaring it. */
const serializer = pulumi.runtime as unknown as {
    serializePropertiesReturnDeps(
        label: string,
        inputs: pulumi.Inputs,
    ): Promise<[wire: Record<string, unknown>, resources: Map<string, Set<pulumi.Resource>>]>;
};

/** Records a lookup and returns what it depends on. */
function recordLookup(
    seen: Observations,
    answered: string[],
    token: string,
    inputs: pulumi.Inputs,
    dependsOn?: unknown,
): AnyOutput {
    const finds = answered.includes(token) ? "answered by the test" : descriptionOf(token);
    const lookup: Lookup = { token, finds, inputs: {}, dependencies: [] };
    seen.lookups.push(lookup);
    const origin = pulumi.output([inputs, urnsOf(dependsOn)]);
    const settle = async () => {
        const [wire, resources] = await serializer.serializePropertiesReturnDeps(token, inputs);
        const byProperty: Record<string, string[]> = {};
        for (const [key, origins] of resources) {
            byProperty[key] = await knownUrns(origins);
        }
        lookup.inputs = inputsFromWire(wire, byProperty);
        lookup.dependencies = await knownUrns(await resourcesBehind(origin));
    };
    seen.settling.push(settle());
    return origin;
}

/**
 * In a dry run the SDK drops the dependencies of a lookup if one of its inputs is unknown. `pulumi up` keeps them, and
 * the plan shows what `pulumi up` would do.
 */
function keepingDependencies(answer: AnyOutput, origin: AnyOutput): AnyOutput {
    const both = pulumi.output([answer, origin]) as unknown as OutputInternals;
    const runWithUnknowns = true;
    return both.apply(([result]) => result, runWithUnknowns);
}

function urnsOf(dependsOn: unknown): unknown {
    if (Array.isArray(dependsOn)) {
        return dependsOn.map(urnsOf);
    }
    return pulumi.Resource.isInstance(dependsOn) ? dependsOn.urn : dependsOn;
}

/** All resources a value comes from. The SDK's types do not have this method. */
export function resourcesBehind(output: AnyOutput): Promise<Set<pulumi.Resource>> {
    return (output as unknown as OutputInternals).allResources();
}

/** Sorted URNs of resources. */
export async function knownUrns(resources: Iterable<pulumi.Resource>): Promise<string[]> {
    const urns = await Promise.all([...resources].map(({ urn }) => (urn as unknown as OutputInternals).promise()));
    return [...new Set(urns)].sort(compare);
}

/** Errors thrown inside `apply` reach only the process, whose other listeners (a test runner's) are paused meanwhile. */
function listenForRejections(note: (error: unknown) => void): () => void {
    const event = "unhandledRejection";
    const others = process.rawListeners(event) as NodeJS.UnhandledRejectionListener[];
    process.removeAllListeners(event);
    process.on(event, note);
    return () => {
        process.off(event, note);
        others.forEach((listener) => process.on(event, listener));
    };
}
