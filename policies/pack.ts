import {
    UnknownValueError,
    type Policies,
    type PolicyResource,
    type ReportViolation,
    type ResourceValidationArgs,
} from "@pulumi/policy";
import { exceptionFor, label } from "./judge";
import type { Checked, PolicySettings } from "./rule";
import { RULES } from "./rules";

/** The rules as Pulumi's policies, for a stack's settings. */
export function policiesFor({ level = "prod", exceptions = [] }: Partial<PolicySettings>): Policies {
    return RULES.map((rule) => {
        const { name, levels } = rule;
        const described = { name, description: `${rule.description}. ${rule.reason}`, enforcementLevel: levels[level] };
        const tell = (report: ReportViolation, resource: Checked, message: string) => {
            if (!exceptionFor(exceptions, name, label(resource))) {
                report(`${label(resource)} ${message}`, resource.urn);
            }
        };
        return "checkStack" in rule
            ? {
                  ...described,
                  validateStack: ({ resources }, report) =>
                      rule.checkStack(resources.map(checked)).forEach((finding) => tell(report, ...finding)),
              }
            : {
                  ...described,
                  validateResource: (args, report) => {
                      const resource = checked(args);
                      rule.check(resource).forEach((message) => tell(report, resource, message));
                  },
              };
    });
}

/** A resource as the rules know it. */
function checked({ urn, type, name, props, opts }: ResourceValidationArgs | PolicyResource): Checked {
    return { urn, type, name, protect: opts.protect, inputs: known(props) as Record<string, unknown> };
}

/** A value whose unknown parts are marked as a plan marks them: the policy host throws where one is read. */
function known(value: unknown): unknown {
    if (typeof value !== "object" || value === null) {
        return value;
    }
    const read = (key: string | number): unknown => {
        try {
            return known((value as Record<string | number, unknown>)[key]);
        } catch (error) {
            if (error instanceof UnknownValueError) {
                return { $unknown: [] };
            }
            throw error;
        }
    };
    return Array.isArray(value)
        ? Array.from({ length: value.length }, (_, index) => read(index))
        : Object.fromEntries(Object.keys(value).map((key) => [key, read(key)]));
}
