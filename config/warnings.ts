import { compareVersions, runningRevisions } from "../components/istio/revisions";
import { NEWEST_PATCHES } from "../components/istio/versions";
import { resolveMesh, servesHttps, type Mesh } from "../mesh/mesh";
import { challengesByDnsOnly } from "./challenges";
import { clientAddressWarnings } from "./clientAddresses";
import { meshWarnings } from "./meshWarnings";
import { idleSettings } from "./modes";
import type { OciSettings } from "./oci";
import { ociWarnings } from "./ociWarnings";
import { dotted, setCommand } from "./problems";
import { minorOf, versionKey } from "./rules/revisions";
import { knownByPort } from "./rules/tcpEgress";
import { sections, type SectionName, type Settings } from "./schema";

type Warning = (settings: Settings & { oci?: OciSettings }, mesh: Mesh) => string | undefined;

const privateEndpoint: Warning = ({ cluster, network }) => {
    if (cluster.source === "kubeconfig" || cluster.endpoint.public) {
        return undefined;
    }
    const way = network?.source === "new" && network.bastion ? "through the bastion or from" : "from";
    return `The Kubernetes API has a private address: run \`pulumi up\` ${way} a network that reaches it (docs/cluster.md).`;
};

const openEndpoint: Warning = ({ cluster }) =>
    cluster.source === "new" && cluster.endpoint.allowedCidrs.includes("0.0.0.0/0")
        ? "cluster.endpoint.allowedCidrs lets the whole internet reach the Kubernetes API."
        : undefined;

const openBastion: Warning = ({ network }) =>
    network?.source === "new" && network.bastion?.allowedCidrs.includes("0.0.0.0/0")
        ? "network.bastion.allowedCidrs lets the whole internet open bastion sessions, given credentials."
        : undefined;

const anyContext: Warning = ({ cluster }) =>
    cluster.source === "kubeconfig" && cluster.context === undefined
        ? "cluster.context is not set: `pulumi up` uses whatever the kubeconfig's current context is at that time."
        : undefined;

const scalingElsewhere: Warning = ({ cluster, istio, gateway }) => {
    const scales = istio.replicas.max > istio.replicas.min || gateway.replicas.max > gateway.replicas.min;
    return scales && cluster.source !== "new"
        ? "Scaling between replicas.min and max needs a metrics server, which this cluster must have already."
        : undefined;
};

const plainHttp: Warning = ({ gateway, network }, { hosts }) => {
    const plain = hosts.filter(({ tls }) => !tls);
    return network && plain.length > 0 && !gateway.loadBalancer?.internal
        ? `The gateway exposes plain HTTP for ${plain.map(({ host }) => host).join(", ")}; gateway.tls turns on HTTPS.`
        : undefined;
};

/** An Ingress has no redirect of its own. */
const ingressKeepsHttp: Warning = ({ gateway }, mesh) =>
    gateway.kind === "ingress" && servesHttps(mesh)
        ? "With gateway.kind ingress HTTP is served beside HTTPS, not redirected to it."
        : undefined;

/** Deleting a CRD deletes every object of its kind, also those of others. */
const kindsOfOthers: Warning = ({ gateway, cluster }) =>
    gateway.kind === "gateway-api" && gateway.gatewayApiManifest !== "none" && cluster.source !== "new"
        ? "The Gateway API's CRDs are deleted with this stack, and with them every HTTPRoute in the cluster. If others use them: `pulumi config set --path gateway.gatewayApiManifest none`."
        : undefined;

/** https://istio.io/latest/docs/reference/config/analysis/ist0138/ */
const sharedCertificate: Warning = ({ gateway }, { hosts }) => {
    const bySecret = new Map<string, Map<string, string>>();
    for (const { host, owner, service, tls } of hosts) {
        if (tls) {
            const { credentialName } = tls.served;
            // A Gateway of the Gateway API has a listener for each host; Istio's and Ingresses serve hosts of a certificate alike.
            const place =
                service?.from === "services" ? (gateway.kind === "istio" ? "services" : service.namespace) : owner;
            const served = gateway.kind === "gateway-api" ? host : place;
            bySecret.set(credentialName, (bySecret.get(credentialName) ?? new Map<string, string>()).set(served, host));
        }
    }
    const [shared] = [...bySecret.values()].filter((owners) => owners.size > 1);
    return shared
        ? `${[...shared.values()].join(" and ")} share a certificate: browsers use one connection for all of them, and get 404 from all but the first (IST0138). Give each its own certificate in gateway.tls.hosts (docs/certificates.md).`
        : undefined;
};

/** Nobody but the user signs with the user's keys, so whatever comes from a public registry does not start. */
const signedImages: Warning = (settings) => {
    const { cluster } = settings;
    const unsigned = cluster.source === "new" && cluster.imageSigningKeyIds.length > 0 ? publicImages(settings) : [];
    return unsigned.length > 0
        ? `cluster.imageSigningKeyIds lets only images run that are signed with your keys, and these are not: ${unsigned.join(", ")}. Use signed copies (hub or extraValues), or turn them off.`
        : undefined;
};

/** What comes from a registry where the user cannot sign, by its setting. */
function publicImages(settings: Settings): string[] {
    const { istio, bookinfo, clients, addons, gateway, tracing } = settings;
    const parts: [key: string, isPublic: boolean][] = [
        ["istio.hub", isPublicHub(istio.hub)],
        ["bookinfo.hub", bookinfo.enabled && isPublicHub(bookinfo.hub)],
        ["clients (docker.io)", Object.values(clients).some((client) => client === true)],
        ...Object.entries(addons).map(([name, addon]): [string, boolean] => [
            `addons.${name}`,
            // Values that name an image are taken for the user's own copy.
            addon.enabled && !/image/i.test(JSON.stringify(addon.extraValues)),
        ]),
        ["tracing.transport collector (ghcr.io)", tracing.backend === "apm" && tracing.transport === "collector"],
        ["gateway.tls.installCertManager (quay.io)", gateway.tls?.installCertManager ?? false],
    ];
    return parts.filter(([, isPublic]) => isPublic).map(([key]) => key);
}

/** OCIR's registries are the only ones whose images can be signed with keys of OCI's Vault. */
function isPublicHub(hub: string): boolean {
    return !/^([a-z0-9-]+\.)*ocir\.(io|[a-z0-9-]+\.oci\.[a-z0-9.-]+)(\/|$)/.test(hub);
}

/** Later patches fix vulnerabilities: https://istio.io/latest/news/security/ */
const olderPatch: Warning = ({ istio }) => {
    const newestOf = (version: string) => NEWEST_PATCHES.patches[minorOf(version)] ?? version;
    const older = runningRevisions(istio).find(({ version }) => compareVersions(version, newestOf(version)) < 0);
    if (!older) {
        return undefined;
    }
    const [key, newest] = [versionKey(older.name), newestOf(older.version)];
    return `${key} is ${older.version}, which lacks the fixes up to ${newest} (the newest patch on ${NEWEST_PATCHES.seen}): ${setCommand(key, newest)}`;
};

const tcpTakesItsPort: Warning = (settings) => {
    const [first] = knownByPort(settings);
    return first
        ? `${first.key} takes every connection of the mesh to port ${first.port} that is not to a Service, whatever its destination, and sends it to ${first.host}: TCP has no host name. \`pulumi config set --path istio.meshConfig.dnsCapture true\` gives it an address of its own.`
        : undefined;
};

const loadNeedsFortio: Warning = ({ traffic, clients }) =>
    traffic.scenario === "circuit-breaker" && !clients.fortio
        ? "traffic.scenario circuit-breaker needs load to show its effect, which clients.fortio sends: pulumi config set --path clients.fortio true"
        : undefined;

const WARNINGS: Warning[] = [
    privateEndpoint,
    openEndpoint,
    openBastion,
    anyContext,
    scalingElsewhere,
    plainHttp,
    ingressKeepsHttp,
    kindsOfOthers,
    sharedCertificate,
    signedImages,
    olderPatch,
    challengesByDnsOnly,
    tcpTakesItsPort,
    loadNeedsFortio,
];

/** Values of stack files that stand for the reader's own. */
function replaceable({ oci, ...settings }: Settings & { oci?: OciSettings }): string[] {
    const given = Object.keys(sections).map((name) => [name, settings[name as SectionName]]);
    return textsIn({ ...Object.fromEntries(given), "oci:tenancyOcid": oci?.tenancyOcid }, [])
        .filter(([, text]) => text.includes("replace-with"))
        .map(
            ([[section, ...path]]) =>
                `${section === "oci:tenancyOcid" ? section : dotted([section!, ...path])} is the stack file's placeholder: set yours before \`pulumi up\`.`,
        );
}

function textsIn(value: unknown, path: PropertyKey[]): [path: PropertyKey[], text: string][] {
    if (typeof value === "string") {
        return [[path, value]];
    }
    return typeof value === "object" && value !== null
        ? Object.entries(value).flatMap(([key, inner]) =>
              textsIn(inner, [...path, Array.isArray(value) ? Number(key) : key]),
          )
        : [];
}

/** What is allowed, but worth a second look. */
export function warningsAbout(settings: Settings & { oci?: OciSettings }): string[] {
    const mesh = resolveMesh(settings);
    const own = WARNINGS.map((warning) => warning(settings, mesh)).filter((text) => text !== undefined);
    return [
        ...replaceable(settings),
        ...own,
        ...clientAddressWarnings(settings),
        ...ociWarnings(settings),
        ...idleSettings(settings, mesh),
        ...meshWarnings(settings, mesh),
    ];
}
