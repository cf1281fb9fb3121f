import { z } from "zod";
import { UserError } from "../errors";
import type { Verdict } from "../../policies/judge";
import { isMap, type Plan } from "../model";

/** Increased whenever readers of the JSON must change. */
export const schemaVersion = 1;

const kind = "oke-mesh/plan";

/** Checks what a comparison needs. */
const compared = z.object({
    stack: z.string(),
    resources: z.array(z.object({ urn: z.string().startsWith("urn:pulumi:") })),
    outputs: z.record(z.string(), z.object({})),
});

/** How many problems of an edited plan are listed. */
const shown = 5;

/**
 * The plan for programs, with what policies say, and what it replaces if it was compared with another. Two runs of the
 * same program and settings give the same bytes; docs/plan.md describes it.
 */
export function renderJson(plan: Plan, also: { replacements?: object; policies?: Verdict } = {}): string {
    const { project, stack, scenario, resources, reads, lookups, outputs, warnings } = plan;
    const document = {
        kind,
        schemaVersion,
        project,
        stack,
        scenario,
        resources,
        reads,
        lookups,
        outputs,
        warnings,
        ...also,
    };
    return `${JSON.stringify(document, null, 2)}\n`;
}

/** Reads what `renderJson` wrote. `origin` names the text in errors. */
export function parseJson(content: string, origin: string): Plan {
    let document: unknown;
    try {
        document = JSON.parse(content);
    } catch (error) {
        throw new UserError(`${origin} is not JSON: ${(error as Error).message}`);
    }
    if (!isMap(document) || document.kind !== kind) {
        throw new UserError(`${origin} is not a plan. Write one with: npm start -- --json FILE`);
    }
    if (document.schemaVersion !== schemaVersion) {
        throw new UserError(
            `${origin} is a plan of schema version ${JSON.stringify(document.schemaVersion)}, this program reads ` +
                `version ${schemaVersion}. Write it again with: npm start -- --json FILE`,
        );
    }
    const { error } = compared.safeParse(document);
    if (error) {
        const problems = error.issues.map(({ path, message }) => `  ${z.core.toDotPath(path)}   ${message}`);
        const rest = problems.length > shown ? [`  … and ${problems.length - shown} more`] : [];
        throw new UserError(
            [
                `${origin} is incomplete or was edited, and is no longer a plan:`,
                "",
                ...problems.slice(0, shown),
                ...rest,
            ].join("\n"),
        );
    }
    return document as unknown as Plan;
}
