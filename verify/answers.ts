import { flagsIn, gatewayProxies, linesWith } from "./accessLog";
import type { Cause } from "./check";
import type { Cluster, Container } from "./cluster";
import { SIDECAR } from "./pods";

/** What an answer shows of what became of its request. */
interface Shown {
    status: number;
    body: string;
    /** By what the proxies' lines about it are found. */
    tag: string;
}

/** What the flags of an access-log line say. https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage#response-flags */
const FLAGS: Record<string, Cause> = {
    UF: {
        what: "The proxy could not connect to the service (UF).",
        fix: "Check that the service listens, and that both sides agree about mutual TLS.",
        command: "istioctl analyze --all-namespaces",
    },
    UC: {
        what: "The service closed the connection (UC).",
        fix: "Often one side speaks mutual TLS and the other does not: check sidecars and PeerAuthentication.",
        command: "kubectl get peerauthentications,destinationrules -A",
    },
    UH: {
        what: "The service has no healthy pod (UH).",
        fix: "Check its pods, and whether outlier detection took them out.",
        command: "kubectl get pods,endpointslices -A",
    },
    NR: {
        what: "No route fits the request (NR).",
        fix: "Check host and path, the port's protocol, and versions that routes name.",
        command: "istioctl analyze --all-namespaces",
    },
    NC: {
        what: "The route leads to a cluster that does not exist (NC).",
        fix: "A DestinationRule lacks the version that the route names.",
        command: "kubectl get destinationrules,virtualservices -A",
    },
    UO: {
        what: "The circuit breaker refused the request (UO).",
        fix: "Its limits are in traffic.services.<name>.connectionPool.",
        command: "kubectl get destinationrules -A -o yaml",
    },
    UT: {
        what: "The service did not answer in time (UT).",
        fix: "Look at the route's timeout, and at the service's own log.",
        command: "kubectl get virtualservices -A -o yaml",
    },
    RL: {
        what: "A rate limit refused the request (RL).",
        fix: "Its limits are in traffic.services.<name>.rateLimit.",
        command: "kubectl get envoyfilters -A",
    },
    UAEX: {
        what: "The external authorizer refused the request (UAEX).",
        fix: "Read the authorizer's log.",
    },
    RBAC: {
        what: "An AuthorizationPolicy denied the request.",
        fix: "Compare the policies with security.authorization.",
        command: "kubectl get authorizationpolicies -A",
    },
};

const HANDSHAKE: Cause = {
    what: "The TLS handshake with the service failed: a certificate has expired, or is of another CA.",
    fix: "Compare the certificates of both proxies with the time and with istiod's CA; a restarted pod gets a new one.",
    command: "istioctl proxy-config secret <pod> -n <namespace>",
};

const PLAIN: Cause = {
    what: "The proxy spoke TLS, and the service answered in plain text.",
    fix: "Check that its pod has a sidecar, and the tls mode of its DestinationRule.",
    command: "kubectl get destinationrules,peerauthentications -A -o yaml",
};

/** The likely causes of an answer that should not be, by what it and its proxies say. */
export function answerTrouble(status: number, body: string, flags: string[] = []): Cause[] {
    const handshake = /CERTIFICATE_VERIFY_FAILED|CERTIFICATE_EXPIRED/i.test(body) ? [HANDSHAKE] : [];
    const plain = /WRONG_VERSION_NUMBER/.test(body) ? [PLAIN] : [];
    const said = [
        ...(status === 403 && /RBAC/.test(body) ? ["RBAC"] : []),
        ...flags,
        ...(/no healthy upstream/.test(body) ? ["UH"] : []),
        ...(/upstream connect error/.test(body) && flags.length === 0 ? ["UF"] : []),
    ];
    return [...handshake, ...plain, ...[...new Set(said)].flatMap((flag) => FLAGS[flag] ?? [])];
}

/** The same, with what the sending pod's proxy logged of the request. */
export async function troubleFrom(
    cluster: Pick<Cluster, "logs">,
    { namespace, pod }: Container,
    answer: Shown,
): Promise<Cause[]> {
    return troubleLogged(cluster, [{ namespace, pod, container: SIDECAR }], answer);
}

/** The same, with what the gateway logged of the request. */
export async function troubleAtGateway(cluster: Pick<Cluster, "list" | "logs">, answer: Shown): Promise<Cause[]> {
    return troubleLogged(cluster, await gatewayProxies(cluster), answer);
}

async function troubleLogged(
    cluster: Pick<Cluster, "logs">,
    proxies: Container[],
    { status, body, tag }: Shown,
): Promise<Cause[]> {
    // The proxy answers these itself, or hands on why a service behind it could not.
    const lines = [404, 429, 502, 503, 504].includes(status) ? await linesWith(tag, cluster, proxies) : [];
    return answerTrouble(status, body, lines.flatMap(flagsIn));
}
