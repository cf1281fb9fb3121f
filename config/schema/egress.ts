import { z } from "zod";
import { cidr, dnsLabel, extraValues, port, replicas, resources } from "./common";
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
                    .describe("What workloads speak there. `HTTPS` passes through unread."),
            }),
        )
        .min(1)
        .default([{ port: 443, protocol: "HTTPS" }])
        .describe("What workloads may call."),
    timeout: duration.optional().describe("How long a caller waits for an answer; HTTP and GRPC. Left out: no limit."),
    retries: retries.optional().describe("Trying again; HTTP and GRPC. Left out: Istio's own two tries."),
    originateTls: z
        .boolean()
        .default(false)
        .describe(
            "Workloads speak plain HTTP at the HTTP port, and the mesh puts TLS around it towards 443, checking the certificate.",
        ),
    via: z
        .enum(["sidecar", "gateway"])
        .default("sidecar")
        .describe("Who talks to the hosts: each workload's sidecar, or the egress gateway."),
});

export const egressSchema = z
    .strictObject({
        mode: z
            .enum(["ALLOW_ANY", "REGISTRY_ONLY"])
            .default("ALLOW_ANY")
            .describe(
                "What sidecars do with hosts the mesh does not know: let through, or refuse (HTTP 502, TLS reset). Not a security boundary by itself.",
            ),
        services: z
            .record(dnsLabel, externalService)
            .default({})
            .describe("Hosts outside that the mesh knows, by the name of their objects."),
        bypass: z
            .strictObject({
                cidrs: z
                    .array(cidr)
                    .default([])
                    .describe(
                        "Networks that workloads reach without their sidecar. Pods take it up when they restart.",
                    ),
                allExcept: z
                    .array(cidr)
                    .default([])
                    .describe(
                        "The other way round: only these go through sidecars; they must hold the cluster's pods and services. Not with `cidrs`.",
                    ),
                workloads: z
                    .record(dnsLabel, z.array(cidr).min(1))
                    .default({})
                    .describe("Networks for single services of Bookinfo and clients, beside `cidrs`."),
            })
            .prefault({})
            .describe("Direct ways past the sidecars, which neither see nor secure what goes there."),
        gateway: z
            .strictObject({
                replicas: replicas({ min: 1, max: 1 }).prefault({}).describe("Replicas of the egress gateway's proxy."),
                resources: resources
                    .prefault({ requests: { cpu: "50m", memory: "128Mi" }, limits: { cpu: "2", memory: "1Gi" } })
                    .describe("Requests and limits of its proxy."),
                extraValues: extraValues("gateway"),
            })
            .prefault({})
            .describe("The egress gateway, made if a service goes through it."),
        scoping: z
            .strictObject({
                enabled: z
                    .boolean()
                    .default(false)
                    .describe(
                        "Give the proxies of each namespace only what concerns it: its own services and what holds for the whole mesh.",
                    ),
                reaches: z
                    .record(dnsLabel, z.array(dnsLabel).min(1))
                    .default({})
                    .describe(
                        "Namespaces whose services a namespace calls besides its own: `shop: [payments]`. Those of declared calls are reached anyway.",
                    ),
            })
            .prefault({})
            .describe("How much of the mesh each proxy knows."),
    })
    .prefault({})
    .describe("What leaves the mesh: docs/egress.md.");

export type EgressSettings = z.infer<typeof egressSchema>;
