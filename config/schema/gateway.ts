import { z } from "zod";
import { GATEWAY_API_MANIFEST } from "../../components/gatewayApi/crds";
import { GATEWAY_DEFAULTS } from "../../components/istio/gatewayDeployment";
import { OCI_LOAD_BALANCER_DEFAULTS } from "../../components/istio/ociLoadBalancer";
import { DEFAULT_TTL } from "../../components/oci/dnsRecords";
import { INGRESS_PORTS } from "../../components/istio/gateways";
import { allowedCidr, extraValues, ocid, port, replicas, resources } from "./common";
import { gatewayTlsSchema } from "./gatewayTls";
import { dnsZone, hostName } from "./hosts";
import { rateLimit } from "./rateLimit";

const loadBalancer = z.strictObject({
    type: z
        .enum(["lb", "nlb"])
        .default(OCI_LOAD_BALANCER_DEFAULTS.type)
        .describe(
            "OCI load balancer or network load balancer. A change replaces it, and its address: see docs/gateway.md.",
        ),
    internal: z
        .boolean()
        .default(OCI_LOAD_BALANCER_DEFAULTS.internal)
        .describe("Private address only. A change replaces the load balancer, and its address: see docs/gateway.md."),
    reservedIp: z
        .discriminatedUnion("source", [
            z.strictObject({
                source: z.literal("new").describe("Reserve an address. It is kept when the load balancer is replaced."),
                protect: z
                    .boolean()
                    .optional()
                    .describe("Refuse to delete the address while this is on. Default: as `cluster.protect`."),
            }),
            z.strictObject({
                source: z.literal("existing").describe("Use a reserved public IP that exists and that nothing uses."),
                id: ocid("publicip").describe("OCID of the reserved public IP."),
            }),
        ])
        .optional()
        .describe(
            "A public address that stays when the load balancer is replaced. A change replaces the load balancer. Default: an address that is released with the load balancer.",
        ),
    minimumMbps: z
        .int()
        .min(10)
        .max(8000)
        .meta({ examples: [10] })
        .optional()
        .describe("Minimum bandwidth in Mbps (lb only). Default: 10."),
    maximumMbps: z
        .int()
        .min(10)
        .max(8000)
        .meta({ examples: [100] })
        .optional()
        .describe("Maximum bandwidth in Mbps (lb only). Default: 100, or the minimum if that is higher."),
    allowedCidrs: z
        .array(allowedCidr)
        .min(1)
        .default(["0.0.0.0/0"])
        .describe("Networks that may reach the listeners (new networks: rules of the load balancer's NSG)."),
});

const clientAddresses = z
    .discriminatedUnion("source", [
        z.strictObject({
            source: z
                .literal("proxy-protocol")
                .describe(
                    "A PROXY header at the start of each connection. OCI's load balancers of both types send it; without them, whatever stands in front of the gateway must. Connections without it are closed.",
                ),
        }),
        z.strictObject({
            source: z
                .literal("preserve-source")
                .describe(
                    "The packets' own source (`externalTrafficPolicy: Local`): a network load balancer, or clients that reach the nodes' ports. The nodes admit the clients' networks then.",
                ),
        }),
        z.strictObject({
            source: z
                .literal("forwarded-headers")
                .describe("X-Forwarded-For of HTTP proxies in front of the gateway, such as a CDN or firewall."),
            trustedHops: z
                .int()
                .min(1)
                .max(10)
                .describe("Proxies that append to the header. The client's address is that many from its end."),
        }),
    ])
    .describe(
        "How clients' addresses reach the gateway; policies and limits by address need it. Default: they do not, it sees addresses of nodes or the load balancer. See docs/gateway.md.",
    );

const dns = z.strictObject({
    zone: dnsZone.describe("The OCI DNS zone, which must exist: its name, or its OCID."),
    viewId: ocid("dnsview")
        .optional()
        .describe("View of a private zone. Required if `zone` is the name of a private zone."),
    ttl: z.int().min(1).max(604_800).default(DEFAULT_TTL).describe("Seconds for which resolvers may cache a record."),
});

/** What a gateway without `loadBalancer` gets. */
export const LOAD_BALANCER_DEFAULTS = loadBalancer.parse({});

export const gatewaySchema = z
    .strictObject({
        hosts: z
            .array(hostName)
            .min(1)
            .default(["*"])
            .describe(
                "Host names that the gateway serves. `*` is any host, the load balancer's bare address included.",
            ),
        ports: z
            .strictObject({
                http: port.default(INGRESS_PORTS.http).describe("Plain HTTP."),
                https: port.default(INGRESS_PORTS.https).describe("HTTPS; opened with `gateway.tls`."),
            })
            .prefault({})
            .describe("Ports of the load balancer, the gateway's Service and the Istio Gateway."),
        serviceType: z
            .enum(["LoadBalancer", "NodePort", "ClusterIP"])
            .default("LoadBalancer")
            .describe(
                "Type of the gateway's Service. `LoadBalancer` waits for an address, which kind assigns only with cloud-provider-kind.",
            ),
        kind: z
            .enum(["istio", "ingress", "gateway-api"])
            .default("istio")
            .describe(
                "API that exposes services at the gateway: Istio's Gateway and VirtualService, Kubernetes' Ingress, or the Gateway API's Gateway and HTTPRoute. Proxies and load balancer are the same.",
            ),
        gatewayApiManifest: z
            .string()
            .min(1)
            .default(GATEWAY_API_MANIFEST)
            .meta({ examples: [GATEWAY_API_MANIFEST] })
            .describe(
                "URL or file of the Gateway API's CRDs, which `kind: gateway-api` installs; `none` if the cluster has them.",
            ),
        tls: gatewayTlsSchema.optional(),
        replicas: replicas(GATEWAY_DEFAULTS.replicas).prefault({}).describe("Replicas of the gateway's proxy."),
        resources: resources
            .prefault(GATEWAY_DEFAULTS.resources)
            .describe("Requests and limits of the gateway's proxy."),
        loadBalancer: loadBalancer
            .optional()
            .describe("The OCI load balancer in front of the gateway. Only with `network`; left out: a public one."),
        clientAddresses: clientAddresses.optional(),
        rateLimit: rateLimit
            .optional()
            .describe("Rate limits for all requests at the gateway, in each of its pods: docs/traffic.md."),
        dns: dns
            .optional()
            .describe(
                "A records in OCI DNS for every host of the gateway, also of services and add-ons: see docs/gateway.md. Only with `network`.",
            ),
        extraValues: extraValues("gateway"),
    })
    .prefault({})
    .describe("The ingress gateway and the load balancer in front of it.");

export type GatewaySettings = z.infer<typeof gatewaySchema>;
