import { isHidden, isMap, isUnknown, type Resource } from "./model";

/** Stands for a value that is not known before `pulumi up`. */
export const knownAfterApply = "known-after-apply";

/** A Kubernetes object as it would be applied, without what only Pulumi understands. */
export function kubernetesObject(resource: Resource): Record<string, unknown> {
    const { apiVersion, kind, metadata = {}, ...rest } = resource.inputs;
    const named = isMap(metadata) && !isUnknown(metadata) ? { ...metadata } : {};
    const { annotations, ...others } = named as Record<string, unknown>;
    const kept = Object.entries(isMap(annotations) ? annotations : {}).filter(
        ([key]) => !/(^|\.)pulumi\.com\//.test(key),
    );
    const object: Record<string, unknown> = {
        apiVersion: plain(apiVersion),
        kind: plain(kind),
        metadata: plain({
            name: resource.name,
            ...others,
            ...(kept.length > 0 ? { annotations: Object.fromEntries(kept) } : {}),
        }),
        ...(plain(kind === "Secret" ? withPlaceholders(rest) : rest) as Record<string, unknown>),
    };
    return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

/** A value without the plan's marks: unknown and secret values become placeholders. */
export function plain(value: unknown): unknown {
    if (isUnknown(value)) {
        return knownAfterApply;
    }
    if (isHidden(value)) {
        return "[secret]";
    }
    if (Array.isArray(value)) {
        return value.map(plain);
    }
    return isMap(value) ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)])) : value;
}

/**
 * A Secret whose masked content an API server still accepts: `data` must be base64 and some types require keys. The
 * content is a placeholder: insert the real values before you apply the file.
 */
function withPlaceholders({ data, stringData, ...rest }: Record<string, unknown>): Record<string, unknown> {
    const demanded: Record<string, Record<string, string>> = {
        "kubernetes.io/tls": { "tls.crt": "[secret]", "tls.key": "[secret]" },
        "kubernetes.io/dockerconfigjson": { ".dockerconfigjson": "{}" },
        "kubernetes.io/basic-auth": { username: "[secret]", password: "[secret]" },
        "kubernetes.io/ssh-auth": { "ssh-privatekey": "[secret]" },
    };
    const content = { ...readable(stringData), ...readable(data, (text) => Buffer.from(text, "base64").toString()) };
    return { ...rest, stringData: { ...demanded[String(rest.type)], ...content } };
}

function readable(content: unknown, decode = (text: string) => text): Record<string, unknown> {
    if (!isMap(content) || isHidden(content) || isUnknown(content)) {
        return {};
    }
    return Object.fromEntries(
        Object.entries(content).map(([key, value]) => [key, typeof value === "string" ? decode(value) : plain(value)]),
    );
}
