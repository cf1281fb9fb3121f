import { InputPropertyError } from "@pulumi/pulumi";
import type { Tracing } from "../api";
import { fullHost } from "../../mesh/meshService";
import { ISTIO_NAMESPACE } from "../versions";
import {
    authorization,
    OTLP_TRACES_PATH,
    SPANS_PORT,
    zipkinPath,
    type ApmEndpoint,
    type Authorization,
    type DataKeyType,
} from "./apm";
import { proxyBootstrap, type ProxyBootstrap } from "./bootstrap";
import { COLLECTOR, type CollectorArgs } from "./collector";
import { customTags, type ExtensionProvider } from "./providers";

export interface TracingArgs {
    /** Where spans go. */
    backend: "none" | "apm" | "jaeger" | "zipkin";
    /** How they reach APM; other backends have one way each. */
    transport: "otlp" | "collector" | "zipkin" | "bootstrap";
    /** Requests that are traced, in percent. */
    sampling: number;
    /** Tags on every span. `header:x-tenant` takes the value of that request header, anything else stands as it is. */
    customTags: Record<string, string>;
    /** The APM domain, for the backend `apm`. */
    apm?: ApmEndpoint;
    /** Where the collector of the transport `collector` comes from. @default its public chart and image */
    collector?: { chartRepository?: string; image?: string };
}

/** What tracing requires of each part of the mesh. Absent fields are not required. */
export interface TracingPlan {
    /** Of istiod. */
    istiod: IstiodTracing;
    /** Of the mesh's Telemetry. */
    telemetry?: Tracing;
    /** A host outside the mesh to which proxies send spans by themselves. */
    host?: ApmEndpoint["uploadHost"];
    /** Of the collector in the cluster. */
    collector?: CollectorArgs;
    /** Of every pod with a proxy. */
    bootstrap?: ProxyBootstrap;
}

export interface IstiodTracing {
    extensionProviders?: ExtensionProvider[];
    /** Sampling and tags where no Telemetry can give them. Proxies read these at their start. */
    proxyDefaults?: ProxyTracing;
    /** Key that istiod hands to the proxies. */
    authorization?: Authorization;
}

/** `meshConfig.defaultConfig.tracing` */
export interface ProxyTracing {
    sampling: number;
    customTags?: Tracing["customTags"];
}

/**
 * Which of an APM domain's keys tracing takes. With `zipkin` the key is part of a provider's path, which stands in istiod's
 * ConfigMaps for many to read; the public key may be seen. All others keep the private one in a Secret.
 */
export function dataKeyType({ backend, transport }: Pick<TracingArgs, "backend" | "transport">): DataKeyType {
    return backend === "apm" && transport === "zipkin" ? "PUBLIC" : "PRIVATE";
}

/** How a backend is reached, part by part. Decided by plain settings; host and key may be known later. */
export function tracingPlan(args: TracingArgs): TracingPlan {
    switch (args.backend) {
        case "none":
            return { istiod: {} };
        case "jaeger":
            return through(args, {
                name: "jaeger",
                opentelemetry: { service: inCluster("jaeger-collector"), port: 4317 },
            });
        case "zipkin":
            return through(args, { name: "zipkin", zipkin: { service: inCluster("zipkin"), port: 9411 } });
        case "apm":
            if (!args.apm) {
                throw new InputPropertyError({ propertyPath: "apm", reason: "apm is missing; backend apm needs it" });
            }
            return toApm(args, args.apm);
    }
}

function toApm(args: TracingArgs, apm: ApmEndpoint): TracingPlan {
    const service = apm.uploadHost;
    switch (args.transport) {
        case "otlp": {
            const key = authorization(apm.dataKey);
            const headers = [{ name: "Authorization", envName: key.envName }];
            const http = { path: OTLP_TRACES_PATH, timeout: "10s", headers };
            const plan = through(args, { name: "oci-apm", opentelemetry: { service, port: SPANS_PORT, http } });
            return { ...plan, host: service, istiod: { ...plan.istiod, authorization: key } };
        }
        case "zipkin": {
            const path = zipkinPath(dataKeyType(args), apm.dataKey);
            return {
                ...through(args, { name: "oci-apm", zipkin: { service, port: SPANS_PORT, path } }),
                host: service,
            };
        }
        case "collector": {
            const opentelemetry = { service: inCluster(COLLECTOR.name), port: COLLECTOR.port };
            return {
                ...through(args, { name: "opentelemetry-collector", opentelemetry }),
                collector: { uploadHost: service, authorization: authorization(apm.dataKey), ...args.collector },
            };
        }
        case "bootstrap": {
            // A provider or a Telemetry would put a tracer into each listener, which takes precedence over the bootstrap's.
            const proxyDefaults = { sampling: args.sampling, ...tagged(args) };
            return { istiod: { proxyDefaults }, bootstrap: proxyBootstrap(apm, proxyDefaults) };
        }
    }
}

/** Spans of all proxies through one provider. Proxies follow within seconds, without a restart. */
function through(args: TracingArgs, provider: ExtensionProvider): TracingPlan {
    return {
        istiod: { extensionProviders: [provider] },
        telemetry: {
            providers: [{ name: provider.name }],
            randomSamplingPercentage: args.sampling,
            ...tagged(args),
        },
    };
}

function tagged({ customTags: tags }: TracingArgs): Pick<Tracing, "customTags"> {
    return Object.keys(tags).length > 0 ? { customTags: customTags(tags) } : {};
}

function inCluster(host: string): string {
    return fullHost({ host, namespace: ISTIO_NAMESPACE });
}
