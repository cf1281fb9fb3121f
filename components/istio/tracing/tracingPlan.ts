import type { Tracing } from "../api";
import { withDefaults, type WithDefaults } from "../../defaults";
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
import { wrongArgument } from "../../wrongArgument";

/** Arguments of a `tracingPlan`. */
export interface TracingArgs {
    /** Where spans go. */
    backend: "none" | "apm" | "jaeger" | "zipkin";
    /** How they reach APM; other backends have one way each. @default "otlp" */
    transport?: "otlp" | "collector" | "zipkin" | "bootstrap";
    /** Requests that are traced, in percent. @default 1 */
    sampling?: number;
    /**
     * Tags on every span, by name. `header:x-tenant` takes the value of that request header, anything else stands as it is.
     * @default none
     */
    customTags?: Record<string, string>;
    /** The APM domain, which the backend `apm` needs. @default none */
    apm?: ApmEndpoint;
    /** Where the collector of the transport `collector` comes from. @default its public chart and image */
    collector?: Pick<CollectorArgs, "chartRepository" | "image">;
}

/** Tracing without further arguments. */
export const TRACING_DEFAULTS = {
    transport: "otlp",
    sampling: 1,
    customTags: {},
} as const satisfies Partial<TracingArgs>;

type Complete = WithDefaults<TracingArgs, typeof TRACING_DEFAULTS>;

/** What tracing requires of each part of the mesh. Absent fields are not required. */
export interface TracingPlan {
    /** Of istiod. */
    istiod: IstiodTracing;
    /** Of the mesh's Telemetry. @default nothing */
    telemetry?: Tracing;
    /** A host outside the mesh to which proxies send spans by themselves. @default none */
    host?: ApmEndpoint["uploadHost"];
    /** Of the collector in the cluster. @default there is none */
    collector?: CollectorArgs;
    /** Of every pod with a proxy. @default nothing */
    bootstrap?: ProxyBootstrap;
}

/** What istiod is told of tracing. */
export interface IstiodTracing {
    /** Providers that a Telemetry may name. @default none */
    extensionProviders?: ExtensionProvider[];
    /** Sampling and tags where no Telemetry can give them. Proxies read these at their start. @default none */
    proxyDefaults?: ProxyTracing;
    /** Key that istiod hands to the proxies. @default none */
    authorization?: Authorization;
}

/** `meshConfig.defaultConfig.tracing` */
export interface ProxyTracing {
    /** Requests that are traced, in percent. */
    sampling: number;
    /** Tags on every span. @default none */
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
export function tracingPlan(given: TracingArgs): TracingPlan {
    const args = withDefaults(given, TRACING_DEFAULTS);
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
                throw wrongArgument("apm", "is missing; backend apm needs it");
            }
            return toApm(args, args.apm);
    }
}

function toApm(args: Complete, apm: ApmEndpoint): TracingPlan {
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
function through(args: Complete, provider: ExtensionProvider): TracingPlan {
    return {
        istiod: { extensionProviders: [provider] },
        telemetry: {
            providers: [{ name: provider.name }],
            randomSamplingPercentage: args.sampling,
            ...tagged(args),
        },
    };
}

function tagged({ customTags: tags }: Complete): Pick<Tracing, "customTags"> {
    return Object.keys(tags).length > 0 ? { customTags: customTags(tags) } : {};
}

function inCluster(host: string): string {
    return fullHost({ host, namespace: ISTIO_NAMESPACE });
}
