import Ajv, { type ErrorObject, type ValidateFunction } from "ajv";
import { exclusiveFields } from "../../scripts/istio-types/exclusive";
import { gatewayApi, istio, readVendored, type Schema } from "../../scripts/istio-types/schemas";

export interface IstioObject {
    apiVersion: string;
    kind: string;
    spec?: unknown;
}

const specSchemas = new Map(
    [istio, gatewayApi]
        .flatMap((project) => readVendored(project).kinds)
        .map(({ apiVersion, kind, spec }) => [`${apiVersion}/${kind}`, spec]),
);
const validators = new Map<string, ValidateFunction>();

// Each worker compiles its own, so not optimized. Not strict: the schemas carry Kubernetes' own keywords and number formats. Verbose: messages quote what was given.
const ajv = new Ajv({
    allErrors: true,
    strict: false,
    validateFormats: false,
    verbose: true,
    code: { optimize: false },
});
ajv.addKeyword({
    keyword: "atMostOneOf",
    type: "object",
    validate: (groups: string[][], data: object) => conflicts(groups, data).length === 0,
});
ajv.addKeyword({ keyword: "duration", type: "string", validate: (_: true, text: string) => isDuration(text) });

/**
 * What is wrong with an object, judged by the CRD schemas of the vendored Istio version; empty if nothing is.
 * Reports unknown fields too, which a cluster drops without a word.
 */
export function validateIstio({ apiVersion, kind, spec }: IstioObject): string[] {
    const id = `${apiVersion}/${kind}`;
    const schema = specSchemas.get(id);
    if (!schema) {
        return [`${id}: not a kind with a vendored schema`];
    }
    if (spec === undefined) {
        return [`${kind}.spec: is missing`];
    }
    // Compiling all kinds takes over half a second, and most test files need two or three.
    const validate = validators.get(id) ?? ajv.compile(strict(schema));
    validators.set(id, validate);
    validate(spec);
    return (validate.errors ?? []).map((error) => `${kind}.spec${readable(error)}`);
}

/** The schema with closed objects; its various ways to exclude a field become one keyword with one message. */
function strict(schema: Schema): object {
    const { properties, items, additionalProperties } = schema;
    const isOpen = !properties || schema["x-kubernetes-preserve-unknown-fields"] === true;
    return {
        ...schema,
        ...(schema["x-kubernetes-int-or-string"] && { type: ["integer", "string"] }),
        items: items && strict(items),
        properties: properties && Object.fromEntries(Object.entries(properties).map(([k, v]) => [k, strict(v)])),
        additionalProperties: typeof additionalProperties === "object" ? strict(additionalProperties) : isOpen,
        oneOf: undefined,
        allOf: undefined,
        atMostOneOf: exclusiveFields(schema),
        ...(isDurationField(schema) && { duration: true }),
    };
}

/** Of the CEL rules that are not exclusions, by far the most frequent one, and the one that people trip over. */
function isDurationField(schema: Schema): boolean {
    return (schema["x-kubernetes-validations"] ?? []).some(({ rule }) => rule === "duration(self) >= duration('1ms')");
}

/** Go's notation (`0.5s`, `1m30s`), at least a millisecond. */
function isDuration(text: string): boolean {
    const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/g)];
    const total = parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * milliseconds[unit as Unit], 0);
    return parts.map(([part]) => part).join("") === text && total >= 1;
}

const milliseconds = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };
type Unit = keyof typeof milliseconds;

function conflicts(groups: string[][], data: object): string[][] {
    const given = new Map(Object.entries(data).filter(([, value]) => value !== undefined));
    return groups.map((group) => group.filter((field) => given.has(field))).filter((fields) => fields.length > 1);
}

function readable({ keyword, instancePath, params, schema, data, message }: ErrorObject): string {
    const path = fieldPath(instancePath);
    switch (keyword) {
        case "additionalProperties":
            return `${path}.${params.additionalProperty}: unknown field`;
        case "required":
            return `${path}.${params.missingProperty}: is missing`;
        case "enum":
            return `${path}: must be one of ${(params.allowedValues as string[]).join(", ")}, not ${JSON.stringify(data)}`;
        case "atMostOneOf":
            return `${path}: ${conflicts(schema as string[][], data as object)
                .map((fields) => fields.join(" and "))
                .join(", ")} exclude each other`;
        case "duration":
            return `${path}: must be a duration of at least 1ms, such as 0.5s, not ${JSON.stringify(data)}`;
        default:
            return `${path}: ${message}, not ${JSON.stringify(data)}`;
    }
}

/** `/http/0/match` becomes `.http[0].match`. */
function fieldPath(pointer: string): string {
    return pointer
        .split("/")
        .slice(1)
        .map((part) => part.replace(/~1/g, "/").replace(/~0/g, "~"))
        .map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`))
        .join("");
}
