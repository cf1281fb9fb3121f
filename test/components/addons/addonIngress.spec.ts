import { strict as assert } from "node:assert";
import { addonUrl } from "../../../components/addons/addonIngress";
import { at, type Plan } from "../../../plan/model";
import { dependsOn, ofType, one } from "../../../plan/query";
import { validateIstio, type IstioObject } from "../../support/istioSchemas";
import { everything, nothing, planned } from "./support";

const https = {
    port: 443,
    tls: { mode: "SIMPLE" as const, credentialName: "tools-tls", minProtocolVersion: "TLSV1_2" as const },
};
const OPENID = { issuerUri: "https://idp.example.com", clientId: "kiali" };

describe("add-ons at the ingress gateway", () => {
    let plan: Plan;
    before(async () => {
        plan = await planned({
            ...everything,
            grafana: { ...nothing, ingress: { host: "grafana.example.com", ...https } },
            kiali: { ...nothing, signIn: "openid", openid: OPENID, ingress: { host: "kiali.example.com", ...https } },
        });
    });

    it("are served over HTTPS only, each under its own host", () => {
        const gateways = ofType(plan, "Gateway").map(({ inputs }) => [at(inputs, "metadata"), at(inputs, "spec")]);
        const expected = ["grafana", "kiali"].map((name) => [
            { name, namespace: "istio-system" },
            {
                selector: { istio: "ingressgateway" },
                servers: [
                    {
                        port: { number: 443, name: `https-${name}`, protocol: "HTTPS" },
                        hosts: [`${name}.example.com`],
                        tls: { mode: "SIMPLE", credentialName: "tools-tls", minProtocolVersion: "TLSV1_2" },
                    },
                ],
            },
        ]);
        assert.deepEqual(gateways, expected);
    });

    for (const [name, port] of [
        ["grafana", 3000],
        ["kiali", 20001],
    ] as const) {
        it(`lead ${name}'s host to its Service, after the Gateway`, () => {
            const route = one(plan, "VirtualService", `addons-${name}-virtualservice`);
            assert.deepEqual(route.inputs.spec, {
                hosts: [`${name}.example.com`],
                gateways: [name],
                http: [{ route: [{ destination: { host: name, port: { number: port } } }] }],
            });
            assert.equal(dependsOn(plan, route, one(plan, "Gateway", `addons-${name}-gateway`)), true);
        });
    }

    it("are valid by Istio's schema, and wait for the control plane", () => {
        const objects = [...ofType(plan, "Gateway"), ...ofType(plan, "VirtualService")];
        for (const object of objects) {
            assert.deepEqual(validateIstio(object.inputs as unknown as IstioObject), []);
            assert.equal(dependsOn(plan, object, one(plan, "ConfigMap")), true);
        }
    });

    it("know their address: redirects, links, the way back from an identity provider, cookies", () => {
        const values = (addon: string) => one(plan, "Release", `addons-${addon}`).inputs.values;
        assert.deepEqual(at(values("grafana"), "grafana.ini"), {
            server: { domain: "grafana.example.com", root_url: "https://grafana.example.com/" },
            security: { cookie_secure: true },
        });
        assert.deepEqual(at(values("kiali"), "server"), {
            web_fqdn: "kiali.example.com",
            web_port: "443",
            web_schema: "https",
        });
        assert.equal(
            at(values("kiali"), "external_services", "grafana", "external_url"),
            "https://grafana.example.com/",
        );
    });

    it("say so, and the others how a port is forwarded", () => {
        const access = plan.outputs.access?.value;
        assert.deepEqual(at(access, "kiali"), {
            url: "https://kiali.example.com/kiali",
            signIn: "the identity provider's",
        });
        assert.equal(at(access, "grafana", "command"), undefined);
        assert.equal(at(access, "grafana", "url"), "https://grafana.example.com");
        assert.match(String(at(access, "prometheus", "command")), /port-forward/);
    });

    it("are none by themselves", async () => {
        const closed = await planned(everything);
        assert.deepEqual([...ofType(closed, "Gateway"), ...ofType(closed, "VirtualService")], []);
        const { values } = one(closed, "Release", "addons-kiali").inputs;
        assert.equal(at(values, "server"), undefined);
        assert.equal(at(values, "external_services", "grafana", "external_url"), undefined);
    });

    it("name a port that browsers would not guess", () => {
        assert.equal(addonUrl({ host: "a.example.com", port: 8443 }, "/kiali"), "https://a.example.com:8443/kiali");
    });
});
