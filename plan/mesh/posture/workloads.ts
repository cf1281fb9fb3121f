import { at, type Plan, type Resource } from "../../model";
import { ofType } from "../../query";
import { GATEWAY_SELECTOR } from "../../../components/istio/gateways";
import type { WorkloadSelector } from "../../../components/istio/api/specs";
import { ISTIO_NAMESPACE } from "../../../components/istio/versions";
import { carries, nameOf, namespaceOf, type Deployment, type Planned } from "../objects";
import { text } from "../../words";
import { selectorOf, type AuthorizationPolicy, type SecurityObjects } from "./objects";

/** Pods that policies can distinguish: one application of a namespace. */
export interface Workload {
    /** Displayed name: the application's, with its namespace if another one has the same name. */
    name: string;
    namespace: string;
    labels: Record<string, string>;
    /** Identity in the mesh, without the trust domain: `ns/<namespace>/sa/<service account>`. */
    identity: string | undefined;
    /** Whether it has a sidecar, which enforces policies. */
    injected: boolean;
}

/** The applications: of the plan's Deployments, and those that only policies mention. */
export function workloadsOf({ deployments, namespaces, authorization }: SecurityObjects): Workload[] {
    const injected = new Set(namespaces.filter(({ metadata: { labels = {} } }) => isInjected(labels)).map(nameOf));
    const all = new Map<string, Workload>();
    for (const workload of deployments.map((deployment) => fromDeployment(deployment, injected))) {
        all.set(`${workload.namespace}/${workload.name}`, workload);
    }
    const deployed = [...all.values()];
    for (const policy of authorization) {
        const selected = fromPolicy(policy);
        if (selected && !deployed.some((workload) => covers(policy, workload))) {
            all.set(`${selected.namespace}/${selected.name}`, selected);
        }
    }
    return distinct([...all.values()].filter(({ namespace }) => namespace !== ISTIO_NAMESPACE));
}

/** Whether pods of a namespace get sidecars: by default, or those of a tag or revision. */
function isInjected(labels: Record<string, string>): boolean {
    return labels["istio-injection"] === "enabled" || labels["istio.io/rev"] !== undefined;
}

/** The release of the ingress gateway. */
export function gatewayRelease(plan: Plan): Resource | undefined {
    return ofType(plan, "Release").find(
        ({ inputs }) => at(inputs, "values", "labels", "istio") === GATEWAY_SELECTOR.istio,
    );
}

/** The gateway as a caller. */
export function gatewayOf(plan: Plan): Workload | undefined {
    const release = gatewayRelease(plan);
    return (
        release && {
            name: "gateway",
            namespace: ISTIO_NAMESPACE,
            labels: at(release.inputs, "values", "labels") as Record<string, string>,
            identity: `ns/${ISTIO_NAMESPACE}/sa/${text(release.inputs.name)}`,
            injected: true,
        }
    );
}

/** Whether a policy applies to a workload: by namespace or mesh-wide, to all pods or by labels. */
export function covers(policy: Planned<{ selector?: WorkloadSelector }>, workload: Workload): boolean {
    return (
        [ISTIO_NAMESPACE, workload.namespace].includes(namespaceOf(policy)) &&
        carries(workload.labels, selectorOf(policy) ?? {})
    );
}

function fromDeployment(deployment: Deployment, injected: Set<string>): Workload {
    const { template } = deployment.spec;
    const labels = (template?.metadata?.labels ?? {}) as Record<string, string>;
    const namespace = namespaceOf(deployment);
    return {
        name: labels.app ?? nameOf(deployment),
        namespace,
        labels,
        identity: `ns/${namespace}/sa/${template?.spec?.serviceAccountName ?? "default"}`,
        injected: injected.has(namespace),
    };
}

/** Workloads that are managed outside this stack, which the plan knows only if a policy protects them. */
function fromPolicy(policy: AuthorizationPolicy): Workload | undefined {
    const labels = selectorOf(policy);
    const name = labels && (labels.app ?? Object.values(labels)[0]);
    return labels && name !== undefined
        ? { name, namespace: namespaceOf(policy), labels, identity: undefined, injected: true }
        : undefined;
}

/**
 * Accounts that policies allow and no workload of the plan has: callers that are managed outside this stack. Patterns are
 * left out.
 */
export function otherCallers({ authorization }: SecurityObjects, known: Workload[]): Workload[] {
    const rules = authorization.flatMap(({ spec }) => spec.rules ?? []);
    const sources = rules.flatMap(({ from = [] }) => from);
    const principals = new Set(sources.flatMap(({ source }) => source?.principals ?? []));
    return [...principals].flatMap((principal): Workload[] => {
        const [, identity, namespace, account] = /^[^/*]+\/(ns\/([^/*]+)\/sa\/([^/*]+))$/.exec(principal) ?? [];
        return namespace === undefined || known.some((workload) => workload.identity === identity)
            ? []
            : [{ name: accountWords(account!, namespace), namespace, labels: {}, identity, injected: true }];
    });
}

/**
 * The callers among workloads. The accounts of those that only policies mention are unknown: they may be any account of their
 * namespace, also one that `otherCallers` lists, so a row for each would deny what that account is allowed.
 */
export function withKnownIdentity(workloads: Workload[]): Workload[] {
    const elsewhere = workloads.filter(({ identity }) => identity === undefined);
    const namespaces = [...new Set(elsewhere.map(({ namespace }) => namespace))];
    return [
        ...workloads.filter(({ identity }) => identity !== undefined),
        ...namespaces.map((namespace) => ({
            name: `other accounts in ${namespace}`,
            namespace,
            labels: {},
            identity: `ns/${namespace}/sa/*`,
            injected: true,
        })),
    ];
}

/** Kubernetes gives the account `default` to every pod that names none, so a policy for it admits all of these. */
function accountWords(account: string, namespace: string): string {
    return account === "default"
        ? `every pod in ${namespace} without an account of its own`
        : `account ${account} in ${namespace}`;
}

function distinct(workloads: Workload[]): Workload[] {
    const counts = new Map<string, number>();
    workloads.forEach(({ name }) => counts.set(name, (counts.get(name) ?? 0) + 1));
    return workloads.map((workload) =>
        counts.get(workload.name) === 1 ? workload : { ...workload, name: `${workload.name}.${workload.namespace}` },
    );
}
