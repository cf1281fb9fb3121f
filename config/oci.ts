import * as pulumi from "@pulumi/pulumi";
import { unknownSetting } from "./fromZod";
import { nearest } from "./nearest";
import { setCommand, type Problem } from "./problems";
import { knownRegion, REGIONS } from "./regions";
import { isSecretKey } from "./secretKeys";

/** How the OCI provider signs in: the standard `oci:` settings of a stack. Left out: the DEFAULT profile of ~/.oci/config. */
export interface OciSettings {
    region: string;
    auth?: string;
    configFileProfile?: string;
    tenancyOcid?: string;
    userOcid?: string;
    fingerprint?: string;
    privateKeyPath?: string;
    /** Secrets, and never read as plain text. */
    privateKey?: pulumi.Output<string>;
    privateKeyPassword?: pulumi.Output<string>;
}

const PLAIN = [
    "auth",
    "configFileProfile",
    "tenancyOcid",
    "userOcid",
    "fingerprint",
    "privateKeyPath",
] as const satisfies (keyof OciSettings)[];

const SECRET = ["privateKey", "privateKeyPassword"] as const satisfies (keyof OciSettings)[];

const REGION = /^[a-z]{2,}-[a-z0-9]+(-[a-z0-9]+)*-\d$/;

/**
 * Reads and checks the `oci:` settings, with the tenancy if there is a reason that needs it. The provider is explicit, so a
 * key that is not read here would have no effect.
 */
export function readOciSettings(tenancyFor?: string): { settings?: OciSettings; problems: Problem[] } {
    const config = new pulumi.Config("oci");
    const problems = [...regionProblems(config), ...unknownKeys(), ...plainSecrets(config)];
    if (tenancyFor !== undefined && config.get("tenancyOcid") === undefined) {
        const message = `is missing; ${tenancyFor}`;
        problems.push({ key: "oci:tenancyOcid", message, fix: [setCommand("oci:tenancyOcid", "<ocid1.tenancy...>")] });
    }
    problems.push(...formProblems(config));
    if (problems.length > 0) {
        return { problems };
    }
    const settings: OciSettings = { region: config.require("region") };
    PLAIN.forEach((key) => (settings[key] = config.get(key)));
    SECRET.forEach((key) => (settings[key] = config.getSecret(key)));
    return { problems, settings };
}

function regionProblems(config: pulumi.Config): Problem[] {
    const region = config.get("region");
    if (region !== undefined && REGION.test(region)) {
        return [];
    }
    const found = region === undefined ? "is missing" : `is ${JSON.stringify(region)}`;
    const message = `${found}, must be a region identifier such as us-ashburn-1`;
    // A key (`iad`), another case, a slip; but never an unrelated region.
    const meant =
        region === undefined ? undefined : (knownRegion(region) ?? nearest(region.trim(), Object.keys(REGIONS)));
    return [{ key: "oci:region", message, fix: [setCommand("oci:region", meant ?? "<region>")] }];
}

/** Forms of the plain settings, and placeholders for what cannot be guessed. */
const FORMS: Partial<Record<(typeof PLAIN)[number], { pattern: RegExp; what: string; placeholder: string }>> = {
    tenancyOcid: ocidForm("tenancy"),
    userOcid: ocidForm("user"),
    fingerprint: {
        pattern: /^([0-9a-f]{2}:){15}[0-9a-f]{2}$/,
        what: "16 pairs of hexadecimal digits with colons, as the console shows them",
        placeholder: "<fingerprint>",
    },
};

/** https://www.pulumi.com/registry/packages/oci/installation-configuration/ */
const SIGN_INS = [
    "ApiKey",
    "InstancePrincipal",
    "InstancePrincipalWithCerts",
    "SecurityToken",
    "ResourcePrincipal",
    "OKEWorkloadIdentity",
    "WorkloadIdentityFederation",
];

function ocidForm(type: string) {
    const pattern = new RegExp(`^ocid1\\.${type}\\.[a-z0-9]+\\.[a-z0-9-]*\\.[a-z0-9._-]+$`);
    return { pattern, what: `an OCID that starts with ocid1.${type}.`, placeholder: `<ocid1.${type}...>` };
}

function formProblems(config: pulumi.Config): Problem[] {
    const forms = PLAIN.flatMap((key): Problem[] => {
        const [value, form] = [config.get(key), FORMS[key]];
        if (value === undefined || form === undefined || form.pattern.test(value)) {
            return [];
        }
        const meant = form.pattern.test(value.trim()) ? value.trim() : form.placeholder;
        const message = `is ${JSON.stringify(value)}, must be ${form.what}`;
        return [{ key: `oci:${key}`, message, fix: [setCommand(`oci:${key}`, meant)] }];
    });
    const auth = config.get("auth");
    if (auth === undefined || SIGN_INS.some((known) => known.toLowerCase() === auth.toLowerCase())) {
        return forms;
    }
    const message = `is ${JSON.stringify(auth)}, must be ${SIGN_INS.join(" or ")}`;
    const fix = [setCommand("oci:auth", nearest(auth, SIGN_INS) ?? "<way to sign in>")];
    return [...forms, { key: "oci:auth", message, fix }];
}

function unknownKeys(): Problem[] {
    const known = ["region", ...PLAIN, ...SECRET];
    return Object.keys(pulumi.runtime.allConfig())
        .filter((key) => key.startsWith("oci:"))
        .map((key) => key.slice("oci:".length))
        .filter((name) => !known.includes(name))
        .map((name) => unknownSetting(`oci:${name}`, name, known));
}

function plainSecrets(config: pulumi.Config): Problem[] {
    return SECRET.filter((key) => config.getSecret(key) !== undefined && !isSecretKey(`oci:${key}`)).map((key) => ({
        key: `oci:${key}`,
        message: "is plain text in the stack file, must be encrypted",
        fix: [`pulumi config set --secret oci:${key}`],
    }));
}
