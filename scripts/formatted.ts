import { readFileSync } from "node:fs";
import { join } from "node:path";
import { format, type FormatOptions } from "oxfmt";

/** Source text as `npm run format` would write it. */
export async function formatted(file: string, source: string): Promise<string> {
    const { tabWidth, printWidth } = JSON.parse(
        readFileSync(join(__dirname, "../.oxfmtrc.json"), "utf8"),
    ) as FormatOptions;
    const { code, errors } = await format(file, source, { tabWidth, printWidth });
    if (errors.length > 0) {
        throw new Error(`${file}: ${errors[0]?.message}`);
    }
    return code;
}
