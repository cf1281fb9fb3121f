import { z } from "zod";
import { LEVELS } from "../../policies/rule";
import { RULES } from "../../policies/rules";

export const policiesSchema = z
    .strictObject({
        level: z
            .enum(LEVELS)
            .default("prod")
            .describe(
                "What the environment is held to: the table of docs/policies.md says which rules are mandatory for which.",
            ),
        exceptions: z
            .array(
                z.strictObject({
                    rule: z.enum(RULES.map(({ name }) => name)).describe("Name of the rule."),
                    resource: z
                        .string()
                        .regex(/^\S+ \S+$/, "a kind and a name, such as Cluster oke-cluster")
                        .meta({ examples: ["<kind name>"] })
                        .describe("Kind and name of the resource, as the plan shows them with the violation."),
                    reason: z
                        .string()
                        .regex(/^.{10,}$/s, "a reason in words, of 10 characters or more")
                        .meta({ examples: ["<why, and who decided>"] })
                        .describe("Why this is acceptable, for reviewers."),
                }),
            )
            .default([])
            .describe("Resources that a rule does not apply to."),
    })
    .prefault({})
    .describe("Policies that the plan and Pulumi check: see docs/policies.md.");
