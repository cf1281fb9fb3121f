import { hidden, isMap, type Value } from "../model";

/** Marks of Pulumi's wire format (runtime/rpc.ts in the SDK). */
const unknownMark = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const kindKey = "4dabf18193072939515e22adb298388d";
const secretKind = "1b47061264138c4ac30d75fd1eb44270";
const resourceKind = "5cf8f73096256a8f31e491e813e4eb8e";

/**
 * A value in wire format as the plan stores it: secrets without their content, unknowns with the URNs they come from,
 * resources as their URN, keys sorted.
 */
export function fromWire(value: unknown, comesFrom: string[] = []): Value {
    if (value === unknownMark) {
        return { $unknown: comesFrom };
    }
    if (Array.isArray(value)) {
        return value.map((item) => fromWire(item, comesFrom));
    }
    if (!isMap(value)) {
        return (value ?? null) as Value;
    }
    if (value[kindKey] === secretKind) {
        return withoutContent(value.value);
    }
    if (value[kindKey] === resourceKind) {
        return String(value.urn);
    }
    const keys = Object.keys(value).filter((key) => key !== kindKey);
    return Object.fromEntries(keys.sort().map((key) => [key, fromWire(value[key], comesFrom)]));
}

/** A secret mapping keeps its keys: the SDK makes all of a Kubernetes Secret's data one secret, and pods name its keys. */
function withoutContent(secret: unknown): Value {
    return isMap(secret) && !(kindKey in secret)
        ? Object.fromEntries(
              Object.keys(secret)
                  .sort()
                  .map((key) => [key, withoutContent(secret[key])]),
          )
        : hidden;
}

/** A resource's inputs; each unknown has the dependencies of its own property. */
export function inputsFromWire(
    inputs: Record<string, unknown>,
    propertyDependencies: Record<string, string[]>,
): Record<string, Value> {
    const keys = Object.keys(inputs).sort();
    return Object.fromEntries(keys.map((key) => [key, fromWire(inputs[key], propertyDependencies[key])]));
}
