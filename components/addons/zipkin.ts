import type { Release } from "@pulumi/kubernetes/helm/v3";
import type * as pulumi from "@pulumi/pulumi";
import type { Resources } from "../resources";
import type { AddonArgs } from "./addon";
import { TRACES_IN_MEMORY, tracingAddon } from "./traceViewer";

/** Where proxies send spans to; the page that shows them is there too. */
export const ZIPKIN = { service: "zipkin", port: 9411 } as const;

/**
 * The values of Zipkin's chart that this program sets.
 * https://github.com/openzipkin/zipkin-helm/blob/zipkin-0.4.0/charts/zipkin/values.yaml
 */
export interface ZipkinValues {
    fullnameOverride: string;
    image: { repository: string };
    service: { port: number };
    resources: Resources;
    zipkin: { storage: { type: "mem" }; extraEnv: { JAVA_OPTS: string } };
}

/** Zipkin in one pod, with traces in its memory. */
export function zipkin(
    name: string,
    args: AddonArgs,
    namespace: pulumi.Input<string>,
    opts: pulumi.CustomResourceOptions,
): Release {
    const { version, resources, extraValues } = args;
    const values = zipkinValues(resources);
    const selector = { "app.kubernetes.io/name": "zipkin", "app.kubernetes.io/instance": "zipkin" };
    return tracingAddon(
        name,
        { addon: "zipkin", namespace, version, values, extraValues, selector, pagePort: ZIPKIN.port },
        opts,
    );
}

function zipkinValues(resources: Resources = TRACES_IN_MEMORY): ZipkinValues {
    return {
        fullnameOverride: ZIPKIN.service,
        // The chart's own name has no registry, and CRI-O from 1.34 on refuses such names.
        image: { repository: "docker.io/openzipkin/zipkin-slim" },
        service: { port: ZIPKIN.port },
        resources,
        // The image's own heap is a few dozen megabytes. Options as the chart suggests them.
        zipkin: { storage: { type: "mem" }, extraEnv: { JAVA_OPTS: "-Xms128m -Xmx512m -XX:+ExitOnOutOfMemoryError" } },
    };
}
