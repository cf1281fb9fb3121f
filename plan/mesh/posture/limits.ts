import { at, isMap } from "../../model";
import { nameOf, namespaceOf, type Planned } from "../objects";
import { items, text } from "../../words";
import type { EnvoyFilterSpec } from "../../../components/istio/api/specs";

/** The requests that proxies let through at most, as text, by EnvoyFilter. */
export function limitLines(filters: Planned<EnvoyFilterSpec>[]): string[] {
    return filters.flatMap((filter) => {
        const limits = limitsIn(filter.spec);
        return limits.length > 0
            ? [`${nameOf(filter)} in ${namespaceOf(filter)}, requests per proxy: ${limits.join("; ")}`]
            : [];
    });
}

/** The limits of one EnvoyFilter, each once. */
export function limitsIn({ configPatches = [] }: EnvoyFilterSpec): string[] {
    const configs = configPatches.flatMap(({ patch }) => {
        const onRoutes = at(patch?.value, "typed_per_filter_config");
        return [at(patch?.value, "typed_config"), ...(isMap(onRoutes) ? Object.values(onRoutes) : [])];
    });
    return [...new Set(configs.flatMap((config) => items(at(config, "descriptors"))).map(limitWords))];
}

const WHOSE: Record<string, string> = {
    remote_address: "of each client address",
    subject: "of each token subject",
    header: "for each value of a header",
    without: "without that header",
    rule: "of one of its rules",
};

function limitWords(descriptor: unknown): string {
    const bucket = at(descriptor, "token_bucket");
    const keys = items(at(descriptor, "entries")).map((entry) => text(at(entry, "key")));
    const whose = keys.flatMap((key) => WHOSE[key] ?? []);
    const count = `${text(at(bucket, "tokens_per_fill"))} in ${text(at(bucket, "fill_interval"))}`;
    return [count, ...whose].join(" ");
}
