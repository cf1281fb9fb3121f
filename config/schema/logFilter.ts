import { parse, type ASTNode } from "@marcbachmann/cel-js";
import { z } from "zod";

/** What Envoy knows of a request: https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/advanced/attributes */
const ATTRIBUTES = [
    ...["request", "response", "connection", "source", "destination", "upstream", "xds"],
    ...["metadata", "filter_state", "upstream_filter_state"],
];

/** These name a variable of their own. */
const MACROS = ["all", "exists", "exists_one", "map", "filter"];

/** Attributes that an expression names and Envoy does not know; undefined if it is no CEL. */
function strangers(expression: string): string[] | undefined {
    try {
        const { names, macro } = namesIn(parse(expression).ast);
        return macro ? [] : names.filter((name) => !ATTRIBUTES.includes(name));
    } catch {
        return undefined;
    }
}

function namesIn(node: unknown): { names: string[]; macro: boolean } {
    if (Array.isArray(node)) {
        const all = node.map(namesIn);
        return { names: all.flatMap(({ names }) => names), macro: all.some(({ macro }) => macro) };
    }
    if (typeof node !== "object" || node === null || !("op" in node)) {
        return { names: [], macro: false };
    }
    const { op, args } = node as ASTNode;
    if (op === "id") {
        return { names: [args], macro: false };
    }
    const { names, macro } = namesIn(args);
    return { names, macro: macro || (op === "rcall" && MACROS.includes(args[0])) };
}

/** Which requests are logged, in CEL. Of an attribute that does not exist nothing is known, so nothing would be logged. */
export const logFilter = z
    .string()
    .superRefine((expression, context) => {
        const unknown = strangers(expression);
        const refuse = (message: string) => context.addIssue({ code: "custom", message });
        if (unknown === undefined) {
            refuse("a CEL expression such as response.code >= 400");
        } else if (unknown.length > 0) {
            refuse(`about attributes of Envoy such as response.code, not ${unknown.join(", ")}`);
        }
    })
    .meta({ examples: ["<response.code >= 400>"] });
