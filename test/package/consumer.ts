import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";

export const root = path.join(__dirname, "../..");

interface Manifest {
    name: string;
    version: string;
    peerDependencies: Record<string, string>;
    dependencies: Record<string, string>;
}

export interface Consumer {
    /** Folder with `node_modules`, in which programs of the test have their own folders. */
    folder: string;
    /** What `npm pack` puts into the package. */
    files: string[];
    /** The manifest as it is installed. */
    manifest: Manifest;
}

/** npm without this run's settings: as users start it. */
const npm = (args: string[], cwd: string) =>
    execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

/**
 * Builds and packs the library, and installs it into an empty folder as npm would, without the network: the tarball is
 * unpacked, and what its manifest asks for is linked to the packages of this repository. Nothing else is there.
 */
export function installedConsumer(): Consumer {
    npm(["run", "--silent", "build:library"], root);
    const folder = mkdtempSync(path.join(tmpdir(), "oke-mesh-consumer-"));
    const [packed] = JSON.parse(npm(["pack", "./dist", "--json", "--pack-destination", folder], root)) as {
        filename: string;
        files: { path: string }[];
    }[];
    const installed = path.join(folder, "node_modules/oke-mesh");
    mkdirSync(installed, { recursive: true });
    execFileSync("tar", ["-xzf", path.join(folder, packed!.filename), "-C", installed, "--strip-components", "1"]);
    const manifest = JSON.parse(readFileSync(path.join(installed, "package.json"), "utf8")) as Manifest;
    const tools = ["typescript", "@types/node"];
    for (const name of [...Object.keys({ ...manifest.peerDependencies, ...manifest.dependencies }), ...tools]) {
        const link = path.join(folder, "node_modules", name);
        mkdirSync(path.dirname(link), { recursive: true });
        symlinkSync(path.join(root, "node_modules", name), link);
    }
    return { folder, files: packed!.files.map((file) => file.path).sort(), manifest };
}
