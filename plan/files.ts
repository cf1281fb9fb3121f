import * as fs from "node:fs";
import * as path from "node:path";
import { UserError } from "./errors";
import { readmeTitle, RELEASES, type ManifestFile } from "./report/manifests";

/** A file as text. */
export function readFile(file: string): string {
    try {
        return fs.readFileSync(file, "utf8");
    } catch (error) {
        throw new UserError(`Cannot read ${file}: ${(error as Error).message}`);
    }
}

export function writeFile(file: string, content: string): void {
    try {
        fs.writeFileSync(file, content);
    } catch (error) {
        throw new UserError(`Cannot write ${file}: ${(error as Error).message}`);
    }
}

/** Throws a UserError if a folder for manifests has a README.md that no plan wrote, because it would be overwritten. */
export function refuseForeignFolder(folder: string): void {
    const readme = path.join(folder, "README.md");
    if (fs.existsSync(readme) && !readFile(readme).startsWith(readmeTitle)) {
        throw new UserError(
            `${readme} is not a plan's, and --manifests would overwrite it. Name another folder, or a new one.`,
        );
    }
}

/** Writes the manifests and removes those of an earlier plan, if a plan wrote the folder. */
export function writeFolder(folder: string, files: ManifestFile[]): void {
    try {
        makeFolder(path.join(path.resolve(folder), RELEASES));
    } catch (error) {
        throw new UserError(`Cannot create the folder ${folder}: ${(error as Error).message}`);
    }
    if (fs.existsSync(path.join(folder, "README.md"))) {
        for (const part of [folder, path.join(folder, RELEASES)]) {
            const stale = fs.readdirSync(part).filter((file) => /^\d+-.*\.yaml$/.test(file));
            stale.forEach((file) => fs.rmSync(path.join(part, file)));
        }
    }
    files.forEach((file) => writeFile(path.join(folder, file.path), file.content));
}

/** One level at a time: `mkdirSync` with `recursive` does not return for a folder in /proc. */
function makeFolder(folder: string): void {
    if (!fs.existsSync(folder)) {
        makeFolder(path.dirname(folder));
        fs.mkdirSync(folder);
    }
}
