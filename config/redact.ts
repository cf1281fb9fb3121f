import type { Problem } from "./problems";

/** What stands for a secret in messages. As a placeholder, it is refused where a command would set it. */
const HIDDEN = "<not shown>";

/**
 * Private keys, certificates and tokens, whole or in part, as they are pasted by mistake: PEM blocks, their contents in
 * base64, JSON web tokens, private parts of JSON web keys, and long random texts of mixed case.
 */
const SECRETS = [
    /-{4,}\s*BEGIN[\s\S]*?(-{4,}\s*END[^-]*-{4,}|(?=[",'\s]*$)|$)/g,
    /\b(MII|b3BlbnNzaC1|LS0tLS1)[A-Za-z0-9+/=\\\s]{8,}/g,
    /\beyJ[\w-]{6,}(\.[\w-]*)*/g,
    /("?\b(?:d|p|q|dp|dq|qi|k)\\?"\s*:\s*\\?")[^"\\]+/g,
    /\b(?=[A-Za-z0-9+_=]*[a-z])(?=[A-Za-z0-9+_=]*[A-Z])(?=[A-Za-z0-9+_=]*\d)[A-Za-z0-9+_=]{32,}/g,
];

/** A text without the secrets in it. */
export function withoutSecrets(text: string): string {
    return SECRETS.reduce(
        (left, secret) =>
            left.replace(secret, (_whole: string, before: unknown) =>
                typeof before === "string" && before.includes(":") ? `${before}${HIDDEN}` : HIDDEN,
            ),
        text,
    );
}

/** A problem that may be printed and logged. */
export function printable({ key, message, fix }: Problem): Problem {
    return { key: withoutSecrets(key), message: withoutSecrets(message), fix: fix.map(withoutSecrets) };
}
