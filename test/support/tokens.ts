import { createSign, generateKeyPairSync } from "node:crypto";

/** An issuer of JSON web tokens for one test, with keys of its own. */
export class Issuer {
    private readonly keys = generateKeyPairSync("rsa", { modulusLength: 2048 });

    constructor(
        readonly name: string,
        private readonly keyId = "test-key",
    ) {}

    /** Its public keys, as issuers publish them. */
    get jwks(): string {
        const key = this.keys.publicKey.export({ format: "jwk" });
        return JSON.stringify({ keys: [{ ...key, kid: this.keyId, alg: "RS256", use: "sig" }] });
    }

    /** A token for a user, valid for some minutes. */
    token(subject: string, claims: Record<string, unknown> = {}): string {
        const now = Math.floor(Date.now() / 1000);
        const payload = { iss: this.name, sub: subject, iat: now - 5, exp: now + 600, ...claims };
        const signed = [{ alg: "RS256", typ: "JWT", kid: this.keyId }, payload]
            .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
            .join(".");
        const signature = createSign("RSA-SHA256").update(signed).sign(this.keys.privateKey).toString("base64url");
        return `${signed}.${signature}`;
    }
}
