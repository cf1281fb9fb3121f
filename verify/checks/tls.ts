import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { ISTIO_NAMESPACE } from "../../components/istio/versions";
import type { OpenHost } from "../../mesh/hosts";
import { concrete, needsCertificate, NOBODY } from "../entrances";
import type { Answer } from "../http";
import { failed, passed, type Cause, type Check, type Finding, type Subject } from "../check";

const GUIDE = "Securing Gateways with TLS";
const DAY = 86_400_000;

/** Days before its end from which a certificate is reported: those that renew themselves do so earlier. */
const SOON = 7;

/** Handshakes at the gateway: certificate, redirect, and clients without one of their own. */
export function tlsChecks(subject: Subject): Check[] {
    const encrypted = subject.mesh.hosts.filter(({ tls }) => tls);
    const isAny = encrypted.some(({ host }) => host === "*");
    return [
        ...encrypted
            .filter(({ host }) => host !== "*")
            .flatMap((open) => [
                certificate(open, subject),
                ...plainHttp(open, subject),
                ...(needsCertificate(open) ? [stranger(open, subject)] : []),
            ]),
        ...(encrypted.length > 0 && !isAny ? [otherName(subject)] : []),
    ];
}

/** A name that nobody serves: without a certificate for it, the gateway ends the handshake. */
function otherName({ gateway, settings }: Subject): Check {
    return {
        group: "gateway",
        name: "HTTPS for other hosts",
        expected: "refused",
        guide: GUIDE,
        run: async () => {
            const answer = await gateway.ask(settings.gateway.ports.https, { host: NOBODY, anyCertificate: true });
            const shown = {
                what: `The gateway shows a certificate of ${answer.certificate?.subjectAltName ?? "nobody"} for any name.`,
                fix: "Look for Gateways with the host * at this port.",
                command: "kubectl get gateways -A -o yaml",
            };
            if (isRefusal(answer)) {
                return passed(`refused: ${answer.error}`);
            }
            return answer.certificate
                ? failed(`answered ${answer.status}`, [shown])
                : failed(`not reached: ${answer.error}`, [UNREACHED]);
        },
    };
}

const UNREACHED: Cause = { what: "The gateway cannot be reached.", fix: "See the check of its address and pods." };

function certificate({ host, tls }: OpenHost, { cluster, gateway, settings, client }: Subject): Check {
    const secret = tls!.served.credentialName;
    const mutual = needsCertificate({ tls });
    return {
        group: "gateway",
        name: `certificate of ${host}`,
        expected: `valid for ${host} for ${SOON} days at least`,
        guide: GUIDE,
        run: async () => {
            const secrets = await cluster.list("v1", "Secret", ISTIO_NAMESPACE);
            const pem = secrets.find(({ metadata }) => metadata.name === secret)?.data?.["tls.crt"];
            if (pem === undefined) {
                const fix = "Create it, or run pulumi up.";
                const command = `kubectl get secret ${secret} -n ${ISTIO_NAMESPACE}`;
                return failed("no certificate", [{ what: `The Secret ${secret} is missing.`, fix, command }]);
            }
            const kept = new X509Certificate(Buffer.from(pem, "base64"));
            const name = concrete(host);
            const asked = { host: name, anyCertificate: true, ...(mutual && { client }) };
            const answer = await gateway.ask(settings.gateway.ports.https, asked);
            // A server that asks for a client's certificate ends the connection before it answers.
            const shown = answer.certificate ?? (mutual && isRefusal(answer) ? kept : undefined);
            return shown ? judge(shown, kept, name) : failed(`no handshake: ${answer.error}`, [noHandshake(secret)]);
        },
    };
}

function judge(shown: X509Certificate, kept: X509Certificate, host: string): Finding {
    const days = Math.floor((Date.parse(shown.validTo) - Date.now()) / DAY);
    const causes: Cause[] = [
        ...(days < SOON ? [ending(days)] : []),
        ...((isIP(host) ? shown.checkIP(host) : shown.checkHost(host)) === undefined ? [otherHost(shown, host)] : []),
        ...(shown.serialNumber === kept.serialNumber ? [] : [OLD]),
    ];
    const seen = days < 0 ? `expired ${-days} days ago` : `valid for ${days} more days`;
    return causes.length > 0 ? failed(seen, causes) : passed(seen);
}

const OLD: Cause = {
    what: "The gateway shows another certificate than its Secret has.",
    fix: "Wait until it has taken it up; then restart it.",
    command: `kubectl rollout restart deployment istio-ingressgateway -n ${ISTIO_NAMESPACE}`,
};

function ending(days: number): Cause {
    return {
        what: days < 0 ? "The certificate has expired." : "The certificate expires soon.",
        fix: "Renew it: pulumi up for source generated, a new Secret or file otherwise; with cert-manager see its Certificate.",
        command: "kubectl get certificates -n istio-system",
    };
}

function otherHost(shown: X509Certificate, host: string): Cause {
    return {
        what: `The certificate is for ${shown.subjectAltName ?? "no host"}, not for ${host}.`,
        fix: "Issue one that lists the host.",
    };
}

function noHandshake(secret: string): Cause {
    return {
        what: "The gateway serves no HTTPS for this host.",
        fix: `Check that its Gateway exists and that istiod could read the Secret ${secret}.`,
        command: "istioctl proxy-config secret deploy/istio-ingressgateway -n istio-system",
    };
}

/** HTTP is redirected; an Ingress serves it beside HTTPS; add-ons have no server for it, so that no password goes over it. */
function plainHttp(open: OpenHost, subject: Subject): Check[] {
    if (open.service === undefined) {
        return [closedHttp(open, subject)];
    }
    return subject.settings.gateway.kind === "ingress" ? [] : [redirect(open, subject)];
}

function closedHttp({ host }: OpenHost, { gateway, settings }: Subject): Check {
    return {
        group: "gateway",
        name: `HTTP at ${host}`,
        expected: "not served",
        guide: GUIDE,
        run: async () => {
            const answer = await gateway.ask(settings.gateway.ports.http, { host: concrete(host) });
            const cause = {
                what: "The add-on is served over plain HTTP, and so are passwords.",
                fix: "Look for a Gateway or route for this host that the settings do not have.",
                command: "kubectl get gateways,virtualservices -A -o yaml",
            };
            const seen = answer.status === 0 ? `no answer: ${answer.error}` : String(answer.status);
            return answer.status === 0 || answer.status === 404 ? passed(seen) : failed(seen, [cause]);
        },
    };
}

function redirect({ host }: OpenHost, { gateway, settings }: Subject): Check {
    return {
        group: "gateway",
        name: `HTTP at ${host}`,
        expected: "301 to HTTPS",
        guide: GUIDE,
        run: async () => {
            const { status, headers } = await gateway.ask(settings.gateway.ports.http, { host: concrete(host) });
            const location = String(headers.location ?? "");
            const cause = {
                what: "Plain HTTP is not redirected.",
                fix: "Run pulumi up: the Gateway's httpsRedirect is missing.",
                command: "kubectl get gateways -A -o yaml",
            };
            return status === 301 && location.startsWith("https://")
                ? passed(`301 to ${location}`)
                : failed(String(status), [cause]);
        },
    };
}

/** Whether the server ended the handshake, and not the way to it. */
function isRefusal({ status, error = "" }: Answer): boolean {
    return status === 0 && /^ERR_SSL|^ECONNRESET$|^EPIPE$|socket hang up/.test(error);
}

function stranger({ host, tls }: OpenHost, { gateway, settings }: Subject): Check {
    return {
        group: "gateway",
        name: `client without certificate at ${host}`,
        expected: "refused",
        guide: GUIDE,
        run: async () => {
            const asked = { host: concrete(host), anyCertificate: true };
            const answer = await gateway.ask(settings.gateway.ports.https, asked);
            const cause = {
                what: "The gateway asks for no certificate.",
                fix: "Run pulumi up: the server's mode is not MUTUAL, or its Secret has no ca.crt.",
            };
            if (isRefusal(answer)) {
                return passed(`refused: ${answer.error}`);
            }
            return answer.status === 0
                ? failed(`no handshake: ${answer.error}`, [noHandshake(tls!.served.credentialName)])
                : failed(`answered ${answer.status}`, [cause]);
        },
    };
}
