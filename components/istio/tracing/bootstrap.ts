import { ANNOTATIONS } from "../../annotations";
import { Secret } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import type { GatewayValues } from "../values";
import { TRUSTED_CA } from "../originateTls";
import { fingerprint, zipkinPath, type ApmEndpoint } from "./apm";

/** What each proxy gets at its start besides istiod's own: the guide's way to name a tracing backend. */
export interface ProxyBootstrap {
    /** Name of the Secret, one in each namespace with proxies. */
    secret: string;
    /** Its content. Holds the data key. */
    json: pulumi.Output<string>;
    /** Changes with the content and with whatever else proxies read at their start only: an annotation that restarts them. */
    podAnnotations: Record<string, pulumi.Input<string>>;
}

const VOLUME = "apm-bootstrap";
const FILE = { folder: "/etc/istio/apm-bootstrap", name: "custom_bootstrap.json" };

/** The variable that makes a proxy lay a file over its bootstrap. https://github.com/istio/istio/blob/master/pkg/envoy/proxy.go */
const OVERRIDE = { ISTIO_BOOTSTRAP_OVERRIDE: `${FILE.folder}/${FILE.name}` };

/**
 * The guide's bootstrap. Besides being JSON without comments it checks the certificate of the host it sends the key to.
 * `startedWith` is what else proxies read at their start only: a change restarts them too.
 * Guide: "Configuring Istio to Send Traces to APM", steps 2 to 8.
 */
export function proxyBootstrap({ uploadHost, dataKey }: ApmEndpoint, startedWith: object): ProxyBootstrap {
    const json = pulumi
        .all([uploadHost, zipkinPath("PRIVATE", dataKey)])
        .apply(([host, path]) => JSON.stringify(bootstrapOf(host, path), undefined, 4));
    return {
        secret: "istio-custom-bootstrap",
        json,
        podAnnotations: { [ANNOTATIONS.proxyBootstrap]: fingerprint(json, JSON.stringify(startedWith)) },
    };
}

export function bootstrapSecret(
    name: string,
    { secret, json }: ProxyBootstrap,
    namespace: pulumi.Input<string>,
    opts: pulumi.CustomResourceOptions,
): Secret {
    const metadata = { name: secret, namespace };
    return new Secret(name, { metadata, type: "Opaque", stringData: { [FILE.name]: json } }, opts);
}

/**
 * Annotations that have istiod's injector mount the Secret into a sidecar. The guide's `sidecar.istio.io/bootstrapOverride`
 * can only mount a ConfigMap, which is no place for a key.
 * https://istio.io/latest/docs/reference/config/annotations/
 */
export function sidecarBootstrap({ secret, podAnnotations }: ProxyBootstrap): ProxyBootstrap["podAnnotations"] {
    return {
        ...podAnnotations,
        "sidecar.istio.io/userVolume": JSON.stringify({ [VOLUME]: { secret: { secretName: secret } } }),
        "sidecar.istio.io/userVolumeMount": JSON.stringify({ [VOLUME]: { mountPath: FILE.folder, readOnly: true } }),
        "proxy.istio.io/config": JSON.stringify({ proxyMetadata: OVERRIDE }),
    };
}

/** The same for a gateway, whose injection template knows no volumes by annotation; its chart does. */
export function gatewayBootstrap({ secret }: ProxyBootstrap): Pick<GatewayValues, "env" | "volumes" | "volumeMounts"> {
    return {
        env: OVERRIDE,
        volumes: [{ name: VOLUME, secret: { secretName: secret } }],
        volumeMounts: [{ name: VOLUME, mountPath: FILE.folder, readOnly: true }],
    };
}

function bootstrapOf(host: string, path: string) {
    const address = { socket_address: { address: host, port_value: 443 } };
    return {
        tracing: {
            http: {
                name: "envoy.tracers.zipkin",
                typed_config: {
                    "@type": "type.googleapis.com/envoy.config.trace.v3.ZipkinConfig",
                    // The cluster's name is also the Host header.
                    collector_cluster: host,
                    collector_endpoint: path,
                    collector_endpoint_version: "HTTP_JSON",
                    trace_id_128bit: true,
                    shared_span_context: false,
                },
            },
        },
        static_resources: {
            clusters: [
                {
                    name: host,
                    type: "STRICT_DNS",
                    lb_policy: "ROUND_ROBIN",
                    load_assignment: { cluster_name: host, endpoints: [{ lb_endpoints: [{ endpoint: { address } }] }] },
                    transport_socket: {
                        name: "envoy.transport_sockets.tls",
                        typed_config: {
                            "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
                            sni: host,
                            common_tls_context: {
                                validation_context: {
                                    trusted_ca: { filename: TRUSTED_CA },
                                    match_typed_subject_alt_names: [{ san_type: "DNS", matcher: { exact: host } }],
                                },
                            },
                        },
                    },
                },
            ],
        },
    };
}
