import type { Resource } from "../model";
import { shortType } from "../query";
import { certificateFacts } from "./kinds/certificates";
import type { Facts } from "./kinds/facts";
import { kubernetesFacts } from "./kinds/kubernetes";
import { meshFacts } from "./kinds/mesh";
import { ociFacts } from "./kinds/oci";
import { text } from "../words";

/** A kind that is not listed shows its name alone. */
const factsByKind: Facts = { ...ociFacts, ...kubernetesFacts, ...certificateFacts, ...meshFacts };

/** The facts worth showing beside a resource's name. Unknown values say how they become known. */
export function factsOf(resource: Resource): string[] {
    const facts = factsByKind[shortType(resource.type)]?.(resource.inputs) ?? [];
    return facts.filter((fact) => fact !== undefined && fact !== "" && fact !== null).map(text);
}

/** Options that affect later changes of the resource. */
export function optionsOf(resource: Resource): string[] {
    return [
        resource.protect ? "protected" : "",
        resource.retainOnDelete ? "kept on delete" : "",
        resource.ignoreChanges.includes("nodeConfigDetails.size") ? "at first, then autoscaled" : "",
        resource.importId ? `imports ${resource.importId}` : "",
    ].filter(Boolean);
}
