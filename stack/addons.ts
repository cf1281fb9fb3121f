import type * as pulumi from "@pulumi/pulumi";
import type { AddonIngress } from "../components/addons/addonIngress";
import { Addons } from "../components/addons/addons";
import type { AddonName } from "../components/addons/versions";
import { defaultRevision } from "../components/istio/revisions";
import type { Settings } from "../config/schema";
import type { Mesh } from "../mesh/mesh";
import { tlsByHost } from "./ingress";

/** The add-ons that are on; undefined if none is. Their hosts at the gateway wait for `certificates`. */
export function provideAddons(
    settings: Settings,
    mesh: Mesh,
    namespace: pulumi.Input<string>,
    certificates: pulumi.Resource | undefined,
    onMesh: pulumi.ComponentResourceOptions,
): Addons | undefined {
    const { addons, gateway, istio } = settings;
    const tls = tlsByHost(mesh);
    const dependsOn = certificates ? [certificates] : [];
    const ingressAt = (host = ""): AddonIngress | undefined =>
        tls[host] && { host, port: gateway.ports.https, tls: tls[host], dependsOn };
    const on = <Addon extends { enabled: boolean; host?: string }>({ host, ...addon }: Addon) =>
        addon.enabled ? { ...addon, ingress: ingressAt(host) } : undefined;
    const args = {
        prometheus: on(addons.prometheus),
        grafana: on(addons.grafana),
        jaeger: on(addons.jaeger),
        zipkin: on(addons.zipkin),
        kiali: on(addons.kiali),
    } satisfies Record<AddonName, unknown>;
    return hasAddons(settings)
        ? new Addons("addons", { ...args, namespace, istioVersion: defaultRevision(istio).version }, onMesh)
        : undefined;
}

/** Whether any add-on is on. */
export function hasAddons({ addons }: Pick<Settings, "addons">): boolean {
    return Object.values(addons).some(({ enabled }) => enabled);
}
