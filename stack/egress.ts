import * as pulumi from "@pulumi/pulumi";
import { EgressGateway } from "../components/istio/egressGateway";
import type { MeshService } from "../components/mesh/meshService";
import { ExternalServices } from "../components/traffic/egress/externalServices";
import { SidecarScopes } from "../components/traffic/egress/sidecarScopes";
import type { Settings } from "../config/schema";

/** Everything about what leaves the mesh that is an object of its own. */
export function governEgress(
    settings: Settings,
    services: MeshService[],
    namespace: pulumi.Input<string>,
    opts: pulumi.ComponentResourceOptions,
): void {
    const { egress, istio, security } = settings;
    const external = Object.entries(egress.services).map(([name, service]) => ({ name, ...service }));
    const throughGateway = external.filter(({ via }) => via === "gateway");
    const { version, chartRepository, imagePullSecrets } = istio;
    const gateway =
        throughGateway.length > 0
            ? new EgressGateway(
                  "istio-egressgateway",
                  {
                      ...egress.gateway,
                      ...{ version, chartRepository, imagePullSecrets, namespace },
                      networkPolicies: security.networkPolicies.enabled,
                      ports: [...new Set(throughGateway.flatMap(({ ports }) => ports.map(({ port }) => port)))].sort(
                          (a, b) => a - b,
                      ),
                  },
                  opts,
              )
            : undefined;
    if (external.length > 0) {
        const onGateway = gateway ? pulumi.mergeOptions(opts, { dependsOn: gateway }) : opts;
        new ExternalServices("egress", { namespace, services: external }, onGateway);
    }
    if (egress.scoping.enabled) {
        const namespaces = [...new Set(services.map((service) => service.namespace))];
        const reaches = namespaces.map((each) => [each, egress.scoping.reaches[each] ?? []] as const);
        new SidecarScopes("sidecar-scopes", { reaches: Object.fromEntries(reaches) }, opts);
    }
}

/** Annotations by which pods of single services go past their sidecars, and restart when mesh-wide networks change. */
export function bypassAnnotations({ egress }: Settings): (service: string) => Record<string, string> {
    const { cidrs, allExcept, workloads } = egress.bypass;
    const meshWide = [...cidrs, ...allExcept].join(",");
    return (service): Record<string, string> => ({
        ...(meshWide && { "oke-mesh/bypass": meshWide }),
        // A pod's annotation replaces what holds for the mesh.
        ...(workloads[service] && {
            "traffic.sidecar.istio.io/excludeOutboundIPRanges": [...cidrs, ...workloads[service]].join(","),
        }),
    });
}
