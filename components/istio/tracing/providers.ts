import type * as pulumi from "@pulumi/pulumi";
import type { CustomTag } from "../api";
import type { NamedProvider } from "../authorizers";

/**
 * A tracing backend as istiod knows it; the mesh's Telemetry names it.
 * https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig-ExtensionProvider
 */
export type ExtensionProvider = NamedProvider &
    (
        | {
              /** It takes OTLP. */
              opentelemetry: OpenTelemetryProvider;
          }
        | {
              /** It takes Zipkin's JSON. */
              zipkin: ZipkinProvider;
          }
    );

/** Spans by OTLP: over gRPC, or over HTTP with `http`. */
export interface OpenTelemetryProvider {
    /** Host in the mesh's registry: a Service or a ServiceEntry. If it is unknown there, tracing is silently off. */
    service: pulumi.Input<string>;
    /** Its port. */
    port: number;
    /** OTLP over HTTP. @default over gRPC */
    http?: {
        /** Path; a query in it would be escaped. */
        path: string;
        /** How long a proxy waits. */
        timeout: string;
        /** Headers of each request. */
        headers: {
            /** Name of the header. */
            name: string;
            /** Environment variable of istiod that holds its value. */
            envName: string;
        }[];
    };
}

/** Spans in Zipkin's JSON over HTTP. */
export interface ZipkinProvider {
    /** Host in the mesh's registry: a Service or a ServiceEntry. */
    service: pulumi.Input<string>;
    /** Its port. */
    port: number;
    /** Path and query. @default /api/v2/spans */
    path?: pulumi.Input<string>;
}

/** `header:x-tenant` takes the value of that request header, anything else stands as it is. */
export function customTags(tags: Record<string, string>): Record<string, CustomTag> {
    const entries = Object.entries(tags).map(([name, value]): [string, CustomTag] => {
        const header = /^header:(.+)$/.exec(value)?.[1];
        return [name, header === undefined ? { literal: { value } } : { header: { name: header } }];
    });
    return Object.fromEntries(entries);
}
