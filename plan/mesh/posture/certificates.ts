import { ANNOTATIONS } from "../../../components/annotations";
import { at, sourcesOf, type Plan, type Resource } from "../../model";
import { ofType } from "../../query";
import { expiryWords, validityWords } from "../validity";
import type { Entrance } from "../entrances/entrance";
import { entrancesOf } from "../entrances/entrances";
import { securityObjects, type SecurityObjects } from "./objects";

/** A certificate, or the authority that signs others. */
export interface Certificate {
    /** Name of its Secret, or of its resource. */
    name: string;
    /** Where it is used, as text. */
    uses: string[];
    /** Its expiry, or what renews it. */
    life: string;
}

/** Each certificate of the gateway as text: its expiry, and what renews it. */
export function certificateLines(plan: Plan, objects: SecurityObjects, entrances: Entrance[]): string[] {
    return ofGateways(plan, objects, entrances).map(({ name, life }) => `${name}, ${life}`);
}

/** The certificates of the gateways, and those that the plan signs besides. */
export function certificatesOf(plan: Plan): Certificate[] {
    const authorities = ofType(plan, "SelfSignedCert").map((each) => signed(each, "signs the others"));
    const clients = ofType(plan, "LocallySignedCert")
        .filter(({ name }) => name.endsWith("-client"))
        .map((each) => signed(each, "clients of the gateway"));
    return [...ofGateways(plan, securityObjects(plan), entrancesOf(plan)), ...clients, ...authorities];
}

function signed({ name, inputs }: Resource, use: string): Certificate {
    return { name, uses: [use], life: validityWords(inputs) ?? "expiry unknown" };
}

function ofGateways(plan: Plan, objects: SecurityObjects, entrances: Entrance[]): Certificate[] {
    const listeners = entrances.flatMap((entrance) => entrance.listeners);
    const names = new Set(listeners.flatMap(({ credential }) => (credential === undefined ? [] : [credential])));
    return [...names].map((name) => ({
        name,
        uses: listeners.filter(({ credential }) => credential === name).map(({ words }) => words),
        life: lifeOf(name, plan, objects),
    }));
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
    const urns = sourcesOf(expiry);
    const certificate = ofType(plan, "LocallySignedCert").find(({ urn }) => urns.includes(urn));
    return certificate && validityWords(certificate.inputs);
}
