import * as runtimeConfig from "@pulumi/pulumi/runtime/config";

/** Present in every SDK of the last years, but left out of its typings: hence the question mark. */
const { isConfigSecret } = runtimeConfig as { isConfigSecret?: (key: string) => boolean };

/** Whether the stack stores this key encrypted; in doubt, yes. Such a value must not appear in an error. */
export function isSecretKey(key: string): boolean {
    return isConfigSecret?.(key) ?? true;
}
