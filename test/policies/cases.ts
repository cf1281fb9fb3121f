import type { Plan, Resource } from "../../plan/model";
import { planOf, type StackName } from "../stacks/plans";
import { recorded } from "../support/recorded";
import { changed, put } from "./change";

/** A resource of a recorded plan, and what makes it break a rule. */
export interface Case {
    rule: string;
    /** Recorded once, and passes the rule. @default prod */
    plan?: () => Promise<Plan>;
    /** Its kind and name. */
    resource: string;
    /** Changes a copy of it; "removed" leaves it out. */
    spoil: ((resource: Resource) => void) | "removed";
    /** The resource that is reported. @default the one that is changed */
    reported?: string;
    /** What the message says. */
    says: RegExp;
}

const stack = (name: StackName) => () => planOf(name);

const local = (override: Record<string, unknown>) => () => recorded({ stack: "local", override });

const tls = { certificate: { source: "existing", secretName: "tls" } };
const named = { hosts: ["bookinfo.example.com"], tls };
const gatewayApi = local({ gateway: { ...named, kind: "gateway-api" } });
const ingress = local({ gateway: { ...named, kind: "ingress" } });
const limited = local({
    traffic: { services: { reviews: { rateLimit: [{ requests: 5, per: "1s" }] } } },
});

const gateway = "Gateway bookinfo-ingress-gateway";
const release = "Release istio-ingressgateway-release";

export const CASES: Case[] = [
    {
        rule: "public-api-endpoint",
        plan: stack("dev"),
        resource: "NetworkSecurityGroupSecurityRule network-apiEndpoint-ingress-from-203.0.113.0-24-tcp-6443",
        spoil: put("0.0.0.0/0", "source"),
        reported: "Cluster oke-cluster",
        says: /admits every network: list yours in cluster\.endpoint\.allowedCidrs/,
    },
    {
        rule: "public-api-endpoint",
        plan: stack("dev"),
        resource: "NetworkSecurityGroupSecurityRule network-apiEndpoint-ingress-from-203.0.113.0-24-tcp-6443",
        spoil: "removed",
        reported: "Cluster oke-cluster",
        says: /no network by a rule of its own/,
    },
    {
        rule: "open-security-rule",
        resource: "NetworkSecurityGroupSecurityRule network-apiEndpoint-ingress-from-10.100.0.0-16-tcp-6443",
        spoil: put("::/0", "source"),
        says: /admits ::\/0 to TCP 6443: name the networks/,
    },
    {
        rule: "open-security-rule",
        resource: "SecurityList network-workers-security-list",
        spoil: put(
            [
                { protocol: "6", source: "0.0.0.0/0", tcpOptions: { min: 443, max: 443 } },
                { protocol: "6", source: "0.0.0.0/0", tcpOptions: { min: 22, max: 22 } },
            ],
            "ingressSecurityRules",
        ),
        says: /admits 0\.0\.0\.0\/0 to TCP 22/,
    },
    {
        rule: "load-balancer-nsg",
        resource: release,
        spoil: put(undefined, "values", "service", "annotations", "oci.oraclecloud.com/oci-network-security-groups"),
        says: /without a security group: name one in the Service's annotation/,
    },
    {
        rule: "load-balancer-nsg",
        resource: "Service bookinfo-productpage",
        spoil: put("LoadBalancer", "spec", "type"),
        says: /without a security group/,
    },
    {
        rule: "protected-cluster",
        resource: "Cluster oke-cluster",
        spoil: (cluster) => (cluster.protect = false),
        says: /set cluster\.protect to true/,
    },
    {
        rule: "encrypted-cluster",
        plan: async () => withKey(await planOf("prod")),
        resource: "Cluster oke-cluster",
        spoil: put(undefined, "kmsKeyId"),
        says: /name your own in cluster\.kmsKeyId/,
    },
    {
        rule: "tags",
        resource: "Vcn network-vcn",
        spoil: put({}, "freeformTags"),
        says: /set tags\.freeform/,
    },
    {
        rule: "wildcard-hosts",
        resource: gateway,
        spoil: put(["bookinfo/*"], "spec", "servers", 1, "hosts"),
        says: /serves every host: name the hosts in gateway\.hosts/,
    },
    {
        rule: "wildcard-hosts",
        plan: gatewayApi,
        resource: gateway,
        spoil: put(undefined, "spec", "listeners", 1, "hostname"),
        says: /serves every host/,
    },
    {
        rule: "wildcard-hosts",
        plan: ingress,
        resource: "Ingress bookinfo-ingress-ingress",
        spoil: put(undefined, "spec", "rules", 0, "host"),
        says: /serves every host/,
    },
    {
        rule: "gateway-tls",
        resource: gateway,
        spoil: put(undefined, "spec", "servers", 0, "tls"),
        says: /serves port 80 in plain text: set gateway\.tls/,
    },
    {
        rule: "gateway-tls",
        plan: gatewayApi,
        resource: "HTTPRoute bookinfo-ingress-route-redirect",
        spoil: put([{ backendRefs: [{ name: "productpage", port: 9080 }] }], "spec", "rules"),
        reported: gateway,
        says: /serves port 80 in plain text/,
    },
    {
        rule: "gateway-tls",
        plan: ingress,
        resource: "Ingress bookinfo-ingress-ingress",
        spoil: put([], "spec", "tls"),
        says: /serves bookinfo\.example\.com in plain text/,
    },
    {
        rule: "strict-mtls",
        resource: "PeerAuthentication security-mtls-istio-system.default",
        spoil: put({ "8080": { mode: "DISABLE" } }, "spec", "portLevelMtls"),
        says: /accepts plain text \(DISABLE at port 8080\)/,
    },
    {
        rule: "strict-mtls",
        resource: "PeerAuthentication security-mtls-istio-system.default",
        spoil: "removed",
        reported: "Release istio-istiod",
        says: /nothing makes the mesh STRICT: set security\.mtls\.mode to STRICT/,
    },
    {
        rule: "allow-all-policy",
        resource: "AuthorizationPolicy security-bookinfo.ratings-callers",
        spoil: put([{}], "spec", "rules"),
        says: /matches every request: name callers, paths or methods/,
    },
    {
        rule: "allow-all-policy",
        resource: "AuthorizationPolicy security-bookinfo.ratings-callers",
        spoil: put([{ from: [{ source: { principals: ["*"] } }] }], "spec", "rules"),
        says: /matches every request/,
    },
    {
        rule: "envoy-filter",
        plan: limited,
        resource: "EnvoyFilter rate-limits-reviews",
        spoil: (filter) => (filter.urn = filter.urn.replace("oke-mesh:traffic:RateLimits$", "")),
        says: /use a setting .* or one of Istio's kinds/,
    },
    {
        rule: "pinned-versions",
        resource: "Release istio-istiod",
        spoil: put("~1.31", "version"),
        says: /installs chart istiod in "~1\.31": name one version/,
    },
    {
        rule: "pinned-versions",
        resource: release,
        spoil: put(undefined, "version"),
        says: /installs chart gateway in the newest version/,
    },
    {
        rule: "pinned-versions",
        resource: "Deployment bookinfo-ratings-v1",
        spoil: put("docker.io/istio/ratings", "spec", "template", "spec", "containers", 0, "image"),
        says: /runs image docker\.io\/istio\/ratings, which can change/,
    },
    {
        rule: "pinned-versions",
        resource: "Release istio-istiod",
        spoil: put({ registry: "docker.io", repository: "istio/pilot", tag: "latest" }, "values", "image"),
        says: /runs image istio\/pilot:latest/,
    },
    {
        rule: "image-registry",
        resource: "Deployment bookinfo-ratings-v1",
        spoil: put("istio/ratings:1.20.3", "spec", "template", "spec", "containers", 0, "image"),
        says: /without a registry: write docker\.io\/istio\/ratings:1\.20\.3/,
    },
    {
        rule: "image-registry",
        resource: "Release istio-istiod",
        spoil: put("istio", "values", "global", "hub"),
        says: /istio\/\.\.\. without a registry/,
    },
    {
        rule: "plain-secret",
        resource: "Deployment bookinfo-ratings-v1",
        spoil: put(
            [{ name: "MYSQL_DB_PASSWORD", value: "example" }],
            "spec",
            "template",
            "spec",
            "containers",
            0,
            "env",
        ),
        says: /has a credential in spec\.template\.spec\.containers\[0\]\.env\[0\]\.value: put it into a Secret/,
    },
    {
        rule: "plain-secret",
        resource: "Release istio-istiod",
        spoil: put("-----BEGIN RSA PRIVATE KEY-----", "values", "note"),
        says: /has a credential in values\.note/,
    },
];

/** A plan whose cluster has a Vault key. */
function withKey(plan: Plan): Plan {
    return changed(plan, "Cluster oke-cluster", put("ocid1.key.oc1..mine", "kmsKeyId"));
}
