import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import { Addons, type AddonsArgs } from "../../../components/addons/addons";
import { at, type Plan, type Resource } from "../../../plan/model";
import { one } from "../../../plan/query";
import { record } from "../../../plan/record/record";

export const nothing = { extraValues: {} };
export const everything: Partial<AddonsArgs> = {
    prometheus: nothing,
    grafana: nothing,
    jaeger: nothing,
    kiali: { ...nothing, signIn: "token" },
};

/** Add-ons that wait for something, as they do for the control plane. */
export function planned(args: Partial<AddonsArgs>): Promise<Plan> {
    return record({}, () => {
        const earlier = new ConfigMap("earlier", { metadata: { name: "earlier" } });
        const context = { namespace: "istio-system", istioVersion: "1.31.1" };
        const addons = new Addons("addons", { ...context, ...args }, { dependsOn: earlier });
        return { access: addons.access, password: addons.grafanaAdminPassword };
    });
}

/** Values of an add-on's release. */
export async function values(addon: string, args: Partial<AddonsArgs>): Promise<unknown> {
    return one(await planned(args), "Release", `addons-${addon}`).inputs.values;
}

export const serviceOf = ({ inputs }: Resource) => ({
    name: at(inputs, "metadata", "name"),
    ports: (at(inputs, "spec", "ports") as { port: number; targetPort: number }[]).map(
        ({ port, targetPort }) => `${port} to ${targetPort}`,
    ),
    selector: at(inputs, "spec", "selector"),
});
