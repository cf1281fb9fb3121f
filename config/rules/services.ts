import { nameOfHost } from "../../components/traffic/ingress/ingress";
import { LEGACY_NAMESPACE } from "../../components/workloads/clientWorkloads";
import { nearest } from "../nearest";
import { dotted, removeCommand, setCommand, type Problem } from "../problems";
import type { Settings } from "../schema";
import { onMesh, type Rule } from "./rule";
import { SYSTEM_NAMESPACES } from "./systemNamespaces";

/** Namespaces that this program makes by itself, with the setting that each comes from. */
function ownNamespaces({ bookinfo, clients }: Partial<Settings>): Map<string, string> {
    return new Map([
        ...(bookinfo?.enabled ? [[bookinfo.namespace, "bookinfo.namespace"] as const] : []),
        ...(clients?.legacy ? [[LEGACY_NAMESPACE, "clients.legacy"] as const] : []),
    ]);
}

const namespacesAreTheUsers: Rule = (settings) =>
    Object.keys(settings.namespaces ?? {}).flatMap((namespace): Problem[] => {
        const key = `namespaces.${namespace}`;
        const fix = [removeCommand(key)];
        const owner = ownNamespaces(settings).get(namespace);
        if (SYSTEM_NAMESPACES.includes(namespace)) {
            return [{ key, message: "is a namespace of the system, where sidecars must not be injected", fix }];
        }
        return owner === undefined ? [] : [{ key, message: `is made with ${owner} already`, fix }];
    });

/** The namespace that was most likely meant, or the one that is named, as one of `namespaces`. */
function enrol(key: string, namespace: string, known: string[]): string {
    const near = nearest(namespace, known);
    if (near !== undefined) {
        return setCommand(key, near);
    }
    return mayEnrol(namespace)
        ? setCommand(`namespaces.${namespace}.source`, "existing")
        : setCommand(key, "<namespace>");
}

/** Whether it could be one of `namespaces`. */
function mayEnrol(namespace: string): boolean {
    return ![...SYSTEM_NAMESPACES, LEGACY_NAMESPACE].includes(namespace);
}

const servicesAreEnrolled: Rule = (settings) => {
    const { services, namespaces, bookinfo } = settings;
    if (!services || !namespaces || !bookinfo) {
        return [];
    }
    const isOfTheMesh = (namespace: string) =>
        Object.hasOwn(namespaces, namespace) || (bookinfo.enabled && namespace === bookinfo.namespace);
    return Object.entries(services)
        .filter(([, { namespace }]) => !isOfTheMesh(namespace))
        .map(([name, { namespace }]) => ({
            key: `services.${name}.namespace`,
            message: `is ${namespace}, which is not one of namespaces: its pods would have no sidecars`,
            fix: [enrol(`services.${name}.namespace`, namespace, Object.keys(namespaces))],
        }));
};

/** Names in `traffic` and `security` must mean one service. */
const namesAreFree = onMesh((mesh, { services }) => {
    const ours = mesh.services.filter(({ from }) => from !== "services");
    // What is open at the gateway has objects named after it, or after the application whose page it is.
    const isTaken = (name: string) =>
        ours.some(
            (service) => service.name === name || (services[name]?.expose && service.exposure?.application === name),
        );
    return Object.keys(services)
        .filter((name) => isTaken(name) || name === "default")
        .map((name) => ({
            key: `services.${name}`,
            message:
                name === "default"
                    ? "is reserved by Istio for the objects of a namespace; use another name and set its host"
                    : "is a name of Bookinfo or the clients; use another name and set its host",
            fix: [setCommand("services.<another name>.host", name), removeCommand(`services.${name}`)],
        }));
});

/** TCP has no paths and no host names, so the gateway could not tell it from other traffic at its HTTP ports. */
const exposedSpeaksHttp: Rule = ({ services }) =>
    Object.entries(services ?? {})
        .filter(([, { protocol, expose }]) => expose && protocol === "tcp")
        .map(([name]) => ({
            key: `services.${name}.expose`,
            message: "exposes it at the gateway's HTTP ports, but services of protocol tcp have no hosts and paths",
            fix: [removeCommand(`services.${name}.expose`)],
        }));

const clientsNamespaceIsOwn: Rule = ({ clients, namespaces, bookinfo }) => {
    const namespace = clients?.namespace;
    const known = [...Object.keys(namespaces ?? {}), ...(bookinfo?.enabled ? [bookinfo.namespace] : []), "clients"];
    const key = "clients.namespace";
    const message = `is ${namespace}, which is neither Bookinfo's nor one of namespaces`;
    return namespace === undefined || known.includes(namespace) || !namespaces || !bookinfo
        ? []
        : [
              {
                  key,
                  message,
                  fix: mayEnrol(namespace)
                      ? [setCommand(`namespaces.${namespace}.source`, "new")]
                      : [removeCommand(key)],
              },
          ];
};

/** A service's routes inside the mesh are named after it, and the application's at the gateway stand beside them. */
const objectsHaveNames = onMesh(({ services, hosts }) => {
    const page = services.find(({ exposure }) => exposure?.application !== undefined);
    const taken = [page?.exposure?.application, ...hosts.map(({ host }) => `${nameOfHost(host)}-ingress`)];
    return services
        .filter(
            ({ host, namespace, from }) => from === "services" && namespace === page?.namespace && taken.includes(host),
        )
        .map(({ name, host, namespace }): Problem => {
            const key = `services.${name}.host`;
            const message = `is ${host}, the name that the routes of ${page?.name} at the gateway have in namespace ${namespace}`;
            return { key, message, fix: [setCommand(key, "<name of its Kubernetes Service>")] };
        });
});

/** Versions are distinguished by labels only: requests for either would go to the pods of both. */
const versionsDiffer: Rule = ({ services }) =>
    Object.entries(services ?? {}).flatMap(([name, { versions }]) => {
        const seen = new Map<string, string>();
        return Object.entries(versions).flatMap(([version, labels]): Problem[] => {
            const key = dotted(["services", name, "versions", version]);
            const text = JSON.stringify(Object.entries(labels).sort());
            const first = seen.get(text);
            seen.set(text, first ?? version);
            const message = `has the same labels as ${first}: both would select the same pods`;
            return first === undefined ? [] : [{ key, message, fix: [setCommand(`${key}.<label>`, "<value>")] }];
        });
    });

export const serviceRules = [
    versionsDiffer,
    objectsHaveNames,
    namespacesAreTheUsers,
    servicesAreEnrolled,
    namesAreFree,
    exposedSpeaksHttp,
    clientsNamespaceIsOwn,
];
