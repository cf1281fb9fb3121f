import * as runtimeConfig from "@pulumi/pulumi/runtime/config";

/** Present in every SDK of the last years, but left out of its typings: hence the question mark. */
const { isConfigSecret } = runtimeConfig as { isConfigSecret?: (key: string) => boolean };

/** Whether the stack stores this key, or something inside it, encrypted. */
export function isSecretKey(key: string): boolean {
    return isConfigSecret?.(key) ?? false;
}
