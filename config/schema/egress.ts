import { z } from "zod";
import { EGRESS_GATEWAY_DEFAULTS } from "../../components/istio/gatewayDeployment";
import { MESH_CONFIG_DEFAULTS } from "../../components/istio/meshConfig";
import { cidr, dnsLabel, extraValues, port, replicas, resources } from "./common";
import { EXTERNAL_SERVICE_DEFAULTS } from "../../components/traffic/egress/externalService";
import { duration } from "./duration";
import { externalHostName } from "./hosts";
import { retries } from "./routing";

const externalService = z.strictObject({
    hosts: z.array(externalHostName).min(1).describe("DNS names; `*.example.com` is any below it."),
    ports: z
        .array(
            z.strictObject({
                port: port.describe("Port of the hosts."),
                protocol: z
                    .enum(["HTTP", "GRPC", "HTTPS", "TCP"])
                    .describe("Protocol that workloads use. `HTTPS` passes through unread."),
            }),
        )
        .min(1)
        .default(EXTERNAL_SERVICE_DEFAULTS.ports)
        .describe("Ports that workloads may call."),
    timeout: duration.optional().describe("Timeout of a response; HTTP and GRPC only. Default: no limit."),
    retries: retries.optional().describe("Retries; HTTP and GRPC only. Default: Istio's two retries."),
    originateTls: z
        .boolean()
        .default(EXTERNAL_SERVICE_DEFAULTS.originateTls)
        .describe(
            "Workloads speak plain HTTP at the HTTP port, and the mesh puts TLS around it towards 443, checking the certificate.",
        ),
    via: z
        .enum(["sidecar", "gateway"])
        .default(EXTERNAL_SERVICE_DEFAULTS.via)
        .describe("Which proxy calls the hosts: each workload's sidecar, or the egress gateway."),
});

export const egressSchema = z
    .strictObject({
        mode: z
            .enum(["ALLOW_ANY", "REGISTRY_ONLY"])
            .default(MESH_CONFIG_DEFAULTS.outboundTrafficPolicy)
            .describe(
                "What sidecars do with calls to unknown hosts: allow or refuse them (HTTP 502, TLS reset). Not a security boundary by itself.",
            ),
        services: z
            .record(dnsLabel, externalService)
            .default({})
            .describe("External hosts that the mesh knows, by the name of their objects."),
        bypass: z
            .strictObject({
                cidrs: z
                    .array(cidr)
                    .default([])
                    .describe("Networks that workloads call without their sidecar. Takes effect when pods restart."),
                allExcept: z
                    .array(cidr)
                    .default([])
                    .describe(
                        "The opposite of `cidrs`: only these networks go through sidecars. They must include the cluster's pods and Services. Not together with `cidrs`.",
                    ),
                workloads: z
                    .record(dnsLabel, z.array(cidr).min(1))
                    .default({})
                    .describe("Networks for single services of Bookinfo and clients, in addition to `cidrs`."),
            })
            .prefault({})
            .describe("Networks that bypass the sidecars, which neither see nor secure those connections."),
        gateway: z
            .strictObject({
                replicas: replicas(EGRESS_GATEWAY_DEFAULTS.replicas)
                    .prefault({})
                    .describe("Replicas of the egress gateway's proxy."),
                resources: resources
                    .prefault(EGRESS_GATEWAY_DEFAULTS.resources)
                    .describe("Requests and limits of its proxy."),
                extraValues: extraValues("gateway"),
            })
            .prefault({})
            .describe("The egress gateway, created if a service uses it."),
        scoping: z
            .strictObject({
                enabled: z
                    .boolean()
                    .default(false)
                    .describe(
                        "Configure the proxies of each namespace only for its own services and what is visible in the whole mesh.",
                    ),
                reaches: z
                    .record(dnsLabel, z.array(dnsLabel).min(1))
                    .default({})
                    .describe(
                        "Other namespaces whose services a namespace calls: `shop: [payments]`. Namespaces of declared calls are included automatically.",
                    ),
            })
            .prefault({})
            .describe("Limits the configuration of proxies."),
    })
    .prefault({})
    .describe("Traffic that leaves the mesh: docs/egress.md.");

export type EgressSettings = z.infer<typeof egressSchema>;
