import { strict as assert } from "node:assert";
import { networkRules } from "../../../components/security/networkPolicies";
import { at } from "../../../plan/model";
import { ofType, one } from "../../../plan/query";
import { record } from "../../../plan/record/record";

const inside = (...values: string[]) => ({
    namespaceSelector: { matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "In", values }] },
});

describe("NetworkPolicies", () => {
    it("let the mesh alone in, and out to the mesh, to DNS and to what is outside", () => {
        const [shop] = networkRules({ namespaces: ["shop"], egressCidrs: ["0.0.0.0/0", "192.0.2.0/24"] });
        const mesh = [inside("shop", "istio-system")];
        assert.deepEqual(shop, {
            name: "mesh-only",
            namespace: "shop",
            spec: {
                podSelector: {},
                policyTypes: ["Ingress", "Egress"],
                ingress: [{ from: mesh }],
                egress: [
                    { to: mesh },
                    {
                        to: [inside("kube-system")],
                        ports: [
                            { protocol: "UDP", port: 53 },
                            { protocol: "TCP", port: 53 },
                        ],
                    },
                    {
                        to: [
                            { ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.169.254/32"] } },
                            { ipBlock: { cidr: "192.0.2.0/24" } },
                        ],
                    },
                ],
            },
        });
    });

    // An empty list of destinations would mean all of them.
    it("let nothing out to the outside where no network is listed", () => {
        const [shop] = networkRules({ namespaces: ["shop"], egressCidrs: [] });
        assert.equal((shop!.spec.egress as unknown[]).length, 2);
    });

    it("come with those of Istio's own charts, and only if asked for", async () => {
        const plan = await record({
            stack: "local",
            override: {
                clients: { curl: true, namespace: "shop" },
                namespaces: { shop: { source: "new" } },
                security: { networkPolicies: { enabled: true } },
            },
        });
        assert.deepEqual(
            ofType(plan, "NetworkPolicy").map(({ inputs }) => at(inputs, "metadata", "namespace")),
            ["bookinfo", "shop", "istio-system"],
        );
        for (const name of ["istio-istiod", "istio-ingressgateway-release"]) {
            const { values } = one(plan, "Release", name).inputs;
            assert.equal(at(values, "global", "networkPolicy", "enabled"), true, name);
        }
        assert.deepEqual(ofType(await record({ stack: "local" }), "NetworkPolicy"), []);
    });
});
