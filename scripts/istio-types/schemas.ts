import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parse, parseAllDocuments } from "yaml";

/** The part of OpenAPI v3 that the CRDs use. */
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

/** What schemas/<project>-<version>.json holds. */
export interface VendoredSchemas {
    version: string;
    kinds: KindSchema[];
}

/** A project whose kinds are typed here. */
export interface Project {
    name: string;
    /** Copyright holder. */
    authors: string;
    /** Start of the vendored file's name. */
    file: "istio" | "gateway-api";
    /** The kinds, in the order of the generated file. */
    kinds: string[];
}

interface CustomResourceDefinition {
    kind: string;
    spec: {
        group: string;
        names: { kind: string; plural: string };
        versions: { name: string; schema: { openAPIV3Schema: { properties: { spec: Schema } } } }[];
    };
}

export const istio: Project = {
    name: "Istio",
    authors: "Istio Authors",
    file: "istio",
    kinds: [
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
    ],
};

/** The kinds of gateway.kind gateway-api. https://gateway-api.sigs.k8s.io */
export const gatewayApi: Project = {
    name: "Gateway API",
    authors: "The Kubernetes Authors",
    file: "gateway-api",
    kinds: ["gateway.networking.k8s.io/v1/Gateway", "gateway.networking.k8s.io/v1/HTTPRoute"],
};

const schemaFolder = join(__dirname, "../../schemas");

/** The one vendored file of a project; its name follows the version. */
export function vendoredFile({ file: prefix }: Project): string {
    const [file, ...others] = readdirSync(schemaFolder).filter((name) =>
        new RegExp(`^${prefix}-\\d.*\\.json$`).test(name),
    );
    if (!file || others.length > 0) {
        throw new Error(`${schemaFolder} must hold exactly one ${prefix}-<version>.json`);
    }
    return join(schemaFolder, file);
}

export function vendoredFileFor({ file }: Project, version: string): string {
    return join(schemaFolder, `${file}-${version}.json`);
}

export function readVendored(project: Project): VendoredSchemas {
    return JSON.parse(readFileSync(vendoredFile(project), "utf8")) as VendoredSchemas;
}

/** Reads the schemas out of Istio's base chart: the packaged .tgz or the unpacked folder. */
export function extractFromChart(chart: string): VendoredSchemas {
    const { version } = parse(chartFile(chart, "Chart.yaml")) as { version: string };
    return extractSchemas(istio, version, chartFile(chart, "files/crd-all.gen.yaml"));
}

/** Reads the schemas out of a release file of the Gateway API, which says its version in each CRD. */
export function extractFromManifest(file: string): VendoredSchemas {
    const text = readFileSync(file, "utf8");
    const version = /bundle-version: v([\d.]+)/.exec(text)?.[1];
    if (version === undefined) {
        throw new Error(`${file} is not a release of the Gateway API`);
    }
    return extractSchemas(gatewayApi, version, text);
}

export function extractSchemas(project: Project, version: string, crdYaml: string): VendoredSchemas {
    const crds = parseAllDocuments(crdYaml)
        .map((document) => document.toJS() as CustomResourceDefinition | null)
        .filter((crd): crd is CustomResourceDefinition => crd?.kind === "CustomResourceDefinition");
    const kinds = crds.flatMap(({ spec: { group, names, versions } }) =>
        versions.map((each) => ({
            apiVersion: `${group}/${each.name}`,
            kind: names.kind,
            plural: names.plural,
            spec: each.schema.openAPIV3Schema.properties.spec,
        })),
    );
    return { version, kinds: project.kinds.map((id) => findKind(kinds, id)) };
}

function findKind(kinds: KindSchema[], id: string): KindSchema {
    const found = kinds.find(({ apiVersion, kind }) => `${apiVersion}/${kind}` === id);
    if (!found) {
        throw new Error(`there is no CRD for ${id}`);
    }
    return found;
}

function chartFile(chart: string, path: string): string {
    if (statSync(chart).isDirectory()) {
        return readFileSync(join(chart, path), "utf8");
    }
    return execFileSync("tar", ["-xzOf", chart, `base/${path}`], { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
}
