/** Writes schemas/stack.schema.json and docs/configuration.md from the schema of the settings: `npm run generate:config`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { configurationPage, stackFileSchema } from "./configuration";

const root = join(__dirname, "..");
writeFileSync(join(root, "schemas/stack.schema.json"), `${JSON.stringify(stackFileSchema(), undefined, 2)}\n`);
writeFileSync(join(root, "docs/configuration.md"), configurationPage());
