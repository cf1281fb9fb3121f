import { ANNOTATIONS } from "../../../components/annotations";
import { at, isUnknown, type Plan } from "../../model";
import { ofType } from "../../query";
import { expiryWords, validityWords } from "../validity";
import type { Entrance } from "../entrances/entrance";
import type { SecurityObjects } from "./objects";

/** Each certificate of the gateway: its expiry, and what renews it. */
export function certificateLines(plan: Plan, objects: SecurityObjects, entrances: Entrance[]): string[] {
    const shown = entrances.flatMap(({ listeners }) => listeners.map(({ credential }) => credential));
    return [...new Set(shown)]
        .filter((name) => name !== undefined)
        .map((name) => `${name}, ${lifeOf(name, plan, objects)}`);
}

function lifeOf(name: string, plan: Plan, { certificates }: SecurityObjects): string {
    const managed = certificates.find(({ spec }) => spec.secretName === name);
    if (managed) {
        const { kind, name: issuer } = managed.spec.issuerRef ?? {};
        return `renewed by cert-manager from ${kind} ${issuer}`;
    }
    const secret = ofType(plan, "Secret").find(({ inputs }) => at(inputs, "metadata", "name") === name);
    if (!secret) {
        return "in a Secret managed outside this stack";
    }
    return expiryWords(secret.inputs) ?? generatedWords(plan, secret.inputs) ?? "expiry unknown";
}

/** For a certificate that does not exist yet: how long it will be valid. */
function generatedWords(plan: Plan, secret: unknown): string | undefined {
    const expiry = at(secret, "metadata", "annotations", ANNOTATIONS.certificateExpiry);
    const urns = isUnknown(expiry) ? expiry.$unknown : [];
    const certificate = ofType(plan, "LocallySignedCert").find(({ urn }) => urns.includes(urn));
    return certificate && validityWords(certificate.inputs);
}
