import type { Rule } from "./rule";

export const trafficRules: Rule[] = [];
