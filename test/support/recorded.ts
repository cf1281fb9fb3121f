import type { Plan } from "../../plan/model";
import { record, type RecordOptions } from "../../plan/record/record";

const plans = new Map<string, Promise<Plan>>();

/** The plan of the program with these settings, recorded once for all tests of a process: nobody may change it. */
export function recorded(options: RecordOptions, program?: string): Promise<Plan> {
    const key = JSON.stringify([options, program]);
    const plan = plans.get(key) ?? record(options, program);
    plans.set(key, plan);
    return plan;
}
