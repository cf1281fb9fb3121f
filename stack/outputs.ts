import type { AddonAccess } from "../components/addons/access";
import type { Addons } from "../components/addons/addons";
import type { GatewayCertificates } from "../components/certificates/gatewayCertificates";

/** The outputs a stack has. What is absent is left out, where Pulumi would warn of it with every run. */
export function stackOutputs(outputs: Record<string, unknown>): Record<string, unknown> {
    return Object.fromEntries(Object.entries(outputs).filter(([, value]) => value !== undefined));
}

/** What clients of the gateway need where its certificates are made here. */
export function certificateOutputs(certificates: GatewayCertificates | undefined) {
    const { ca, client } = certificates ?? {};
    return { gatewayCa: ca, gatewayClientCertificate: client?.certificate, gatewayClientKey: client?.key };
}

/** How to open each add-on, a line each, and the password that is made here. */
export function addonOutputs(addons: Addons | undefined) {
    const line = ({ command, url, signIn }: AddonAccess) =>
        `${command === undefined ? url : `${command}, then ${url}`} (sign-in: ${signIn})`;
    return {
        // A text rather than an object, which `pulumi stack output addons` would print as JSON on one line.
        addons:
            addons &&
            Object.entries(addons.access)
                .map(([name, access]) => `${name}: ${line(access)}`)
                .join("\n"),
        grafanaAdminPassword: addons?.grafanaAdminPassword,
    };
}
