import type { Rule } from "./rule";

export const egressRules: Rule[] = [];
