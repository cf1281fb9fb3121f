import type { Problem } from "../problems";
import type { Settings } from "../schema";

/**
 * What no single setting can tell: settings that contradict each other, or the limits of OCI, Kubernetes and Istio.
 * A rule sees only the sections that are valid by themselves, and is silent about what it cannot see.
 */
export type Rule = (settings: Partial<Settings>) => Problem[];
