import type { OpenHost, TlsOfHost } from "../../mesh/hosts";
import { obstacleToHttp01 } from "../challenges";
import { nearest } from "../nearest";
import { dotted, setCommand, type Problem } from "../problems";
import { renameCommands } from "../rename";
import type { GatewaySettings } from "../schema/gateway";
import { certificateFileProblems } from "./certificateFiles";
import { onMesh, type Rule } from "./rule";

/** Judges each encrypted host, with the setting it comes from. */
function eachHost(judge: (open: OpenHost, tls: TlsOfHost, gateway: GatewaySettings) => Problem[]): Rule {
    return onMesh(({ hosts }, { gateway }) =>
        hosts.flatMap((open) => (open.tls === undefined ? [] : judge(open, open.tls, gateway))),
    );
}

/** Where the settings of a host's TLS stand. */
function tlsKey(host: string, { tls }: GatewaySettings, part: string): string {
    const own = tls?.hosts[host];
    return own && Object.hasOwn(own, part) ? dotted(["gateway", "tls", "hosts", host, part]) : `gateway.tls.${part}`;
}

const everyHostHasCertificate = eachHost(({ host, key }, { certificate }) =>
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
const madeCertificatesHaveNames = eachHost(({ host, key }, { certificate }) =>
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

/** Each certificate once, however many hosts it is for. */
const challengesReachSolver = onMesh(({ hosts }, settings) => {
    const problems = hosts.flatMap((open): Problem[] => {
        const { certificate } = open.tls ?? {};
        const stated = certificate?.source === "cert-manager" && certificate.challenge === "http-01";
        const reason = stated ? obstacleToHttp01(open, settings) : undefined;
        const key = `${tlsKey(open.host, settings.gateway, "certificate")}.challenge`;
        const message = `is http-01, which fails for ${open.host}, because ${reason}; use an issuer that solves dns-01`;
        return reason === undefined ? [] : [{ key, message, fix: [setCommand(key, "dns-01")] }];
    });
    return [...new Map(problems.reverse().map((problem) => [problem.key, problem])).values()];
});

const mutualHasCa = eachHost(({ host, key }, { served, certificate }, gateway) => {
    const brings = certificate?.source === "generated" || certificate?.source === "existing";
    return served.mode === "MUTUAL" && certificate && !brings && gateway.tls?.clientCa === undefined
        ? [
              {
                  key: "gateway.tls.clientCa",
                  message: `is missing; ${tlsKey(host, gateway, "mode")} mutual (${key} ${host}) needs the CA of client certificates`,
                  fix: [setCommand("gateway.tls.clientCa", "<path of a file>")],
              },
          ]
        : [];
});

const overridesAreOfHosts = onMesh(({ hosts }, { gateway }) => {
    const open = hosts.map(({ host }) => host);
    const overrides = gateway.tls?.hosts ?? {};
    return Object.keys(overrides)
        .filter((host) => !open.includes(host))
        .map((host) => {
            const key = dotted(["gateway", "tls", "hosts", host]);
            const message = `is for a host that is not exposed; ${open.length > 0 ? `there are ${open.join(", ")}` : "there is none"}`;
            const near = nearest(host, open);
            const taken = near === undefined || Object.hasOwn(overrides, near);
            const to = dotted(["gateway", "tls", "hosts", taken ? "<host>" : near]);
            const own: unknown = JSON.parse(JSON.stringify(overrides[host]));
            return { key, message, fix: renameCommands(key, to, own) };
        });
});

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
const filesAreGood = onMesh(({ hosts }, { gateway }) => {
    const byKey = new Map<string, { files: { certificate: string; key: string }; hosts: string[] }>();
    for (const { host, tls } of hosts) {
        if (tls?.certificate?.source === "files") {
            const key = tlsKey(host, gateway, "certificate");
            const others = byKey.get(key)?.hosts ?? [];
            byKey.set(key, { files: tls.certificate, hosts: [...others, host] });
        }
    }
    const clientCa = gateway.tls?.clientCa;
    return [
        ...[...byKey].flatMap(([key, { files, hosts }]) => certificateFileProblems(key, files, hosts)),
        ...(clientCa === undefined ? [] : certificateFileProblems("gateway.tls", { clientCa }, [])),
    ];
});

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
    challengesReachSolver,
    mutualHasCa,
    overridesAreOfHosts,
    kindKnowsTls,
    filesAreGood,
];
