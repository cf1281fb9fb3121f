import { skipped, type Finding } from "./check";
import { ociCommand, type Oci } from "./oci";

/** What OCI says to a command, judged; skipped, with the command to run elsewhere, where `oci` is not set up here. */
export async function judgedByOci<T>(
    oci: Oci,
    args: string[],
    judge: (answer: T | undefined) => Finding,
): Promise<Finding> {
    return (await oci.isThere()) ? judge(await oci.ask<T>(args)) : withoutOci(args);
}

export function withoutOci(args: string[]): Finding {
    return skipped("this machine has no OCI command line that is set up", [
        {
            what: "Only OCI can tell.",
            fix: "Install and set up the OCI command line, or run this where it is:",
            command: ociCommand(args),
        },
    ]);
}
