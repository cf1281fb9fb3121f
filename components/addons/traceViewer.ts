import { Service } from "@pulumi/kubernetes/core/v1";
import type * as pulumi from "@pulumi/pulumi";

/** Where Kiali and users find whichever tracing add-on is on. Named as in Istio's samples. */
export const TRACE_VIEWER = { service: "tracing", port: 80 } as const;

/** Another Service for an add-on, beside its chart's own. */
export function addonService(
    name: string,
    args: {
        service: string;
        namespace: pulumi.Input<string>;
        selector: Record<string, string>;
        ports: { name: string; port: number; targetPort: number; appProtocol?: string }[];
    },
    opts: pulumi.CustomResourceOptions,
): Service {
    const { service, namespace, selector, ports } = args;
    return new Service(name, { metadata: { name: service, namespace }, spec: { selector, ports } }, opts);
}
