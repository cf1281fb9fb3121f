import { BOOKINFO_CALLS } from "../../components/workloads/bookinfoServices";
import type { Plan } from "../model";
import { accessTo, isRefused, type Access } from "./posture/access";
import { isCalled } from "./elsewhere";
import { mtlsMode } from "./posture/encryption";
import { idOf, selects, type Service } from "./objects";
import type { SecurityObjects } from "./posture/objects";
import { gatewayOf, otherCallers, type Workload } from "./posture/workloads";

/** What one service may do at another. */
export interface Call {
    /** Namespace and name of the calling Service; or an account, as `accounts` calls it. */
    from: string;
    to: string;
    access: Access;
    /** Whether it is known to call, or only may. */
    known: boolean;
}

/** A namespace as mutual TLS sees it. */
export interface Place {
    namespace: string;
    /** Whether its pods have sidecars. */
    injected: boolean;
    /** What its sidecars accept: `STRICT`, `PERMISSIVE`, … */
    mode: string;
}

export interface Account {
    id: string;
    name: string;
    namespace: string;
}

export interface Callers {
    places: Place[];
    calls: Call[];
    /** Accounts managed outside this stack that may call one of the services. */
    accounts: Account[];
    /** What the ingress gateway may do, by Service. */
    fromGateway: Map<string, Access>;
    /** What pods without a sidecar may do, by Service. */
    fromOutside: Map<string, Access>;
}

/** A caller that has no sidecar, wherever it is. */
const OUTSIDE: Workload = { name: "", namespace: "", labels: {}, identity: undefined, injected: false };

/** A caller with a sidecar that no policy names. */
const UNKNOWN: Workload = { ...OUTSIDE, injected: true };

/** Who calls whom among the services: as Bookinfo does, and as policies that name callers allow. */
export function callersOf(
    plan: Plan,
    objects: SecurityObjects,
    workloads: Workload[],
    services: Service[],
    elsewhere: { id: string; name: string }[],
): Callers {
    const gateway = gatewayOf(plan);
    const pairs = [
        ...services.map((service) => ({
            id: idOf(service),
            name: service.metadata.name,
            workload: workloads.find(({ namespace, labels }) => selects(service, namespace, labels)),
        })),
        ...elsewhere.map(({ id, name }) => ({
            id,
            name,
            workload: workloads.find((candidate) => isCalled(candidate, id)),
        })),
    ].flatMap(({ workload, ...service }) => (workload ? [{ ...service, workload }] : []));
    const accounts = otherCallers(objects, [...(gateway ? [gateway] : []), ...workloads]).map((workload) => ({
        id: `account ${workload.identity}`,
        name: workload.name,
        workload,
    }));
    const hasBookinfo = plan.resources.some(({ type }) => type === "oke-mesh:workloads:Bookinfo");
    const meshed = pairs.filter(({ workload }) => workload.injected);
    const access = new Map(meshed.map((target) => [target.id, accessTo(target.workload, objects)]));
    const calls = meshed.flatMap((target) => {
        const others = [...meshed.filter((caller) => caller !== target && caller.workload.identity), ...accounts];
        const allowed = others.map((caller) => ({ caller, access: access.get(target.id)!(caller.workload) }));
        // Where everybody may call, saying so for each pair would hide who does.
        const tells = [...allowed.map((each) => each.access), access.get(target.id)!(UNKNOWN)].some(isRefused);
        return allowed.flatMap(({ caller, access }): Call[] => {
            const known =
                hasBookinfo &&
                caller.workload.namespace === target.workload.namespace &&
                (BOOKINFO_CALLS[caller.name] ?? []).includes(target.name);
            return known || (tells && !isRefused(access)) ? [{ from: caller.id, to: target.id, access, known }] : [];
        });
    });
    const from = (caller: Workload) => new Map(meshed.map(({ id }) => [id, access.get(id)!(caller)]));
    return {
        places: [...new Set(workloads.map(({ namespace }) => namespace))].map((namespace) => {
            const workload = workloads.find((candidate) => candidate.namespace === namespace)!;
            return {
                namespace,
                injected: workload.injected,
                mode: mtlsMode(objects.peers, { ...workload, labels: {} }),
            };
        }),
        calls,
        accounts: accounts
            .filter(({ id }) => calls.some(({ from: caller }) => caller === id))
            .map(({ id, name, workload: { namespace } }) => ({ id, name, namespace })),
        fromGateway: gateway ? from(gateway) : new Map<string, Access>(),
        fromOutside: from(OUTSIDE),
    };
}
