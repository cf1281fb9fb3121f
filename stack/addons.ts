import type * as pulumi from "@pulumi/pulumi";
import type { AddonIngress } from "../components/addons/addonIngress";
import { Addons } from "../components/addons/addons";
import type { AddonName } from "../components/addons/versions";
import type { Settings } from "../config/schema";
import { hostTls } from "./ingress";

/** The add-ons that are on; undefined if none is. Their hosts at the gateway wait for `certificates`. */
export function provideAddons(
    settings: Settings,
    namespace: pulumi.Input<string>,
    certificates: pulumi.Resource | undefined,
    onMesh: pulumi.ComponentResourceOptions,
): Addons | undefined {
    const { addons, istio } = settings;
    const on = <Addon extends { enabled: boolean; host?: string }>({ host, ...addon }: Addon) =>
        addon.enabled ? { ...addon, ingress: ingressAt(host, certificates, settings) } : undefined;
    const args = {
        prometheus: on(addons.prometheus),
        grafana: on(addons.grafana),
        jaeger: on(addons.jaeger),
        zipkin: on(addons.zipkin),
        kiali: on(addons.kiali),
    } satisfies Record<AddonName, unknown>;
    return hasAddons(settings)
        ? new Addons("addons", { ...args, namespace, istioVersion: istio.version }, onMesh)
        : undefined;
}

function ingressAt(
    host: string | undefined,
    certificates: pulumi.Resource | undefined,
    settings: Settings,
): AddonIngress | undefined {
    if (host === undefined) {
        return undefined;
    }
    const tls = hostTls(settings, [host])[host];
    const { https: port } = settings.gateway.ports;
    return tls && { host, port, tls, dependsOn: certificates ? [certificates] : [] };
}

/** Whether any add-on is on. */
export function hasAddons({ addons }: Pick<Settings, "addons">): boolean {
    return Object.values(addons).some(({ enabled }) => enabled);
}
