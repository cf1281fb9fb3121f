import { shortType } from "../plan/query";
import type { Checked, Enforcement, Exception, Finding, PolicySettings, Rule } from "./rule";
import { RULES } from "./rules";

/** A resource that breaks a rule. */
export interface Violation {
    rule: string;
    enforcement: Exclude<Enforcement, "disabled">;
    urn: string;
    /** Its kind and name, as exceptions name it. */
    resource: string;
    message: string;
}

/** What the rules of a level say about resources. */
export interface Verdict {
    level: PolicySettings["level"];
    /** Mandatory ones first. */
    violations: Violation[];
    /** Exceptions that excuse something. */
    excused: Exception[];
    /** Exceptions that excuse nothing any more. */
    unused: Exception[];
}

/** Applies all rules to all resources. */
export function judge(resources: Checked[], { level, exceptions }: PolicySettings): Verdict {
    const found = RULES.flatMap((rule) => {
        const enforcement = rule.levels[level];
        return enforcement === "disabled"
            ? []
            : findings(rule, resources).map(([resource, message]): Violation => ({
                  rule: rule.name,
                  enforcement,
                  urn: resource.urn,
                  resource: label(resource),
                  message,
              }));
    });
    const used = new Set(found.flatMap(({ rule, resource }) => exceptionFor(exceptions, rule, resource) ?? []));
    const violations = found.filter(({ rule, resource }) => !exceptionFor(exceptions, rule, resource));
    return {
        level,
        violations: ["mandatory", "advisory"].flatMap((first) =>
            violations.filter(({ enforcement }) => enforcement === first),
        ),
        excused: exceptions.filter((exception) => used.has(exception)),
        unused: exceptions.filter((exception) => !used.has(exception)),
    };
}

/** Whether Pulumi would refuse the update. */
export function isRefused({ violations }: Verdict): boolean {
    return violations.some(({ enforcement }) => enforcement === "mandatory");
}

/** What one rule says, without levels and exceptions. */
export function findings(rule: Rule, resources: Checked[]): Finding[] {
    return "checkStack" in rule
        ? rule.checkStack(resources)
        : resources.flatMap((resource) => rule.check(resource).map((message): Finding => [resource, message]));
}

/** The exception of a resource from a rule, if there is one. */
export function exceptionFor(exceptions: Exception[], rule: string, resource: string): Exception | undefined {
    return exceptions.find((exception) => exception.rule === rule && exception.resource === resource);
}

/** A resource as reports and exceptions name it: `Cluster oke-cluster`. */
export function label({ type, name }: Checked): string {
    return `${shortType(type)} ${name}`;
}
