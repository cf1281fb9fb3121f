import { ANNOTATIONS } from "../components/annotations";
import { entryOf } from "../components/entry";
import * as pulumi from "@pulumi/pulumi";
import { EgressGateway } from "../components/istio/egressGateway";
import { ExternalServices } from "../components/traffic/egress/externalServices";
import { SidecarScopes } from "../components/traffic/egress/sidecarScopes";
import type { Settings } from "../config/schema";
import { gatewayRevision } from "./revisions";
import type { Mesh } from "../mesh/mesh";

/** Everything about what leaves the mesh that is an object of its own. */
export function governEgress(
    settings: Settings,
    mesh: Mesh,
    namespace: pulumi.Input<string>,
    opts: pulumi.ComponentResourceOptions,
): void {
    const { egress, istio, security } = settings;
    const throughGateway = mesh.external.filter(({ via }) => via === "gateway");
    const { chartRepository, imagePullSecrets } = istio;
    const gateway =
        throughGateway.length > 0
            ? new EgressGateway(
                  "istio-egressgateway",
                  {
                      ...egress.gateway,
                      ...{ ...gatewayRevision(istio), chartRepository, imagePullSecrets, namespace },
                      networkPolicies: security.networkPolicies.enabled,
                      ports: [...new Set(throughGateway.flatMap(({ ports }) => ports.map(({ port }) => port)))].sort(
                          (a, b) => a - b,
                      ),
                  },
                  opts,
              )
            : undefined;
    if (mesh.external.length > 0) {
        const onGateway = gateway ? pulumi.mergeOptions(opts, { dependsOn: gateway }) : opts;
        new ExternalServices("egress", { namespace, services: mesh.external }, onGateway);
    }
    if (egress.scoping.enabled) {
        const authorizers = Object.values(security.authorization.providers).map(({ service }) => service);
        new SidecarScopes(
            "sidecar-scopes",
            { reaches: reachedNamespaces(egress.scoping.reaches, mesh), authorizers },
            opts,
        );
    }
}

/** The namespaces that each namespace calls besides its own: as set, and as its services' declared calls need. */
function reachedNamespaces(
    reaches: Record<string, string[]>,
    { services, namespaces, calls }: Mesh,
): Record<string, string[]> {
    const called = (namespace: string) =>
        services
            .filter((caller) => caller.namespace === namespace)
            .flatMap(({ name }) => services.filter((service) => entryOf(calls, name)?.includes(service.name)))
            .map((service) => service.namespace)
            .filter((other) => other !== namespace);
    return Object.fromEntries(
        namespaces.map((namespace) => [
            namespace,
            [...new Set([...(entryOf(reaches, namespace) ?? []), ...called(namespace)])],
        ]),
    );
}

/** Annotations by which pods of single services go past their sidecars, and restart when mesh-wide networks change. */
export function bypassAnnotations({ egress }: Settings): (service: string) => Record<string, string> {
    const { cidrs, allExcept, workloads } = egress.bypass;
    const meshWide = [...cidrs, ...allExcept].join(",");
    return (service): Record<string, string> => {
        const own = entryOf(workloads, service);
        return {
            ...(meshWide && { [ANNOTATIONS.bypass]: meshWide }),
            // A pod's annotation replaces what holds for the mesh.
            ...(own && { "traffic.sidecar.istio.io/excludeOutboundIPRanges": [...cidrs, ...own].join(",") }),
        };
    };
}
