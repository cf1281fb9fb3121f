import type { Plan } from "../model";
import { replacedSince, type Replaced } from "../replacements/render";
import { asStack, diff, type Difference } from "./diff";

/** What a report compares the plan with. */
export interface Against {
    /** The earlier plan, as if it were one of the same stack. */
    earlier: Plan;
    difference: Difference;
    /** The earlier plan's name. */
    origin: string;
    replaced: Replaced;
}

/** Compares a plan with an earlier one. */
export function against(earlier: Plan, plan: Plan, origin: string): Against {
    const same = asStack(earlier, plan.stack);
    const difference = diff(same, plan);
    return { earlier: same, difference, origin, replaced: replacedSince(earlier, plan, difference) };
}
