import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { fingerprint, TRUSTED_CA, zipkinPath, type ApmEndpoint } from "./apm";

/** What each proxy gets at its start besides istiod's own: the guide's way to name a tracing backend. */
export interface ProxyBootstrap {
    /** Name of the ConfigMap, one in each namespace with proxies. */
    configMap: string;
    /** Its content. Holds the data key. */
    json: pulumi.Output<string>;
    /** Annotations of all pods with a proxy, sidecars and gateways alike. */
    podAnnotations: Record<string, pulumi.Input<string>>;
}

const CONFIG_MAP = "istio-custom-bootstrap-config";

/**
 * The guide's bootstrap. Besides being JSON without comments it checks the certificate of the host it sends the key to.
 * `startedWith` is what else proxies read at their start only: a change restarts them too.
 * Guide: "Configuring Istio to Send Traces to APM", steps 2 to 8.
 */
export function proxyBootstrap({ uploadHost, dataKey }: ApmEndpoint, startedWith: object): ProxyBootstrap {
    const json = pulumi
        .all([uploadHost, zipkinPath(dataKey)])
        .apply(([host, path]) => JSON.stringify(bootstrapOf(host, path), undefined, 4));
    return {
        configMap: CONFIG_MAP,
        json,
        podAnnotations: {
            "sidecar.istio.io/bootstrapOverride": CONFIG_MAP,
            "oke-mesh/proxy-bootstrap": fingerprint(json, JSON.stringify(startedWith)),
        },
    };
}

export function bootstrapConfigMap(
    name: string,
    { configMap, json }: ProxyBootstrap,
    namespace: pulumi.Input<string>,
    opts: pulumi.CustomResourceOptions,
): ConfigMap {
    const metadata = { name: configMap, namespace };
    // The file's name is the one the annotation makes istiod's injector look for.
    return new ConfigMap(name, { metadata, data: { "custom_bootstrap.json": json } }, opts);
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
