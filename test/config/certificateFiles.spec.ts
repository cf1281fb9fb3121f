import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { certificateFileProblems } from "../../config/rules/certificateFiles";
import { newAuthority, newCertificate, newKey } from "../support/certificates";

describe("certificates in files", () => {
    let folder: string;
    const write = (name: string, text: string) => {
        const path = join(folder, name);
        writeFileSync(path, text);
        return path;
    };
    const HOST = "a.example.com";

    before(() => {
        folder = mkdtempSync(join(tmpdir(), "oke-mesh-"));
    });
    after(() => rmSync(folder, { recursive: true }));

    async function files(request: Parameters<typeof newCertificate>[1] = {}) {
        const pair = await newCertificate(await newAuthority(), { dnsNames: [HOST], ...request });
        return { certificate: write("tls.crt", pair.certificate), key: write("tls.key", pair.key), pair };
    }

    const said = (problems: { key: string; message: string }[]) =>
        problems.map(({ key, message }) => `${key} ${message.replace(folder, "")}`.replaceAll(`${folder}/`, "/"));

    it("are taken when key, hosts and dates are right", async () => {
        const { certificate, key } = await files();
        assert.deepEqual(certificateFileProblems("tls", { certificate, key, clientCa: certificate }, [HOST, "*"]), []);
    });

    it("are refused when they are over, and the day is said", async () => {
        const { certificate, key } = await files({ notBefore: new Date("2026-01-01T00:00:00Z"), validityHours: 48 });
        assert.deepEqual(said(certificateFileProblems("tls", { certificate, key }, [HOST])), [
            "tls.certificate is /tls.crt, which ended on 2026-01-03",
        ]);
    });

    it("are refused with another certificate's key", async () => {
        const { certificate } = await files();
        const key = write("other.key", await newKey());
        assert.deepEqual(said(certificateFileProblems("tls", { certificate, key }, [HOST])), [
            "tls.key is /other.key, which is not the key of /tls.crt",
        ]);
    });

    it("are refused for hosts that they do not name", async () => {
        const { certificate, key } = await files({ dnsNames: ["*.example.com"] });
        const hosts = [HOST, "*.example.com", "a.b.example.com", "*.example.org"];
        assert.deepEqual(said(certificateFileProblems("tls", { certificate, key }, hosts)), [
            "tls.certificate is /tls.crt, which is not for a.b.example.com, *.example.org",
        ]);
    });

    it("never show what is in them", async () => {
        const { certificate, key, pair } = await files();
        const problems = certificateFileProblems("tls", { certificate: key, key: certificate }, [HOST]);
        assert.equal(problems.length, 2);
        const secret = pair.key.split("\n")[1]!;
        assert.ok(!JSON.stringify(problems).includes(secret));
    });
});
