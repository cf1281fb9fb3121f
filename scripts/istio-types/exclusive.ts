import type { Schema } from "./schemas";

/** `(has(self.a) ? 1 : 0) + (has(self.b) ? 1 : 0) <= 1` */
const atMostOneRule = /^(\(has\(self\.\w+\) \? 1 : 0\)( \+ )?)+ <= 1$/;

/**
 * Sets of fields of which an object may have at most one. Istio's CRDs express this in two ways:
 * a protobuf oneof is a `oneOf` beside the properties, and newer exclusions are CEL rules.
 */
export function exclusiveFields(schema: Schema): string[][] {
    const groups = [...oneOfGroups(schema), ...celGroups(schema)].filter((group) => group.length > 1);
    return [...new Map(groups.map((group) => [group.join(), group])).values()];
}

/** `oneOf: [{not: {anyOf: [...]}}, {required: [a]}, {required: [b]}]`; several of them are in an `allOf`. */
function oneOfGroups({ oneOf, allOf, anyOf, not }: Schema): string[][] {
    // The Gateway API's only one restricts the form of an address, not which fields may exist.
    if (oneOf?.every(({ properties, required }) => properties && !required)) {
        return [];
    }
    const [none, ...alternatives] = oneOf ?? [];
    const understood = !anyOf && !not && (!oneOf || none?.not) && alternatives.every(isOneRequiredField);
    if (!understood) {
        // Ignoring it would silently make types and tests too permissive.
        throw new Error(`not the form in which Istio writes a oneof: ${JSON.stringify({ oneOf, anyOf, not })}`);
    }
    const group = alternatives.flatMap(({ required }) => required ?? []);
    return [group, ...(allOf ?? []).flatMap(oneOfGroups)];
}

function isOneRequiredField(alternative: Schema): boolean {
    return Object.keys(alternative).join() === "required" && alternative.required?.length === 1;
}

function celGroups(schema: Schema): string[][] {
    return (schema["x-kubernetes-validations"] ?? [])
        .map(({ rule }) => rule.replace(/\s+/g, " "))
        .filter((rule) => atMostOneRule.test(rule))
        .map((rule) => [...rule.matchAll(/has\(self\.(\w+)\)/g)].map(([, field]) => String(field)).sort());
}
