import { createHash } from "node:crypto";

// Names in OCI come from project and stack, and a stack's name may have dots, hyphens, underscores and 100 characters.

/** Name of a notification topic: letters, digits, hyphens and underscores. */
export function topicName(name: string): string {
    return shortened(name.replace(/[^\w-]/g, "-"), 256);
}

/** Name of an OCI Bastion: letters and digits. */
export function bastionName(name: string): string {
    return shortened(name.replace(/[^A-Za-z0-9]/g, ""), 255);
}

/** Name of a group or policy: letters, digits, hyphens, underscores and dots, 100 of them at most. */
export function identityName(name: string): string {
    return shortened(name.replace(/[^\w.-]/g, "-"), 100);
}

/** Truncated names could collide, so they end with a digest of the whole name. */
function shortened(name: string, length: number): string {
    if (name.length <= length) {
        return name;
    }
    const digest = createHash("sha256").update(name).digest("hex").slice(0, 8);
    return `${name.slice(0, length - digest.length)}${digest}`;
}
