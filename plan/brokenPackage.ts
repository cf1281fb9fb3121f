import * as path from "node:path";

/** The installed package whose files Node did not find; undefined for any other error. */
export function brokenPackage(error: unknown): string | undefined {
    if (!(error instanceof Error) || !("code" in error) || error.code !== "MODULE_NOT_FOUND") {
        return undefined;
    }
    const [, wanted = ""] = /^Cannot find module '(.+?)'/.exec(error.message) ?? [];
    const [requirer = ""] = "requireStack" in error ? (error.requireStack as string[]) : [];
    if (path.isAbsolute(wanted)) {
        return packageOf(wanted);
    }
    return wanted.startsWith(".") ? packageOf(requirer) : /^(@[^/]+\/)?[^/]+/.exec(wanted)?.[0];
}

/** The package that a file is in: the one after the last `node_modules`. */
function packageOf(file: string): string | undefined {
    const inside = file.replaceAll("\\", "/");
    return /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(inside)?.[1];
}
