import { meshDoubts } from "./doubts";
import { openHosts, servesHttps, tlsOf } from "./gatewayTls";
import { idleSettings } from "./modes";
import type { OciSettings } from "./oci";
import type { Settings } from "./schema";

type Warning = (settings: Settings & { oci?: OciSettings }) => string | undefined;

const placeholderCompartment: Warning = ({ compartmentId }) =>
    compartmentId?.includes("replace-with")
        ? "compartmentId is the stack file's placeholder: set yours before `pulumi up`."
        : undefined;

const placeholderTenancy: Warning = ({ oci }) =>
    oci?.tenancyOcid?.includes("replace-with")
        ? "oci:tenancyOcid is the stack file's placeholder: set yours before `pulumi up`."
        : undefined;

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
        ? "cluster.context is not set: `pulumi up` goes wherever the kubeconfig's current context points that day."
        : undefined;

const scalingElsewhere: Warning = ({ cluster, istio, gateway }) => {
    const scales = istio.replicas.max > istio.replicas.min || gateway.replicas.max > gateway.replicas.min;
    return scales && cluster.source !== "new"
        ? "Scaling between replicas.min and max needs a metrics server, which this cluster must have already."
        : undefined;
};

const plainHttp: Warning = (settings) => {
    const { gateway, network } = settings;
    const plain = openHosts(settings).filter(({ host }) => !tlsOf(gateway, host));
    return network && plain.length > 0 && !gateway.loadBalancer?.internal
        ? `The gateway serves plain HTTP to the outside for ${plain.map(({ host }) => host).join(", ")}; gateway.tls turns on HTTPS.`
        : undefined;
};

/** An Ingress has no redirect of its own. */
const ingressKeepsHttp: Warning = (settings) =>
    settings.gateway.kind === "ingress" && servesHttps(settings)
        ? "With gateway.kind ingress HTTP is served beside HTTPS, not redirected to it."
        : undefined;

/** Deleting a kind deletes every object of it, whoever made it. */
const kindsOfOthers: Warning = ({ gateway, cluster }) =>
    gateway.kind === "gateway-api" && gateway.gatewayApiManifest !== "none" && cluster.source !== "new"
        ? "The Gateway API's kinds go with this stack, and with them every HTTPRoute of the cluster: where others use them, `pulumi config set --path gateway.gatewayApiManifest none`."
        : undefined;

/** https://istio.io/latest/docs/reference/config/analysis/ist0138/ */
const sharedCertificate: Warning = (settings) => {
    const bySecret = new Map<string, Map<string, string>>();
    for (const { host, key } of openHosts(settings)) {
        const credential = tlsOf(settings.gateway, host)?.credentialName;
        if (credential !== undefined) {
            // A Gateway of the Gateway API has a listener for each host; Istio's serves all hosts of a service alike.
            const service = key.split(/\[|\.expose/, 1)[0] ?? key;
            const owner = settings.gateway.kind === "gateway-api" ? host : service;
            bySecret.set(credential, (bySecret.get(credential) ?? new Map<string, string>()).set(owner, host));
        }
    }
    const [shared] = [...bySecret.values()].filter((owners) => owners.size > 1);
    return shared
        ? `${[...shared.values()].join(" and ")} share a certificate: browsers use one connection for all of them, and get 404 beyond the first (IST0138). Give each its own below gateway.tls.hosts (docs/certificates.md).`
        : undefined;
};

const signedImages: Warning = ({ cluster, istio }) =>
    cluster.source === "new" && cluster.imageSigningKeyIds.length > 0 && istio.hub.startsWith("docker.io/")
        ? "cluster.imageSigningKeyIds lets only signed images run, and those of docker.io/istio are not signed with your keys: set istio.hub and bookinfo.hub to signed copies."
        : undefined;

const loadNeedsFortio: Warning = ({ traffic, clients }) =>
    traffic.scenario === "circuit-breaker" && !clients.fortio
        ? "traffic.scenario circuit-breaker is seen under load only, which clients.fortio sends: pulumi config set --path clients.fortio true"
        : undefined;

const WARNINGS: Warning[] = [
    placeholderCompartment,
    placeholderTenancy,
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
    loadNeedsFortio,
];

/** What is allowed, but worth a second look. */
export function warningsAbout(settings: Settings & { oci?: OciSettings }): string[] {
    const own = WARNINGS.map((warning) => warning(settings)).filter((text) => text !== undefined);
    return [...own, ...idleSettings(settings), ...meshDoubts(settings)];
}
