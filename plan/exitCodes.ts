import { UserError } from "./errors";

export const planned = 0;
const wrongInput = 1;
export const defect = 2;
/** Planned, but a mandatory policy refuses it. */
export const refused = 3;

/** Whether an error is the user's to fix: its message says how. */
export function isWrongInput(error: unknown): error is Error {
    // Pulumi's RunError, recognised without loading the SDK: settings and usage errors are thrown as one.
    return error instanceof UserError || (error instanceof Error && "__pulumiRunError" in error);
}

export function exitCodeOf(error: unknown): number {
    return isWrongInput(error) ? wrongInput : defect;
}
