/**
 * Writes the types of Istio's and the Gateway API's kinds from the schemas in schemas/.
 *
 *     npm run generate:istio                                  regenerate
 *     npm run generate:istio -- path/to/base-1.31.4.tgz       take the schemas from Istio's base chart first
 *     npm run generate:istio -- path/to/standard-install.yaml take them from a release of the Gateway API first
 */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatted } from "./formatted";
import { gatewayApiShapeNames, shapeNames } from "./istio-types/names";
import {
    extractFromChart,
    extractFromManifest,
    gatewayApi,
    istio,
    readVendored,
    vendoredFile,
    vendoredFileFor,
    type Project,
} from "./istio-types/schemas";
import { typescriptOf } from "./istio-types/typescript";

const components = join(__dirname, "../components");

/** What is generated: a file of types for each project. */
export const generated: { project: Project; file: string; names: Record<string, string> }[] = [
    { project: istio, file: join(components, "istio/api/specs.ts"), names: shapeNames },
    { project: gatewayApi, file: join(components, "gatewayApi/specs.ts"), names: gatewayApiShapeNames },
];

/** The content of a file of types for the vendored schemas. */
export async function generateSpecs({ project, file, names }: (typeof generated)[number]): Promise<string> {
    const source = await typescriptOf(project, readVendored(project), names);
    return formatted(file, source);
}

function vendor(source: string): void {
    const fromManifest = /\.ya?ml$/.test(source);
    const project = fromManifest ? gatewayApi : istio;
    const schemas = fromManifest ? extractFromManifest(source) : extractFromChart(source);
    rmSync(vendoredFile(project), { force: true });
    writeFileSync(vendoredFileFor(project, schemas.version), `${JSON.stringify(schemas, null, 2)}\n`);
}

async function main(sources: string[]): Promise<void> {
    sources.forEach(vendor);
    for (const each of generated) {
        writeFileSync(each.file, await generateSpecs(each));
    }
}

if (require.main === module) {
    void main(process.argv.slice(2));
}
