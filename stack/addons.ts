import type { AddonsArgs } from "../components/addons/addons";
import type { Settings } from "../config/schema";

/** The add-ons that are on; undefined if none is. */
export function addonsArgs({ addons, istio }: Settings): Omit<AddonsArgs, "namespace"> | undefined {
    const on = <Addon extends { enabled: boolean }>(addon: Addon) => (addon.enabled ? addon : undefined);
    const args = {
        prometheus: on(addons.prometheus),
        grafana: on(addons.grafana),
        jaeger: on(addons.jaeger),
        zipkin: on(addons.zipkin),
        kiali: on(addons.kiali),
    };
    const any = Object.values(args).some((addon) => addon !== undefined);
    return any ? { ...args, istioVersion: istio.version } : undefined;
}
