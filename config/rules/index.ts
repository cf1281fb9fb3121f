import type { Problem } from "../problems";
import type { Settings } from "../schema";
import { clusterRules } from "./cluster";
import { gatewayRules } from "./gateway";
import { networkRules } from "./network";
import { nodePoolRules } from "./nodePools";
import { observabilityRules } from "./observability";
import type { Rule } from "./rule";
import { sizeRules } from "./sizes";

const RULES: Rule[] = [
    ...clusterRules,
    ...networkRules,
    ...nodePoolRules,
    ...gatewayRules,
    ...sizeRules,
    ...observabilityRules,
];

/** Every problem that the settings have with each other. */
export function checkRules(settings: Partial<Settings>): Problem[] {
    return RULES.flatMap((rule) => rule(settings));
}
