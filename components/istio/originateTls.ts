import type * as pulumi from "@pulumi/pulumi";
import type { DestinationRuleSpec, Inputs } from "./api";

/** CA certificates in the proxies' image. Istio checks against them by default, but `istioctl analyze` wants them named. */
export const TRUSTED_CA = "/etc/ssl/certs/ca-certificates.crt";

/** Proxies put TLS around plain requests to these ports of a host, and check the host's certificate. */
export function originateTls(host: pulumi.Input<string>, ports: number[]): Inputs<DestinationRuleSpec> {
    const tls = { mode: "SIMPLE" as const, sni: host, caCertificates: TRUSTED_CA };
    return { host, trafficPolicy: { portLevelSettings: ports.map((number) => ({ port: { number }, tls })) } };
}
