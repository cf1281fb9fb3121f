import { NONE } from "../components/istio/revisions";
import { servesHttps, type Mesh } from "../mesh/mesh";
import { dotted } from "./problems";
import type { Settings } from "./schema";
import { egressSchema } from "./schema/egress";
import { gatewaySchema } from "./schema/gateway";
import { gatewayTlsSchema } from "./schema/gatewayTls";
import { bookinfoSchema, istioSchema } from "./schema/istio";
import { addonsSchema, tracingSchema } from "./schema/observability";
import { securitySchema } from "./schema/security";
import { clientsSchema } from "./schema/services";
import { valueAt } from "./schemaPath";

/** A setting that says something only while another one is in a certain mode. */
type Dependent = [path: string | string[], needs: string, isOn: boolean];

/** What settings are where nobody sets them. */
const DEFAULTS = {
    gateway: { ...gatewaySchema.parse(undefined), tls: gatewayTlsSchema.parse({}) },
    egress: egressSchema.parse(undefined),
    security: securitySchema.parse(undefined),
    tracing: tracingSchema.parse(undefined),
    clients: clientsSchema.parse(undefined),
    bookinfo: bookinfoSchema.parse(undefined),
    addons: addonsSchema.parse(undefined),
    istio: istioSchema.parse(undefined),
};

/** Which setting needs which mode. A new setting that needs one is a new line here. */
function dependents(settings: Settings, mesh: Mesh): Dependent[] {
    const { security, egress, tracing, bookinfo, istio } = settings;
    const { mode, policies } = security.authorization;
    const traces = tracing.backend !== "none";
    const hasClients = mesh.services.some(({ from }) => from === "clients");
    return [
        [
            "security.authorization.calls",
            "security.authorization.mode zero-trust",
            mode === "zero-trust" || egress.scoping.enabled,
        ],
        ["security.authorization.viewers", "security.authorization.mode guide", mode === "guide"],
        ...Object.keys(security.authorization.providers).map((name): Dependent => [
            ["security", "authorization", "providers", name],
            "a policy of action CUSTOM that names it",
            policies.some(({ provider }) => provider === name),
        ]),
        ["security.networkPolicies.egressCidrs", "security.networkPolicies.enabled", security.networkPolicies.enabled],
        ...ofGateway(settings, mesh),
        ["egress.scoping.reaches", "egress.scoping.enabled", egress.scoping.enabled],
        [
            "egress.gateway",
            "a service of egress.services with via gateway",
            mesh.external.some(({ via }) => via === "gateway"),
        ],
        ["tracing.transport", "tracing.backend apm", tracing.backend === "apm"],
        ["tracing.sampling", "a tracing.backend", traces],
        ["tracing.customTags", "a tracing.backend", traces],
        ...ofAddons(settings),
        ["bookinfo", "bookinfo.enabled", bookinfo.enabled],
        ["clients.namespace", "one of clients.curl, httpbin and fortio", hasClients],
        ["clients.imagePullSecrets", "one of the clients", mesh.clients !== undefined],
        ["istio.digests", `an istio.version other than ${NONE}`, istio.version !== NONE],
        ["istio.digests.install-cni", "istio.cni.enabled", istio.cni.enabled],
        ["istio.extraValues.cni", "istio.cni.enabled", istio.cni.enabled],
    ];
}

function ofGateway({ gateway, bookinfo }: Settings, mesh: Mesh): Dependent[] {
    const { kind, tls } = gateway;
    const modes = [tls?.mode, ...Object.values(tls?.hosts ?? {}).map(({ mode }) => mode)];
    const encrypted = servesHttps(mesh);
    const others = "bookinfo.enabled, as they are Bookinfo's; those of services are services.<name>.expose.hosts";
    const mutual = "gateway.tls.mode mutual; as it is, clients need no certificate";
    return [
        ...Object.keys(tls?.hosts ?? {}).map((name): Dependent => [
            ["gateway", "tls", "hosts", name, "certificate"],
            "a mode of that host other than off",
            mesh.hosts.some(({ host, tls }) => host === name && tls !== undefined),
        ]),
        ["gateway.hosts", others, bookinfo.enabled],
        ["gateway.ports.https", "gateway.tls", encrypted],
        ["gateway.tls.certificate", "a host with a gateway.tls.mode other than off", encrypted],
        ["gateway.tls.clientCa", mutual, modes.includes("mutual")],
        ["gateway.tls.minimumVersion", "a host with a gateway.tls.mode other than off", encrypted],
        ["gateway.gatewayApiManifest", "gateway.kind gateway-api", kind === "gateway-api"],
    ];
}

function ofAddons({ addons }: Settings): Dependent[] {
    const { enabled, signIn } = addons.kiali;
    const needs = `addons.kiali.signIn openid, but that is ${signIn}`;
    return [
        ...Object.entries(addons).map(([name, addon]): Dependent => [
            ["addons", name],
            `addons.${name}.enabled`,
            addon.enabled,
        ]),
        ["addons.kiali.openid", needs, !enabled || signIn === "openid"],
    ];
}

/** Settings of a mode that is off: perhaps kept for later, perhaps thought to be at work. */
export function idleSettings(settings: Settings, mesh: Mesh): string[] {
    return dependents(settings, mesh).flatMap(([path, needs, isOn]) => {
        const keys = typeof path === "string" ? path.split(".") : path;
        const value = valueAt(settings, keys);
        const isSet = value !== undefined && text(value) !== text(valueAt(DEFAULTS, keys));
        return isSet && !isOn ? [`${dotted(keys)} has no effect: it needs ${needs}.`] : [];
    });
}

/** Independent of the order in which a mapping was written, and of whether it is on. */
function text(value: unknown): string | undefined {
    return JSON.stringify(value, (key, each: unknown) =>
        typeof each === "object" && each !== null && !Array.isArray(each)
            ? Object.fromEntries(
                  Object.entries(each)
                      .filter(([name]) => key !== "" || name !== "enabled")
                      .sort(([one], [other]) => (one < other ? -1 : 1)),
              )
            : each,
    );
}
