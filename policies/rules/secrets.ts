import { isMap } from "../../plan/model";
import { ALWAYS, type Checked, type ResourceRule } from "../rule";

export const plainSecrets: ResourceRule = {
    name: "plain-secret",
    description: "Credentials are in Secrets only",
    reason: "Whoever may read Deployments, ConfigMaps or a release's values can read them, and so can every reader of a plan.",
    levels: ALWAYS,
    check(resource) {
        return keepsSecrets(resource)
            ? []
            : credentialsIn(resource.inputs).map(
                  (path) => `has a credential in ${path}: put it into a Secret and refer to that (secretKeyRef)`,
              );
    },
};

/** Where Pulumi encrypts what it is given: Secrets, providers, and what makes keys and passwords. */
function keepsSecrets({ type }: Checked): boolean {
    return type === "kubernetes:core/v1:Secret" || /^(pulumi|random|tls):/.test(type);
}

/** Keys of a value that is a credential as it stands, not the name of one. */
const KEYS =
    /(^|[._-])(password|passwd|secret[_-]?key|api[_-]?key|access[_-]?token|client[_-]?secret|private[_-]?key)$/i;

/** Private keys and tokens by what they look like, whatever their key. */
const LOOKS = [
    /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
    /\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}/,
    /\bghp_\w{30,}/,
    /\bAKIA[A-Z0-9]{16}\b/,
];

/** Paths of credentials in a value. `{ name: DB_PASSWORD, value: x }` of a container counts as the key DB_PASSWORD. */
function credentialsIn(value: unknown, path = "", key = ""): string[] {
    if (typeof value === "string") {
        return isCredential(key, value) ? [path] : [];
    }
    if (Array.isArray(value)) {
        return value.flatMap((inner, index) => credentialsIn(inner, `${path}[${index}]`));
    }
    if (!isMap(value)) {
        return [];
    }
    return Object.entries(value).flatMap(([name, inner]) => {
        const named = name === "value" && typeof value.name === "string" ? value.name : name;
        return credentialsIn(inner, path ? `${path}.${name}` : name, snake(named));
    });
}

function isCredential(key: string, value: string): boolean {
    // `secret:name:key` is how Kiali refers to a Secret; the other stands for an encrypted setting in a plan.
    const isReference = value === "" || value.startsWith("secret:") || value === "[secret]" || /^\$[({]/.test(value);
    return !isReference && (KEYS.test(key) || LOOKS.some((looks) => looks.test(value)));
}

/** `adminPassword` as `admin_password`. */
function snake(key: string): string {
    return key.replace(/([a-z])([A-Z])/g, "$1_$2");
}
