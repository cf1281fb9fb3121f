/**
 * Writes components/istio/api/specs.ts from the Istio schemas in schemas/.
 *
 *     npm run generate:istio                               regenerate
 *     npm run generate:istio -- path/to/base-1.31.1.tgz    take the schemas from Istio's base chart first
 */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { extractFromChart, readVendored, vendoredFile, vendoredFileFor } from "./istio-types/schemas";
import { typescriptOf } from "./istio-types/typescript";

export const specsFile = join(__dirname, "../components/istio/api/specs.ts");

/** What specs.ts should hold, given the vendored schemas. */
export async function generateSpecs(): Promise<string> {
    const source = await typescriptOf(readVendored());
    return format(source, { ...(await resolveConfig(specsFile)), parser: "typescript" });
}

function vendor(chart: string): void {
    const schemas = extractFromChart(chart);
    rmSync(vendoredFile(), { force: true });
    writeFileSync(vendoredFileFor(schemas.istio), `${JSON.stringify(schemas, null, 2)}\n`);
}

async function main([chart]: string[]): Promise<void> {
    if (chart) {
        vendor(chart);
    }
    writeFileSync(specsFile, await generateSpecs());
}

if (require.main === module) {
    void main(process.argv.slice(2));
}
