import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../../component";
import { Sidecar } from "../../istio/api";
import { ISTIO_NAMESPACE } from "../../istio/versions";

/** Arguments of `SidecarScopes`. */
export interface SidecarScopesArgs {
    /** Namespaces, each with the others whose services it calls. */
    reaches: Record<string, string[]>;
    /** Full host names of external authorizers, which any proxy may have to ask. @default none */
    authorizers?: string[];
}

/**
 * What the proxies of a namespace know: its own services, those of namespaces it calls, and what holds for the whole mesh.
 * Without it every proxy holds the configuration of all services, which costs memory and each change's time.
 * https://istio.io/latest/docs/reference/config/networking/sidecar/
 *
 * @example
 * ```ts
 * new SidecarScopes("scopes", { reaches: { shop: ["payments"] } }, { provider, dependsOn: controlPlane });
 * ```
 */
export class SidecarScopes extends Component {
    constructor(
        name: string,
        { reaches, authorizers = [] }: SidecarScopesArgs,
        opts?: pulumi.ComponentResourceOptions,
    ) {
        super("traffic:SidecarScopes", name, opts);

        for (const [namespace, others] of Object.entries(reaches)) {
            // External services, tracing and telemetry stand in Istio's namespace.
            const visible = [".", ISTIO_NAMESPACE, ...others].map((each) => `${each}/*`);
            // Wherever it stands: a proxy that does not know its authorizer answers 403 to everything.
            const hosts = [...visible, ...authorizers.map((host) => `*/${host}`)];
            new Sidecar(
                `${name}-${namespace}`,
                // Without a selector and of this name: the one for all workloads of the namespace.
                { metadata: { name: "default", namespace }, spec: { egress: [{ hosts }] } },
                this.childOptions,
            );
        }
        this.registerOutputs({});
    }
}
