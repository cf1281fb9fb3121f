import type { Settings } from "../config/schema";

/** The settings' tags, by OCI's names for the two kinds. */
export function ociTags({ tags }: Settings) {
    return { freeformTags: tags.freeform, definedTags: tags.defined };
}
