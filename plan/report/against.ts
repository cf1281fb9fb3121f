import type { Plan } from "../../model";
import type { Replaced } from "../../replacements/render";
import type { Difference } from "../diff";

/** What a page compares with. */
export interface Against {
    /** The earlier plan, as if it were one of the same stack. */
    earlier: Plan;
    difference: Difference;
    /** The earlier plan's name. */
    origin: string;
    replaced: Replaced;
}
