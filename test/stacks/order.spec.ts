import { strict as assert } from "node:assert";
import type { Plan, Resource } from "../../plan/model";
import { dependsOn, ofType, one } from "../../plan/query";
import { record } from "../../plan/record/record";

/** httpbin of the guide's clients, opened as a service of the user's own. */
const HTTPBIN = {
    clients: { httpbin: true, curl: true },
    services: { web: { namespace: "bookinfo", host: "httpbin", port: 8000, expose: { hosts: ["web.example.com"] } } },
    namespaces: { shop: { source: "new" } },
};

/** A service whose pods are deployed elsewhere. */
const CART = { cart: { namespace: "shop", port: 80, expose: { hosts: ["cart.example.com"] } } };

/** The objects that let requests in to Bookinfo, the client and the cart, by their names. */
const OPENS: Record<string, { bookinfo: string[]; web: string[]; cart: string[] }> = {
    istio: {
        bookinfo: ["bookinfo-ingress-gateway", "bookinfo-ingress-virtualservice"],
        web: ["services-ingress-web-example-com"],
        cart: ["services-ingress-cart-example-com", "services-ingress-gateway"],
    },
    ingress: {
        bookinfo: ["bookinfo-ingress-ingress"],
        web: ["services-ingress-bookinfo"],
        cart: ["services-ingress-shop"],
    },
    "gateway-api": {
        bookinfo: ["bookinfo-ingress-gateway", "bookinfo-ingress-route"],
        web: ["services-ingress-web-example-com-gateway", "services-ingress-web-route"],
        cart: ["services-ingress-cart-example-com-gateway", "services-ingress-cart-route"],
    },
};

/** What opens a service is applied after the pods that answer: before, the gateway would have nobody to ask. */
for (const [kind, names] of Object.entries(OPENS)) {
    describe(`what opens a service with gateway.kind ${kind}`, () => {
        let plan: Plan;
        before(async () => {
            const services = { ...HTTPBIN.services, ...CART };
            const gateway = { kind, hosts: ["bookinfo.example.com"] };
            plan = await record({ stack: "local", override: { ...HTTPBIN, services, gateway } });
        });

        const opening = (owner: keyof typeof names): Resource[] => {
            const found = plan.resources.filter(({ name }) => names[owner].includes(name));
            assert.equal(found.length, names[owner].length);
            return found;
        };
        const deployments = (prefix: string): Resource[] => {
            const found = ofType(plan, "Deployment").filter(({ name }) => name.startsWith(prefix));
            assert.ok(found.length > 0);
            return found;
        };
        const waits = (owner: keyof typeof names, deployment: Resource) =>
            opening(owner).map((object) => dependsOn(plan, object, deployment));

        it("waits for all of Bookinfo, which productpage asks", () => {
            for (const deployment of deployments("bookinfo-")) {
                assert.ok(!waits("bookinfo", deployment).includes(false), deployment.name);
            }
        });

        it("waits for a client of the guide that stands behind it", () => {
            const httpbin = one(plan, "Deployment", "clients-httpbin");
            assert.ok(!waits("web", httpbin).includes(false));
        });

        it("does not wait for pods of others", () => {
            for (const deployment of [...deployments("bookinfo-"), ...deployments("clients-")]) {
                assert.ok(!waits("cart", deployment).includes(true), deployment.name);
            }
        });
    });
}

describe("the host of an add-on", () => {
    it("is opened after its release answers and its certificate is there", async () => {
        const tls = { certificate: { source: "generated" } };
        const host = (name: string) => ({ enabled: true, host: `${name}.example.com` });
        const addons = { prometheus: { enabled: true }, grafana: host("grafana"), kiali: host("kiali") };
        const override = { gateway: { hosts: ["a.example.com"], tls }, addons };
        const plan = await record({ stack: "local", override });
        for (const addon of ["grafana", "kiali"]) {
            for (const object of [
                one(plan, "Gateway", `addons-${addon}-gateway`),
                one(plan, "VirtualService", `addons-${addon}-virtualservice`),
            ]) {
                assert.ok(dependsOn(plan, object, one(plan, "Release", `addons-${addon}`)), object.name);
                assert.ok(
                    dependsOn(plan, object, one(plan, "Secret", "gateway-certificates-gateway-tls")),
                    object.name,
                );
            }
        }
    });
});
