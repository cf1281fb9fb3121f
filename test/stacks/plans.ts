import type { Plan, Resource } from "../../plan/model";
import { recorded } from "../support/recorded";

export const STACKS = ["dev", "prod", "local"] as const;

export type StackName = (typeof STACKS)[number];

/** The plan of a stack file as it stands in the repository, recorded once for all tests. */
export function planOf(stack: StackName): Promise<Plan> {
    return recorded({ stack });
}

/** Whether a resource lives in the cluster. */
export function inCluster({ type, custom }: Resource): boolean {
    return custom && type.startsWith("kubernetes:");
}

/** Whether a resource is of one of Istio's kinds. */
export function isIstioKind({ type }: Resource): boolean {
    return /^kubernetes:[a-z]+\.istio\.io\//.test(type);
}
