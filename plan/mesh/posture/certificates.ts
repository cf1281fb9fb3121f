import { at, isUnknown, type Plan } from "../../model";
import { ofType } from "../../query";
import { endWords, validityWords } from "../validity";
import type { WayIn } from "../ways/way";
import { list } from "../../words";
import type { SecurityObjects } from "./objects";

/** Each certificate that the gateway shows: until when, and who renews it. */
export function certificateLines(plan: Plan, objects: SecurityObjects, ways: WayIn[]): string[] {
    const shown = ways.flatMap(({ listeners }) => listeners.map(({ credential }) => credential));
    return [...new Set(shown)]
        .filter((name) => name !== undefined)
        .map((name) => `${name}, ${lifeOf(name, plan, objects)}`);
}

function lifeOf(name: string, plan: Plan, { certificates }: SecurityObjects): string {
    const managed = certificates.find((certificate) => at(certificate, "spec", "secretName") === name);
    if (managed) {
        const issuer = at(managed, "spec", "issuerRef");
        return `renewed by cert-manager from ${list([at(issuer, "kind"), at(issuer, "name")]).replace(", ", " ")}`;
    }
    const secret = ofType(plan, "Secret").find(({ inputs }) => at(inputs, "metadata", "name") === name);
    if (!secret) {
        return "in a Secret that somebody else keeps";
    }
    return endWords(secret.inputs) ?? generatedWords(plan, secret.inputs) ?? "with an end that is not known";
}

/** A certificate that is yet to be made says how long it will be valid. */
function generatedWords(plan: Plan, secret: unknown): string | undefined {
    const ends = at(secret, "metadata", "annotations", "oke-mesh/certificate-ends");
    const urns = isUnknown(ends) ? ends.$unknown : [];
    const certificate = ofType(plan, "LocallySignedCert").find(({ urn }) => urns.includes(urn));
    return certificate && validityWords(certificate.inputs);
}
