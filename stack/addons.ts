import type * as pulumi from "@pulumi/pulumi";
import { Addons } from "../components/addons/addons";
import type { Settings } from "../config/schema";
import { hostTls } from "./ingress";

/** The add-ons that are on; undefined if none is. */
export function provideAddons(
    settings: Settings,
    namespace: pulumi.Input<string>,
    onMesh: pulumi.ComponentResourceOptions,
): Addons | undefined {
    const { addons, istio } = settings;
    const { https: port } = settings.gateway.ports;
    const on = <Addon extends { enabled: boolean; host?: string }>({ host = "", ...addon }: Addon) => {
        const tls = hostTls(settings, [host])[host];
        return addon.enabled ? { ...addon, ingress: tls && { host, port, tls } } : undefined;
    };
    const args = {
        prometheus: on(addons.prometheus),
        grafana: on(addons.grafana),
        jaeger: on(addons.jaeger),
        zipkin: on(addons.zipkin),
        kiali: on(addons.kiali),
    };
    return hasAddons(settings)
        ? new Addons("addons", { ...args, namespace, istioVersion: istio.version }, onMesh)
        : undefined;
}

/** Whether any add-on is on. */
export function hasAddons({ addons }: Pick<Settings, "addons">): boolean {
    return Object.values(addons).some(({ enabled }) => enabled);
}
