import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { drawingOf, fingerprint } from "../../scripts/pictures/pictures";
import { recorded } from "./recorded";

const FOLDER = join(__dirname, "../../docs/pictures");

/** Why a picture of the documentation does not show today's plan; undefined if it does. No browser is needed to know. */
export async function pictureProblem(file: string): Promise<string | undefined> {
    const path = join(FOLDER, `${file}.svg`);
    const svg = existsSync(path) ? readFileSync(path, "utf8") : "";
    const wanted = fingerprint(await drawingOf(file, recorded));
    return svg.includes(`<metadata>${wanted}</metadata>`)
        ? undefined
        : `docs/pictures/${file}.svg is not of today's plan: npm run generate:pictures`;
}
