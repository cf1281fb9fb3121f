import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asDevStack, change, described, LOCAL, NEW_CLUSTER, problemsIn, type Settings } from "./settings";

describe("messages about settings", () => {
    asDevStack();

    const words: [settings: Settings, message: string][] = [
        [{ ...LOCAL, bookinfo: { tag: 1.2 } }, "bookinfo.tag is 1.2, must be a text: put it in quotes"],
        [
            { ...LOCAL, traffic: { services: { reviews: { redirect: { uri: "/a", redirectCode: 300 } } } } },
            "traffic.services.reviews.redirect.redirectCode is 300, must be 301, 302, 303, 307 or 308",
        ],
        [{ ...LOCAL, namespaces: JSON.parse('{"__proto__":{}}') }, "namespaces.__proto__ is not a name allowed here"],
    ];
    for (const [settings, message] of words) {
        it(`read: ${message}`, () => assert.deepEqual(described(settings), [message]));
    }

    const PEM =
        "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW\n-----END OPENSSH PRIVATE KEY-----\n";
    const BODY = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj";
    const TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZG1pbiJ9.c2lnbmF0dXJl";
    const secret: [what: string, settings: Settings][] = [
        ["a private key as a public one", change(NEW_CLUSTER, "cluster.nodePools[0].sshPublicKey", PEM)],
        ["its contents alone", change(NEW_CLUSTER, "cluster.nodePools[0].sshPublicKey", BODY)],
        [
            "a key in place of a file's path",
            {
                ...LOCAL,
                gateway: {
                    hosts: ["a.example.com"],
                    tls: { certificate: { source: "files", certificate: "a", key: PEM } },
                },
            },
        ],
        ["a token as a host", { ...LOCAL, gateway: { hosts: [TOKEN] } }],
        ["a key under a name that does not exist", { ...LOCAL, gateway: { tlsKey: PEM } }],
        ["a key as a name", { ...LOCAL, namespaces: { [BODY]: {} } }],
        [
            "a key in an issuer's keys",
            {
                ...LOCAL,
                security: {
                    requestAuthentication: [{ name: "u", issuers: [{ issuer: "a", jwks: PEM, jwksUri: PEM }] }],
                },
            },
        ],
    ];
    for (const [what, settings] of secret) {
        it(`never show ${what}`, () => {
            const problems = problemsIn(settings);
            assert.ok(problems.length > 0);
            assert.doesNotMatch(JSON.stringify(problems), /PRIVATE KEY|b3Blbn|MIIEvQ|eyJhbG|c2lnbmF/);
        });
    }
});

describe("a message about a pasted key", () => {
    asDevStack();

    it("still says what is allowed", () => {
        const pasted = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA";
        const [line = ""] = described(change(NEW_CLUSTER, "cluster.nodePools[0].sshPublicKey", pasted));
        assert.match(line, /sshPublicKey is "?<not shown>"?, must be .*public/i);
    });
});

describe("files that settings name", () => {
    asDevStack();
    let folder: string;

    before(() => {
        folder = mkdtempSync(join(tmpdir(), "oke-mesh-"));
        writeFileSync(join(folder, "kubeconfig"), "contexts: [{ name: kind }, { name: oke }]");
        writeFileSync(join(folder, "broken"), "contexts: [");
    });
    after(() => rmSync(folder, { recursive: true }));

    const at = (name: string) => join(folder, name);
    const said = (settings: Settings) => described(settings).map((line) => line.replaceAll(folder, ""));

    it("are there, or that is said first", () => {
        const settings = {
            cluster: { source: "kubeconfig", kubeconfig: at("none") },
            istio: { chartRepository: at("charts") },
            gateway: { kind: "gateway-api", gatewayApiManifest: at("kinds.yaml"), ports: { http: 443 } },
        };
        assert.deepEqual(said(settings).slice(0, 3), [
            "cluster.kubeconfig is /none, which does not exist",
            "istio.chartRepository is /charts, which does not exist",
            "gateway.gatewayApiManifest is /kinds.yaml, which does not exist",
        ]);
    });

    it("are what they should be", () => {
        const settings = {
            cluster: { source: "kubeconfig", kubeconfig: folder },
            istio: { chartRepository: at("broken") },
        };
        assert.deepEqual(said(settings), [
            "cluster.kubeconfig is , which is not a file",
            "istio.chartRepository is /broken, which is not a folder",
        ]);
    });

    it("have the context that is named", () => {
        const cluster = (name: string, context: string) => ({
            cluster: { source: "kubeconfig", kubeconfig: at(name), context },
        });
        assert.deepEqual(said(cluster("kubeconfig", "kind")), []);
        assert.deepEqual(said(cluster("kubeconfig", "prod")), [
            "cluster.context is prod, which does not exist in /kubeconfig; there are kind, oke",
        ]);
        assert.deepEqual(said(cluster("broken", "kind")), [
            "cluster.kubeconfig is /broken, which cannot be read as a kubeconfig",
        ]);
    });
});
