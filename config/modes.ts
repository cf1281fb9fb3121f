import { servesHttps, type Mesh } from "../mesh/mesh";
import { dotted } from "./problems";
import { addonsSchema, tracingSchema } from "./schema/observability";
import { bookinfoSchema } from "./schema/istio";
import { clientsSchema } from "./schema/services";
import { egressSchema } from "./schema/egress";
import { gatewaySchema } from "./schema/gateway";
import { gatewayTlsSchema } from "./schema/gatewayTls";
import type { Settings } from "./schema";
import { securitySchema } from "./schema/security";

/** A setting that says something only while another one is in a certain mode. */
interface Dependent {
    key: string;
    /** What is set there. */
    value: unknown;
    /** What it is where nobody sets it. */
    unset: unknown;
    /** The mode it needs, in words. */
    needs: string;
    isOn: boolean;
}

const DEFAULTS = {
    gateway: gatewaySchema.parse(undefined),
    tls: gatewayTlsSchema.parse({}),
    egress: egressSchema.parse(undefined),
    security: securitySchema.parse(undefined),
    tracing: tracingSchema.parse(undefined),
    clients: clientsSchema.parse(undefined),
    bookinfo: bookinfoSchema.parse(undefined),
    addons: addonsSchema.parse(undefined),
};

/** Which setting needs which mode. A new setting that needs one is a new line here. */
function dependents(settings: Settings, mesh: Mesh): Dependent[] {
    return [
        ...ofSecurity(settings),
        ...ofGateway(settings, mesh),
        ...ofEgress(settings, mesh),
        ...ofTracing(settings),
        ...ofAddons(settings),
        ...ofWorkloads(settings, mesh),
        ...ofIstio(settings),
    ];
}

function ofSecurity({ security, egress }: Settings): Dependent[] {
    const { authorization, networkPolicies } = security;
    const unset = DEFAULTS.security;
    const used = authorization.policies.map(({ provider }) => provider);
    return [
        {
            key: "security.authorization.calls",
            value: authorization.calls,
            unset: {},
            needs: "security.authorization.mode zero-trust",
            isOn: authorization.mode === "zero-trust" || egress.scoping.enabled,
        },
        {
            key: "security.authorization.viewers",
            value: authorization.viewers,
            unset: unset.authorization.viewers,
            needs: "security.authorization.mode guide",
            isOn: authorization.mode === "guide",
        },
        ...Object.entries(authorization.providers).map(([name, value]) => ({
            key: dotted(["security", "authorization", "providers", name]),
            value,
            unset: undefined,
            needs: "a policy of action CUSTOM that names it",
            isOn: used.includes(name),
        })),
        {
            key: "security.networkPolicies.egressCidrs",
            value: networkPolicies.egressCidrs,
            unset: unset.networkPolicies.egressCidrs,
            needs: "security.networkPolicies.enabled",
            isOn: networkPolicies.enabled,
        },
    ];
}

function ofGateway({ gateway, bookinfo }: Settings, mesh: Mesh): Dependent[] {
    const { tls } = gateway;
    const modes = [tls?.mode, ...Object.values(tls?.hosts ?? {}).map(({ mode }) => mode)];
    const encrypted = servesHttps(mesh);
    const own = Object.entries(tls?.hosts ?? {}).map(([host, { certificate }]) => ({
        key: dotted(["gateway", "tls", "hosts", host, "certificate"]),
        value: certificate,
        unset: undefined,
        needs: "a mode of that host other than off",
        isOn: mesh.hosts.some((open) => open.host === host && open.tls !== undefined),
    }));
    return [
        ...own,
        {
            key: "gateway.hosts",
            value: gateway.hosts,
            unset: DEFAULTS.gateway.hosts,
            needs: "bookinfo.enabled, as they are Bookinfo's; those of services are services.<name>.expose.hosts",
            isOn: bookinfo.enabled,
        },
        {
            key: "gateway.ports.https",
            value: gateway.ports.https,
            unset: DEFAULTS.gateway.ports.https,
            needs: "gateway.tls",
            isOn: encrypted,
        },
        {
            key: "gateway.tls.certificate",
            value: tls?.certificate,
            unset: undefined,
            needs: "a host with a gateway.tls.mode other than off",
            isOn: encrypted,
        },
        {
            key: "gateway.tls.clientCa",
            value: tls?.clientCa,
            unset: undefined,
            needs: "gateway.tls.mode mutual; as it is, clients need no certificate",
            isOn: modes.includes("mutual"),
        },
        {
            key: "gateway.tls.minimumVersion",
            value: tls?.minimumVersion,
            unset: tls && DEFAULTS.tls.minimumVersion,
            needs: "a host with a gateway.tls.mode other than off",
            isOn: encrypted,
        },
        {
            key: "gateway.gatewayApiManifest",
            value: gateway.gatewayApiManifest,
            unset: DEFAULTS.gateway.gatewayApiManifest,
            needs: "gateway.kind gateway-api",
            isOn: gateway.kind === "gateway-api",
        },
    ];
}

function ofEgress({ egress }: Settings, { external }: Mesh): Dependent[] {
    const viaGateway = external.some(({ via }) => via === "gateway");
    return [
        {
            key: "egress.scoping.reaches",
            value: egress.scoping.reaches,
            unset: {},
            needs: "egress.scoping.enabled",
            isOn: egress.scoping.enabled,
        },
        {
            key: "egress.gateway",
            value: egress.gateway,
            unset: DEFAULTS.egress.gateway,
            needs: "a service of egress.services with via gateway",
            isOn: viaGateway,
        },
    ];
}

function ofTracing({ tracing }: Settings): Dependent[] {
    const traces = tracing.backend !== "none";
    const ofBackend = (name: "sampling" | "customTags") => ({
        key: `tracing.${name}`,
        value: tracing[name],
        unset: DEFAULTS.tracing[name],
        needs: "a tracing.backend",
        isOn: traces,
    });
    return [
        {
            key: "tracing.transport",
            value: tracing.transport,
            unset: DEFAULTS.tracing.transport,
            needs: "tracing.backend apm",
            isOn: tracing.backend === "apm",
        },
        ofBackend("sampling"),
        ofBackend("customTags"),
    ];
}

function ofAddons({ addons }: Settings): Dependent[] {
    const names = Object.keys(addons) as (keyof typeof addons)[];
    const disabled = names.map((name) => ({
        key: `addons.${name}`,
        value: { ...addons[name], enabled: false },
        unset: { ...DEFAULTS.addons[name], enabled: false },
        needs: `addons.${name}.enabled`,
        isOn: addons[name].enabled,
    }));
    return [
        ...disabled,
        {
            key: "addons.kiali.openid",
            value: addons.kiali.openid,
            unset: undefined,
            needs: `addons.kiali.signIn openid, but that is ${addons.kiali.signIn}`,
            isOn: !addons.kiali.enabled || addons.kiali.signIn === "openid",
        },
    ];
}

function ofWorkloads({ bookinfo, clients }: Settings, mesh: Mesh): Dependent[] {
    const some = mesh.services.some(({ from }) => from === "clients");
    return [
        {
            key: "bookinfo",
            value: { ...bookinfo, enabled: true },
            unset: DEFAULTS.bookinfo,
            needs: "bookinfo.enabled",
            isOn: bookinfo.enabled,
        },
        {
            key: "clients.namespace",
            value: clients.namespace,
            unset: undefined,
            needs: "one of clients.curl, httpbin and fortio",
            isOn: some,
        },
        {
            key: "clients.imagePullSecrets",
            value: clients.imagePullSecrets,
            unset: [],
            needs: "one of the clients",
            isOn: mesh.clients !== undefined,
        },
    ];
}

function ofIstio({ istio }: Settings): Dependent[] {
    const needs = "istio.cni.enabled";
    return [
        {
            key: "istio.digests.install-cni",
            value: istio.digests["install-cni"],
            unset: undefined,
            needs,
            isOn: istio.cni.enabled,
        },
        {
            key: "istio.extraValues.cni",
            value: istio.extraValues.cni,
            unset: {},
            needs,
            isOn: istio.cni.enabled,
        },
    ];
}

/** Settings of a mode that is off: perhaps kept for later, perhaps thought to be at work. */
export function idleSettings(settings: Settings, mesh: Mesh): string[] {
    return dependents(settings, mesh)
        .filter(({ value, unset, isOn }) => !isOn && text(value) !== text(unset))
        .map(({ key, needs }) => `${key} has no effect: it needs ${needs}.`);
}

/** Independent of the order in which a mapping was written. */
function text(value: unknown): string | undefined {
    return JSON.stringify(value, (_key, each: unknown) =>
        typeof each === "object" && each !== null && !Array.isArray(each)
            ? Object.fromEntries(Object.entries(each).sort(([one], [other]) => (one < other ? -1 : 1)))
            : each,
    );
}
