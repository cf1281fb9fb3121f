import type { Plan, Resource } from "../../plan/model";
import { record } from "../../plan/record/record";

export const STACKS = ["dev", "prod", "local"] as const;

export type StackName = (typeof STACKS)[number];

const plans = new Map<StackName, Promise<Plan>>();

/** The plan of a stack file as it stands in the repository, recorded once for all tests. */
export function planOf(stack: StackName): Promise<Plan> {
    const plan = plans.get(stack) ?? record({ stack });
    plans.set(stack, plan);
    return plan;
}

/** Whether a resource lives in the cluster. */
export function inCluster({ type, custom }: Resource): boolean {
    return custom && type.startsWith("kubernetes:");
}

/** Whether a resource is of one of Istio's kinds. */
export function isIstioKind({ type }: Resource): boolean {
    return /^kubernetes:[a-z]+\.istio\.io\//.test(type);
}
