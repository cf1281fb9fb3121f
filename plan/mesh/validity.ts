import { ANNOTATIONS } from "../../components/annotations";
import { at, isUnknown } from "../model";
import { prefixed } from "../words";

const HOURS_A_DAY = 24;

/** How long a certificate of @pulumi/tls is valid and when it is renewed, such as `valid 90 days, renewed in the last 30`. */
export function validityWords(inputs: unknown): string | undefined {
    const [valid, early] = [at(inputs, "validityPeriodHours"), at(inputs, "earlyRenewalHours")];
    if (typeof valid !== "number") {
        return undefined;
    }
    const renewed = typeof early === "number" ? `, renewed in the last ${early / HOURS_A_DAY}` : "";
    return `valid ${valid / HOURS_A_DAY} days${renewed}`;
}

/** Expiry of the certificate in a Secret, if it is known before `pulumi up`. */
export function expiryWords(secret: unknown): string | undefined {
    const expiry = at(secret, "metadata", "annotations", ANNOTATIONS.certificateExpiry);
    return isUnknown(expiry) ? undefined : prefixed("expires ", expiry);
}
