import { strict as assert } from "node:assert";
import { at } from "../../../plan/model";
import { one } from "../../../plan/query";
import { everything, nothing, planned, values } from "./support";

describe("Kiali", () => {
    it("reads Prometheus, Grafana with its administrator, and Jaeger", async () => {
        assert.deepEqual(at(await values("kiali", everything), "external_services"), {
            prometheus: { url: "http://prometheus.istio-system:9090" },
            grafana: {
                enabled: true,
                internal_url: "http://grafana.istio-system:3000",
                datasource_uid: "prometheus",
                auth: {
                    type: "basic",
                    username: "secret:grafana-admin:admin-user",
                    password: "secret:grafana-admin:admin-password",
                },
            },
            tracing: {
                enabled: true,
                provider: "jaeger",
                internal_url: "http://tracing.istio-system:16685",
                use_grpc: true,
            },
        });
    });

    it("does without what is not there, and without Zipkin, which it cannot read", async () => {
        const { kiali, prometheus } = everything;
        const services = at(await values("kiali", { kiali, prometheus, zipkin: nothing }), "external_services");
        assert.deepEqual(at(services, "grafana"), { enabled: false });
        assert.deepEqual(at(services, "tracing"), { enabled: false });
    });

    it("leaves its ports to the mesh's own NetworkPolicy, which another one would open", async () => {
        assert.deepEqual(at(await values("kiali", everything), "deployment", "network_policy"), { enabled: false });
    });

    it("signs sessions with the generated key", async () => {
        const plan = await planned(everything);
        const { values: given } = one(plan, "Release", "addons-kiali").inputs;
        assert.equal(at(given, "login_token", "signing_key"), "secret:kiali-login-token:signing-key");
        assert.deepEqual(one(plan, "RandomPassword", "addons-kiali-signing-key").inputs.length, 32);
    });

    for (const signIn of ["token", "anonymous"] as const) {
        it(`lets users sign in by ${signIn}`, async () => {
            assert.deepEqual(at(await values("kiali", { kiali: { ...nothing, signIn } }), "auth"), {
                strategy: signIn,
            });
        });
    }

    it("lets users sign in at an identity provider, which has to be named", async () => {
        const openid = { issuerUri: "https://idp.example.com", clientId: "kiali" };
        const given = await values("kiali", { kiali: { ...nothing, signIn: "openid", openid } });
        assert.deepEqual(at(given, "auth"), {
            strategy: "openid",
            openid: { client_id: "kiali", issuer_uri: "https://idp.example.com" },
        });
        await assert.rejects(planned({ kiali: { ...nothing, signIn: "openid" } }), /kiali\.openid is missing/);
    });
});
