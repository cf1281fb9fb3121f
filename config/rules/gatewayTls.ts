import { hostSettings, openHosts, tlsOf, type HostSettings, type TlsOfHost } from "../gatewayTls";
import { nearest } from "../nearest";
import { dotted, setCommand, type Problem } from "../problems";
import { renameCommands } from "../rename";
import { certificateFileProblems } from "./certificateFiles";
import type { Rule } from "./rule";

/** Judges each encrypted host, with the setting it comes from. */
function eachHost(judge: (host: string, tls: TlsOfHost, key: string, settings: HostSettings) => Problem[]): Rule {
    return (settings) => {
        const known = hostSettings(settings);
        return (known ? openHosts(known) : []).flatMap(({ host, key }) => {
            const tls = known && tlsOf(known.gateway, host);
            return known && tls ? judge(host, tls, key, known) : [];
        });
    };
}

/** Where the settings of a host's TLS stand. */
function tlsKey(host: string, { gateway }: HostSettings, part: string): string {
    const own = gateway.tls?.hosts[host];
    return own && Object.hasOwn(own, part) ? dotted(["gateway", "tls", "hosts", host, part]) : `gateway.tls.${part}`;
}

const everyHostHasCertificate = eachHost((host, { certificate }, key) =>
    certificate
        ? []
        : [
              {
                  key: "gateway.tls.certificate",
                  message: `is missing; ${key} ${host} is served with HTTPS`,
                  fix: [setCommand("gateway.tls.certificate.source", "<existing, generated, files or cert-manager>")],
              },
          ],
);

/** A certificate names hosts; none can be issued for all hosts. */
const madeCertificatesHaveNames = eachHost((host, { certificate }, key) =>
    host === "*" && (certificate?.source === "generated" || certificate?.source === "cert-manager")
        ? [
              {
                  key,
                  message: `is *, and a certificate of source ${certificate.source} has to name its hosts`,
                  fix: [setCommand(key, "<host name>")],
              },
          ]
        : [],
);

/** A certificate that is due for renewal all its life would be replaced by each `pulumi up`. */
const renewalComesLater: Rule = ({ gateway }) => {
    const { tls } = gateway ?? {};
    const own = Object.entries(tls?.hosts ?? {}).map(([host, { certificate }]) => ({
        key: dotted(["gateway", "tls", "hosts", host, "certificate", "renewBeforeDays"]),
        certificate,
    }));
    return [{ key: "gateway.tls.certificate.renewBeforeDays", certificate: tls?.certificate }, ...own].flatMap(
        ({ key, certificate }): Problem[] => {
            if (certificate?.source !== "generated" || certificate.renewBeforeDays < certificate.validityDays) {
                return [];
            }
            const { validityDays, renewBeforeDays } = certificate;
            const message = `is ${renewBeforeDays}, but the certificate is valid for ${validityDays} days: each pulumi up would renew it`;
            const third = Math.floor(validityDays / 3);
            const longer = setCommand(key.replace("renewBeforeDays", "validityDays"), renewBeforeDays * 3);
            return [{ key, message, fix: [third > 0 ? setCommand(key, third) : longer] }];
        },
    );
};

const mutualHasCa = eachHost((host, { mode, certificate }, key, settings) => {
    const brings = certificate?.source === "generated" || certificate?.source === "existing";
    return mode === "mutual" && certificate && !brings && settings.gateway.tls?.clientCa === undefined
        ? [
              {
                  key: "gateway.tls.clientCa",
                  message: `is missing; ${tlsKey(host, settings, "mode")} mutual (${key} ${host}) needs the CA of client certificates`,
                  fix: [setCommand("gateway.tls.clientCa", "<path of a file>")],
              },
          ]
        : [];
});

const overridesAreOfHosts: Rule = (settings) => {
    const known = hostSettings(settings);
    const open = known ? openHosts(known).map(({ host }) => host) : [];
    return Object.keys(known?.gateway.tls?.hosts ?? {})
        .filter((host) => !open.includes(host))
        .map((host) => {
            const key = dotted(["gateway", "tls", "hosts", host]);
            const message = `is for a host that is not exposed; ${open.length > 0 ? `there are ${open.join(", ")}` : "there is none"}`;
            const near = nearest(host, open);
            const taken = near === undefined || Object.hasOwn(known?.gateway.tls?.hosts ?? {}, near);
            const to = dotted(["gateway", "tls", "hosts", taken ? "<host>" : near]);
            const own: unknown = JSON.parse(JSON.stringify(known?.gateway.tls?.hosts[host]));
            return { key, message, fix: renameCommands(key, to, own) };
        });
};

/** What the other kinds cannot say, and Istio's can. */
const kindKnowsTls: Rule = ({ gateway }) => {
    const { kind, tls } = gateway ?? {};
    if (!tls || kind === "istio") {
        return [];
    }
    const fix = [setCommand("gateway.kind", "istio")];
    const modes = [
        { key: "gateway.tls.mode", mode: tls.mode },
        ...Object.entries(tls.hosts).map(([host, { mode }]) => ({
            key: dotted(["gateway", "tls", "hosts", host, "mode"]),
            mode,
        })),
    ];
    return [
        ...modes
            .filter(({ mode }) => kind === "ingress" && mode === "mutual")
            .map(({ key }) => ({ key, message: "is mutual, which an Ingress does not support", fix })),
        ...(tls.minimumVersion === "TLSV1_3"
            ? [
                  {
                      key: "gateway.tls.minimumVersion",
                      message: `is TLSV1_3, which gateway.kind ${kind} does not support`,
                      fix,
                  },
              ]
            : []),
    ];
};

/** Each Secret once, however many hosts it serves. */
const filesAreGood: Rule = (settings) => {
    const known = hostSettings(settings);
    if (!known?.gateway.tls) {
        return [];
    }
    const { gateway } = known;
    const byKey = new Map<string, { tls: TlsOfHost; hosts: string[] }>();
    for (const { host } of openHosts(known)) {
        const tls = tlsOf(gateway, host);
        if (tls?.certificate?.source === "files") {
            const key = tlsKey(host, known, "certificate");
            const hosts = byKey.get(key)?.hosts ?? [];
            byKey.set(key, { tls, hosts: [...hosts, host] });
        }
    }
    const certificates = [...byKey].flatMap(([key, { tls, hosts }]) =>
        tls.certificate?.source === "files" ? certificateFileProblems(key, tls.certificate, hosts) : [],
    );
    const { clientCa } = known.gateway.tls;
    return [
        ...certificates,
        ...(clientCa === undefined ? [] : certificateFileProblems("gateway.tls", { clientCa }, [])),
    ];
};

/** OKE's metrics server stands on OKE's own cert-manager. */
const certManagerOnce: Rule = ({ gateway, cluster }) =>
    gateway?.tls?.installCertManager && cluster?.source === "new" && cluster.metricsServer
        ? [
              {
                  key: "gateway.tls.installCertManager",
                  message:
                      "is true, but cluster.metricsServer brings OKE's add-on CertManager: two would fight over its kinds",
                  fix: [setCommand("gateway.tls.installCertManager", false)],
              },
          ]
        : [];

export const gatewayTlsRules = [
    certManagerOnce,
    everyHostHasCertificate,
    madeCertificatesHaveNames,
    renewalComesLater,
    mutualHasCa,
    overridesAreOfHosts,
    kindKnowsTls,
    filesAreGood,
];
