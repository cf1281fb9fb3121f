import {
    UnknownValueError,
    type Policies,
    type PolicyResource,
    type ResourceValidationArgs,
    type ReportViolation,
} from "@pulumi/policy";
import { exceptionFor, label } from "./judge";
import type { Checked, PolicySettings, Rule } from "./rule";
import { RULES } from "./rules";

/** The rules as Pulumi's policies, for a stack's settings. */
export function policiesFor({ level = "prod", exceptions = [] }: Partial<PolicySettings>): Policies {
    return RULES.map((rule) => {
        const { name } = rule;
        const description = `${rule.description}. ${rule.reason}`;
        const reporter = (report: ReportViolation) => (resource: Checked, message: string) => {
            if (!exceptionFor(exceptions, name, label(resource))) {
                report(`${label(resource)} ${message}`, resource.urn);
            }
        };
        return { name, description, enforcementLevel: rule.levels[level], ...validation(rule, reporter) };
    });
}

type Report = (resource: Checked, message: string) => void;

function validation(rule: Rule, reporter: (report: ReportViolation) => Report): Pick<Policies[number], never> {
    return "checkStack" in rule
        ? {
              validateStack: ({ resources }: { resources: PolicyResource[] }, report: ReportViolation) =>
                  rule.checkStack(resources.map(checked)).forEach((finding) => reporter(report)(...finding)),
          }
        : {
              validateResource: (args: ResourceValidationArgs, report: ReportViolation) => {
                  const resource = checked(args);
                  rule.check(resource).forEach((message) => reporter(report)(resource, message));
              },
          };
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
