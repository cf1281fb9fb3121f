import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";

/** The part of OpenAPI v3 that Istio's CRDs use. */
export interface Schema {
    type?: string;
    description?: string;
    properties?: Record<string, Schema>;
    required?: string[];
    additionalProperties?: boolean | Schema;
    items?: Schema;
    enum?: unknown[];
    oneOf?: Schema[];
    anyOf?: Schema[];
    allOf?: Schema[];
    not?: Schema;
    "x-kubernetes-int-or-string"?: boolean;
    "x-kubernetes-preserve-unknown-fields"?: boolean;
    "x-kubernetes-validations"?: { rule: string; message?: string }[];
}

export interface KindSchema {
    apiVersion: string;
    kind: string;
    plural: string;
    /** The schema of `spec`, as in the chart. */
    spec: Schema;
}

/** What schemas/istio-<version>.json holds. */
export interface VendoredSchemas {
    istio: string;
    kinds: KindSchema[];
}

interface CustomResourceDefinition {
    spec: {
        group: string;
        names: { kind: string; plural: string };
        versions: { name: string; schema: { openAPIV3Schema: { properties: { spec: Schema } } } }[];
    };
}

/** The kinds this project types, in the order of the generated file. */
export const typedKinds = [
    "networking.istio.io/v1/Gateway",
    "networking.istio.io/v1/VirtualService",
    "networking.istio.io/v1/DestinationRule",
    "networking.istio.io/v1/ServiceEntry",
    "networking.istio.io/v1/WorkloadEntry",
    "networking.istio.io/v1/Sidecar",
    "networking.istio.io/v1alpha3/EnvoyFilter",
    "security.istio.io/v1/PeerAuthentication",
    "security.istio.io/v1/RequestAuthentication",
    "security.istio.io/v1/AuthorizationPolicy",
    "telemetry.istio.io/v1/Telemetry",
];

const schemaFolder = join(__dirname, "../../schemas");

/** The one vendored file; its name follows the Istio version. */
export function vendoredFile(): string {
    const [file, ...others] = readdirSync(schemaFolder).filter((name) => /^istio-.*\.json$/.test(name));
    if (!file || others.length > 0) {
        throw new Error(`${schemaFolder} must hold exactly one istio-<version>.json`);
    }
    return join(schemaFolder, file);
}

export function vendoredFileFor(version: string): string {
    return join(schemaFolder, `istio-${version}.json`);
}

export function readVendored(): VendoredSchemas {
    return JSON.parse(readFileSync(vendoredFile(), "utf8")) as VendoredSchemas;
}

/** Reads the schemas out of Istio's base chart: the packaged .tgz or the unpacked folder. */
export function extractFromChart(chart: string): VendoredSchemas {
    const { version } = parseAllDocuments(chartFile(chart, "Chart.yaml"))[0]?.toJS() as { version: string };
    return extractSchemas(version, chartFile(chart, "files/crd-all.gen.yaml"));
}

export function extractSchemas(istio: string, crdYaml: string): VendoredSchemas {
    const crds = parseAllDocuments(crdYaml)
        .map((document) => document.toJS() as CustomResourceDefinition | null)
        .filter((crd) => crd !== null);
    const kinds = crds.flatMap(({ spec: { group, names, versions } }) =>
        versions.map((version) => ({
            apiVersion: `${group}/${version.name}`,
            kind: names.kind,
            plural: names.plural,
            spec: version.schema.openAPIV3Schema.properties.spec,
        })),
    );
    return { istio, kinds: typedKinds.map((id) => findKind(kinds, id)) };
}

function findKind(kinds: KindSchema[], id: string): KindSchema {
    const found = kinds.find(({ apiVersion, kind }) => `${apiVersion}/${kind}` === id);
    if (!found) {
        throw new Error(`the chart has no CRD for ${id}`);
    }
    return found;
}

function chartFile(chart: string, path: string): string {
    if (statSync(chart).isDirectory()) {
        return readFileSync(join(chart, path), "utf8");
    }
    return execFileSync("tar", ["-xzOf", chart, `base/${path}`], { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
}
