import { strict as assert } from "node:assert";
import { asDevStack, described, LOCAL, NEW_CLUSTER } from "./settings";
import { accept, refuse, type Accepted, type Refused } from "./tables";

const tls = (settings: object, gateway: object = { hosts: ["a.example.com"] }) => ({
    ...LOCAL,
    gateway: { ...gateway, tls: settings },
});
const existing = { certificate: { source: "existing", secretName: "web" } };

/** Wrong settings of the gateway and its TLS, and what is said of each. */
const refused: Refused = [
    [
        "client certificates of one host with an Ingress",
        tls(
            { ...existing, hosts: { "a.example.com": { mode: "mutual" } } },
            { hosts: ["a.example.com"], kind: "ingress" },
        ),
        ['gateway.tls.hosts["a.example.com"].mode is mutual, which an Ingress does not support'],
    ],
    [
        "TLS of a host where none is open",
        { ...tls({ ...existing, hosts: { "a.example.com": {} } }), bookinfo: { enabled: false } },
        ['gateway.tls.hosts["a.example.com"] is for a host that is not exposed; there is none'],
    ],
    [
        "HTTPS without a certificate",
        tls({}),
        ["gateway.tls.certificate is missing; gateway.hosts[0] a.example.com is served with HTTPS"],
    ],
    [
        "a certificate for any host",
        tls({ certificate: { source: "generated" } }, {}),
        ["gateway.hosts[0] is *, and a certificate of source generated has to name its hosts"],
    ],
    [
        "mutual TLS without a CA",
        tls({ mode: "mutual", certificate: { source: "cert-manager", issuer: { name: "ca" } } }),
        [
            "gateway.tls.clientCa is missing; gateway.tls.mode mutual (gateway.hosts[0] a.example.com) needs the CA of client certificates",
        ],
    ],
    [
        "a certificate that is always due for renewal",
        tls({
            certificate: { source: "generated", validityDays: 10 },
            hosts: { "a.example.com": { certificate: { source: "generated", validityDays: 1, renewBeforeDays: 1 } } },
        }),
        [
            "gateway.tls.certificate.renewBeforeDays is 30, but the certificate is valid for 10 days: each pulumi up would renew it",
            'gateway.tls.hosts["a.example.com"].certificate.renewBeforeDays is 1, but the certificate is valid for 1 days: each pulumi up would renew it',
        ],
    ],
    [
        "TLS of a host that is not open",
        tls({ ...existing, hosts: { "b.example.com": { mode: "mutual" } } }),
        ['gateway.tls.hosts["b.example.com"] is for a host that is not exposed; there are a.example.com'],
    ],
    [
        "client certificates with an Ingress",
        tls({ ...existing, mode: "mutual" }, { hosts: ["a.example.com"], kind: "ingress" }),
        ["gateway.tls.mode is mutual, which an Ingress does not support"],
    ],
    [
        "TLS 1.3 with the Gateway API",
        tls({ ...existing, minimumVersion: "TLSV1_3" }, { hosts: ["a.example.com"], kind: "gateway-api" }),
        ["gateway.tls.minimumVersion is TLSV1_3, which gateway.kind gateway-api does not support"],
    ],
    [
        "cert-manager twice",
        {
            ...NEW_CLUSTER,
            gateway: {
                hosts: ["a.example.com"],
                tls: { certificate: { source: "cert-manager", issuer: { name: "ca" } }, installCertManager: true },
            },
        },
        [
            "gateway.tls.installCertManager is true, but cluster.metricsServer brings OKE's add-on CertManager: two would fight over its kinds",
        ],
    ],
    [
        "files that are not there",
        tls({
            certificate: { source: "files", certificate: "nowhere.crt", key: "nowhere.key" },
            clientCa: "nowhere.ca",
        }),
        [
            "gateway.tls.certificate.certificate is nowhere.crt, which does not exist",
            "gateway.tls.certificate.key is nowhere.key, which does not exist",
            "gateway.tls.clientCa is nowhere.ca, which does not exist",
        ],
    ],
    [
        "routes that an Ingress cannot have",
        { ...LOCAL, gateway: { kind: "ingress" }, traffic: { scenario: "url-rewrite" } },
        [
            "traffic.scenario routes requests to productpage by match, which gateway.kind ingress does not support at the gateway",
        ],
    ],
    [
        "an Ingress at another port",
        { ...LOCAL, gateway: { kind: "ingress", ports: { http: 8080 } } },
        ["gateway.ports.http is 8080, but Istio serves an Ingress at 80 only"],
    ],
    [
        "a timeout that an HTTPRoute does not get",
        { ...LOCAL, gateway: { kind: "gateway-api" }, traffic: { services: { productpage: { timeout: "1s" } } } },
        [
            "traffic.services.productpage.timeout routes requests to productpage by timeout, which gateway.kind gateway-api does not support at the gateway",
        ],
    ],
];

const accepted: Accepted = [
    ["one certificate for named hosts", tls({ certificate: { source: "generated" } })],
    ["plain HTTP for one of the hosts", tls({ ...existing, hosts: { "a.example.com": { mode: "off" } } })],
    ["mutual TLS with the generated CA", tls({ mode: "mutual", certificate: { source: "generated" } })],
];

describe("settings of the gateway", () => {
    asDevStack();

    refuse(refused);
    accept(accepted);

    it("leave a dashboard its host where Bookinfo is off", () => {
        const host = "grafana.example.com";
        const settings = {
            ...tls(existing, { hosts: [host] }),
            bookinfo: { enabled: false },
            addons: { prometheus: { enabled: true }, grafana: { enabled: true, host } },
        };
        assert.deepEqual(described(settings), []);
    });
});
