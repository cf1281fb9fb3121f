import * as pulumi from "@pulumi/pulumi";
import { setCommand, type Problem } from "./problems";

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

const REGION = /^[a-z]{2,}-[a-z0-9]+(-[a-z0-9]+)*-\d$/;

/** Reads and checks the `oci:` settings. */
export function readOciSettings(): { settings?: OciSettings; problems: Problem[] } {
    const config = new pulumi.Config("oci");
    const region = config.get("region");
    if (region === undefined || !REGION.test(region)) {
        const found = region === undefined ? "is missing" : `is ${JSON.stringify(region)}`;
        const message = `${found}, must be a region identifier such as us-ashburn-1`;
        return { problems: [{ key: "oci:region", message, mend: [setCommand("oci:region", "us-ashburn-1")] }] };
    }
    return {
        problems: [],
        settings: {
            region,
            auth: config.get("auth"),
            configFileProfile: config.get("configFileProfile"),
            tenancyOcid: config.get("tenancyOcid"),
            userOcid: config.get("userOcid"),
            fingerprint: config.get("fingerprint"),
            privateKeyPath: config.get("privateKeyPath"),
            privateKey: config.getSecret("privateKey"),
            privateKeyPassword: config.getSecret("privateKeyPassword"),
        },
    };
}
