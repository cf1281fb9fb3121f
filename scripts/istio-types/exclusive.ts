import type { Schema } from "./schemas";

/** `(has(self.a) ? 1 : 0) + (has(self.b) ? 1 : 0) <= 1` */
const atMostOneRule = /^(\(has\(self\.\w+\) \? 1 : 0\)( \+ )?)+ <= 1$/;

/**
 * Sets of fields of which an object may have one at most. Istio's CRDs say it in two ways:
 * a protobuf oneof is a `oneOf` beside the properties, and newer exclusions are CEL rules.
 */
export function exclusiveFields(schema: Schema): string[][] {
    const groups = [...oneOfGroups(schema), ...celGroups(schema)].filter((group) => group.length > 1);
    return [...new Map(groups.map((group) => [group.join(), group])).values()];
}

/** `oneOf: [{not: {anyOf: [...]}}, {required: [a]}, {required: [b]}]`; several of them stand in an `allOf`. */
function oneOfGroups({ oneOf, allOf, anyOf, not }: Schema): string[][] {
    // The Gateway API's only one is about the form of an address, not about which fields may be there.
    if (oneOf?.every(({ properties, required }) => properties && !required)) {
        return [];
    }
    const [none, ...alternatives] = oneOf ?? [];
    const understood = !anyOf && !not && (!oneOf || none?.not) && alternatives.every(isOneRequiredField);
    if (!understood) {
        // Ignoring it would make types and tests accept too much, unnoticed.
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
