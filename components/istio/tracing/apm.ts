import { createHmac } from "node:crypto";
import { Secret } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import type { Inputs, ServiceEntrySpec } from "../api";

/** Where an APM domain takes spans, and the key it takes them with. */
export interface ApmEndpoint {
    /** Host of the data upload endpoint, without scheme. */
    uploadHost: pulumi.Input<string>;
    /** Data key of the type that `dataKeyType` names. Give it as a secret: what is made of it here is as secret as it is. */
    dataKey: pulumi.Input<string>;
}

/**
 * The two keys of an APM domain. Both allow uploading only: the private one from servers and tracers, the
 * public one from browsers, where everyone can see it.
 * https://docs.oracle.com/en-us/iaas/application-performance-monitoring/doc/obtain-data-upload-endpoint-and-data-keys.html
 */
export type DataKeyType = "PRIVATE" | "PUBLIC";

/** https://docs.oracle.com/en-us/iaas/application-performance-monitoring/doc/configure-opentelemetry.html */
export const OTLP_TRACES_PATH = "/20200101/opentelemetry/private/v1/traces";
/** Metrics have no `private` in their path, and take the private key only. */
export const OTLP_METRICS_PATH = "/20200101/opentelemetry/v1/metrics";

/** https://docs.oracle.com/en-us/iaas/application-performance-monitoring/doc/configure-open-source-tracing-systems.html */
export function zipkinPath(type: DataKeyType, dataKey: pulumi.Input<string>): pulumi.Output<string> {
    const observation = { PRIVATE: "private-span", PUBLIC: "public-span" }[type];
    const path = `/20200101/observations/${observation}?dataFormat=zipkin&dataFormatVersion=2&dataKey=`;
    return pulumi.output(dataKey).apply((key) => path + encodeURIComponent(key));
}

/** The one place in the cluster where the key of the `otlp` and `collector` transports stands. */
export interface Authorization {
    /** The Secret. */
    secret: {
        /** Its name. */
        name: string;
        /** Its only key. */
        key: string;
    };
    /** Environment variable of the process that sends the header. */
    envName: string;
    /** Value of the Authorization header. */
    header: pulumi.Input<string>;
    /** Changes with the key: an annotation of the pods that read it, so that they restart. */
    fingerprint: pulumi.Output<string>;
}

export function authorization(dataKey: pulumi.Input<string>): Authorization {
    const header = pulumi.output(dataKey).apply((key) => `dataKey ${key}`);
    return {
        secret: { name: "oci-apm", key: "authorization" },
        envName: "OCI_APM_AUTHORIZATION",
        header,
        fingerprint: fingerprint(header),
    };
}

export function authorizationSecret(
    name: string,
    { secret, header }: Authorization,
    namespace: pulumi.Input<string>,
    opts: pulumi.CustomResourceOptions,
): Secret {
    const metadata = { name: secret.name, namespace };
    return new Secret(name, { metadata, type: "Opaque", stringData: { [secret.key]: header } }, opts);
}

/** The variable, taken from the Secret, as a container's `env` has it. */
export function authorizationVariable({ envName, secret }: Authorization) {
    return { name: envName, valueFrom: { secretKeyRef: secret } };
}

/**
 * Eight digits that change when one of the texts does. No secret, so that a preview shows that something changes: 32 bits
 * of a hash neither hold a key nor tell a right guess from the many wrong ones that have the same.
 */
export function fingerprint(...texts: pulumi.Input<string>[]): pulumi.Output<string> {
    const hash = pulumi
        .all(texts)
        .apply((known) => createHmac("sha256", "oke-mesh").update(JSON.stringify(known)).digest("hex").slice(0, 8));
    return pulumi.unsecret(hash);
}

const HTTPS_PORT = 443;

/**
 * The port at which proxies have APM's host for their spans; they leave to 443. It is one that applications do not use: at 443
 * itself an application's own TLS to APM, such as that of APM's agents, would get another TLS around it.
 */
export const SPANS_PORT = 24443;

/**
 * Makes APM's host known to the mesh: Envoy finds a tracing backend by that, not by DNS. What applications send there themselves
 * passes at 443 as it is, also with `REGISTRY_ONLY` and where sidecars answer DNS.
 */
export function externalHost(host: pulumi.Input<string>): Inputs<ServiceEntrySpec> {
    return {
        hosts: [host],
        location: "MESH_EXTERNAL",
        resolution: "DNS",
        ports: [
            { number: SPANS_PORT, name: "https-spans", protocol: "HTTPS", targetPort: HTTPS_PORT },
            { number: HTTPS_PORT, name: "https", protocol: "HTTPS" },
        ],
    };
}
