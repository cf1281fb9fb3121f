import * as fs from "node:fs";
import * as path from "node:path";
import { didYouMean } from "./didYouMean";
import { UserError } from "./errors";
import { isMap } from "./model";
import { YamlFile } from "./yamlFile";

/** Settings as Pulumi hands them to a program: `project:key` to text, structured values as JSON. */
export interface StackConfig {
    project: string;
    /** Folder of the project, with its Pulumi.yaml and its program. */
    folder: string;
    /** Name of the stack. */
    stack: string;
    config: Record<string, string>;
    /** Keys whose value holds something encrypted. */
    secretKeys: string[];
    /** What the plan could not consider. */
    warnings: string[];
}

/** Stands for an encrypted value, which only the stack's secrets provider can decrypt. */
const encrypted = "[secret]";

/**
 * Keys at the top of a stack file (`ProjectStack` in pulumi's sdk/go/common/workspace/project.go). Pulumi silently ignores
 * any other, with the settings below it.
 */
const stackKeys = ["config", "environment", "mainEnvironment", "secretsprovider", "encryptedkey", "encryptionsalt"];

/**
 * Reads Pulumi.yaml's defaults and a stack's file: Pulumi.<stack>.yaml of the project in `from`. If `stack` is the path of a
 * file, its project is the nearest one above it, as for Pulumi. Throws a UserError that the user can act on.
 */
export function readStack(from: string, stack: string): StackConfig {
    const located = stackFile(from, stack);
    const folder = path.basename(stack) === stack ? from : projectAbove(located);
    const project = new YamlFile(path.join(folder, "Pulumi.yaml"));
    const name = project.get("name");
    if (typeof name !== "string") {
        throw project.error(["name"], "the project needs a name");
    }
    const file = new YamlFile(located);
    file.allow(stackKeys);
    const settings: Record<string, unknown> = {
        ...qualified(name, defaultsOf(project.section("config"))),
        ...qualified(name, file.section("config")),
    };
    const secretKeys = Object.keys(settings).filter((key) => holdsSecret(settings[key]));
    const warnings =
        file.get("environment") || file.get("mainEnvironment")
            ? [`${path.basename(located)} takes settings from an ESC environment, which the plan cannot read.`]
            : [];
    return { project: name, folder, stack: stackOf(located)!, config: asText(settings), secretKeys, warnings };
}

/** Name of the stack whose file this is, if it can be one. */
function stackOf(file: string): string | undefined {
    return /^Pulumi\.(.+)\.ya?ml$/.exec(path.basename(file))?.[1];
}

/** Names of the stacks that have a file in the folder. */
function stacksIn(folder: string): string[] {
    return fs
        .readdirSync(folder)
        .map(stackOf)
        .filter((name) => name !== undefined)
        .sort();
}

/** Adds the project's name to keys without a namespace, as the CLI does. */
export function qualified(project: string, settings: Record<string, unknown>): Record<string, unknown> {
    return Object.fromEntries(
        Object.entries(settings).map(([key, value]) => [key.includes(":") ? key : `${project}:${key}`, value]),
    );
}

/**
 * Settings as the engine hands them over: text as it is, nothing (`key:`) as empty text, everything else as JSON,
 * encrypted values replaced.
 */
export function asText(settings: Record<string, unknown>): Record<string, string> {
    return Object.fromEntries(
        Object.entries(settings)
            .filter(([, value]) => value !== undefined)
            .map(([key, value]) => [key, withoutSecrets(value ?? "")] as const)
            .map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
    );
}

function stackFile(folder: string, stack: string): string {
    if (path.basename(stack) !== stack) {
        return fileAt(stack);
    }
    const file = [`Pulumi.${stack}.yaml`, `Pulumi.${stack}.yml`].find((name) => fs.existsSync(path.join(folder, name)));
    if (file) {
        return path.join(folder, file);
    }
    const known = stacksIn(folder);
    const list = known.length > 0 ? `Stacks with a settings file: ${known.join(", ")}.` : "There are none yet.";
    throw new UserError(
        `There is no stack "${stack}": no file Pulumi.${stack}.yaml in ${folder}.${didYouMean(stack, known)}\n${list}`,
    );
}

/** A stack file that is named by its path. */
function fileAt(named: string): string {
    if (stackOf(named) !== undefined && fs.existsSync(named)) {
        return named;
    }
    const folder = fs.existsSync(named) && fs.statSync(named).isDirectory() ? named : path.dirname(named);
    const files = fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => stackOf(name) !== undefined) : [];
    const list = files.map((name) => `\nThere is ${path.join(folder, name)}.`).join("");
    const problem = fs.existsSync(named)
        ? "is no stack file: a path must lead to a file Pulumi.<name>.yaml."
        : "does not exist.";
    throw new UserError(`${named} ${problem}${list}`);
}

/** The nearest folder with a project, from a file upwards. */
function projectAbove(file: string): string {
    let folder = path.dirname(path.resolve(file));
    while (!fs.existsSync(path.join(folder, "Pulumi.yaml"))) {
        const above = path.dirname(folder);
        if (above === folder) {
            throw new UserError(`${file} belongs to no project: no folder above it has a Pulumi.yaml.`);
        }
        folder = above;
    }
    return folder;
}

/** Values of a `config:` in Pulumi.yaml: plain, or described with `value` or `default`. */
function defaultsOf(declared: Record<string, unknown>): Record<string, unknown> {
    const values = Object.entries(declared).map(([key, entry]) => {
        const described = isMap(entry) ? (entry.value ?? entry.default) : entry;
        return [key, described] as const;
    });
    return Object.fromEntries(values.filter(([, value]) => value !== undefined && value !== null));
}

function isSecret(value: unknown): boolean {
    return isMap(value) && Object.keys(value).length === 1 && typeof value.secure === "string";
}

function holdsSecret(value: unknown): boolean {
    return isSecret(value) || (typeof value === "object" && value !== null && Object.values(value).some(holdsSecret));
}

function withoutSecrets(value: unknown): unknown {
    if (isSecret(value)) {
        return encrypted;
    }
    if (Array.isArray(value)) {
        return value.map(withoutSecrets);
    }
    return isMap(value)
        ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutSecrets(inner)]))
        : value;
}
