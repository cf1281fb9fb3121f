import { strict as assert } from "node:assert";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SCENARIO_NAMES } from "../../mesh/scenarios";
import type { Plan } from "../../plan/model";
import { record, type RecordOptions } from "../../plan/record/record";
import { renderJson } from "../../plan/report/json";
import { renderManifests } from "../../plan/report/manifests";
import { renderMarkdown } from "../../plan/report/markdown";
import { renderTree } from "../../plan/report/tree";
import { newAuthority, newCertificate } from "../support/certificates";
import { Issuer } from "../support/tokens";
import { planOf } from "./plans";

/** What the cloud would answer, where the answer is a secret. */
const DATA_KEY = "DATA-KEY-NOBODY-MAY-SEE";
const KUBECONFIG = "KUBECONFIG-NOBODY-MAY-SEE";
const answers = {
    "oci:Apm/getDataKeys:getDataKeys": { dataKeys: [{ name: "auto", type: "PRIVATE", value: DATA_KEY }] },
    "oci:ContainerEngine/getClusterKubeConfig:getClusterKubeConfig": { content: KUBECONFIG },
};

/** Keys and tokens by what they look like, whoever put them there. */
const SECRETS: [what: string, looks: RegExp][] = [
    ["a private key", /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
    ["a private JSON web key", /\\*"d\\*":\s*\\*"[\w-]{20,}/],
    ["a client key of a kubeconfig", /client-key-data|users:\s*\n\s*- name:/],
    ["a token", /\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}/],
    ["a password", /"(admin)?password"\s*:\s*"(?!\[secret\]|secret:)[^"]+"/i],
    ["the data key", new RegExp(`${DATA_KEY}|${Buffer.from(DATA_KEY).toString("base64")}`)],
    ["the kubeconfig", new RegExp(`${KUBECONFIG}|${Buffer.from(KUBECONFIG).toString("base64")}`)],
];

const issuer = new Issuer("https://identity.example.com/");

const answered = (options: RecordOptions) => () => record({ ...options, answers });

/** Whole stacks, and every way in which a secret goes through one. */
const programs: [string, () => Promise<Plan>][] = [
    ["dev", answered({ stack: "dev" })],
    ["dev, tracing by zipkin", answered({ stack: "dev", override: { tracing: { transport: "zipkin" } } })],
    ["dev, tracing by bootstrap", answered({ stack: "dev", override: { tracing: { transport: "bootstrap" } } })],
    ["prod", () => planOf("prod")],
    ["local", () => planOf("local")],
    [
        "local, with end users",
        answered({
            stack: "local",
            override: {
                security: {
                    requestAuthentication: [{ name: "users", issuers: [{ issuer: issuer.name, jwks: issuer.jwks }] }],
                },
            },
        }),
    ],
    ["local, with certificates of files", withCertificateFiles],
    ...SCENARIO_NAMES.map((scenario): [string, () => Promise<Plan>] => [
        `local, scenario ${scenario}`,
        answered({ stack: "local", override: { traffic: { scenario } } }),
    ]),
];

async function withCertificateFiles(): Promise<Plan> {
    const host = "a.example.com";
    const folder = mkdtempSync(join(tmpdir(), "oke-mesh-"));
    const pair = await newCertificate(await newAuthority(), { dnsNames: [host] });
    const [certificate, key] = [join(folder, "tls.crt"), join(folder, "tls.key")];
    writeFileSync(certificate, pair.certificate);
    writeFileSync(key, pair.key);
    const tls = { mode: "mutual", certificate: { source: "files", certificate, key }, clientCa: certificate };
    return record({ stack: "local", override: { gateway: { hosts: [host], tls } } });
}

/** Everything that a plan is shown as or written to. */
function renderings(plan: Plan): Record<string, string> {
    const files = renderManifests(plan).map(({ path, content }) => `${path}\n${content}`);
    return {
        recording: JSON.stringify(plan),
        json: renderJson(plan),
        tree: renderTree(plan),
        markdown: renderMarkdown(plan),
        manifests: files.join("\n"),
    };
}

describe("nothing secret stands in plain text", () => {
    for (const [name, planned] of programs) {
        it(`in what is recorded and shown of ${name}`, async () => {
            const shown = renderings(await planned());
            const found = Object.entries(shown).flatMap(([where, content]) =>
                SECRETS.filter(([, looks]) => looks.test(content)).map(([what]) => `${what} in ${where}`),
            );
            assert.deepEqual(found, []);
        });
    }

    it("and this would be noticed", () => {
        const leaks: [string, string][] = [
            ["a private key", "-----BEGIN RSA PRIVATE KEY-----"],
            ["a private JSON web key", JSON.stringify({ jwks: JSON.stringify({ d: "x".repeat(40) }) })],
            ["a client key of a kubeconfig", "client-key-data: abc"],
            ["a token", issuer.token("ann")],
            ["a password", JSON.stringify({ adminPassword: "hunter2" })],
            ["the data key", Buffer.from(DATA_KEY).toString("base64")],
            ["the kubeconfig", KUBECONFIG],
        ];
        for (const [what, content] of leaks) {
            assert.ok(SECRETS.find(([name]) => name === what)?.[1].test(content), what);
        }
    });
});
