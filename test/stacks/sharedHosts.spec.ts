import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import type { OpenRequests } from "../../components/mesh/meshService";
import { asDevStack } from "../config/settings";
import {
    askGatewayApi,
    askIngress,
    askIstio,
    isBelow,
    mostSpecific,
    type Answer,
    type HostRequest,
} from "../support/gatewayEvaluators";
import { accepted, objectsOf, type MeshObject } from "../support/meshObjects";

const one = <T>(...values: T[]) => fc.constantFrom(...values);
const HOSTS = ["a.example.com", "b.example.com", "*.example.com", "*"];
const METHODS = ["GET", "PUT", "OPTIONS"];

/** The pages of Bookinfo that are open, as the guide has them. */
const PAGES: OpenRequests[] = [
    { exact: "/productpage" },
    { prefix: "/static" },
    { exact: "/login" },
    { exact: "/logout" },
    { prefix: "/api/v1/products" },
];

const path = one("/", "/api", "/api/", "/api/v1", "/api/v1/products", "/static/x", "/login", "/cart");

function openPath(kind: string): fc.Arbitrary<OpenRequests> {
    const limits =
        kind === "ingress"
            ? {}
            : {
                  methods: fc.uniqueArray(one(...METHODS), { minLength: 1, maxLength: 2 }),
                  headers: fc.dictionary(one("x-a", "x-b"), one({ exact: "1" }, { exact: "2" }), {
                      minKeys: 1,
                      maxKeys: 2,
                  }),
              };
    const open = (way: string) =>
        fc.record({ [way]: path, ...limits } as Record<string, fc.Arbitrary<unknown>>, { requiredKeys: [way] });
    return fc.oneof(open("exact"), open("prefix")) as unknown as fc.Arbitrary<OpenRequests>;
}

interface Drawn {
    hosts: string[];
    bookinfo: boolean;
    services: Record<string, { namespace: string; hosts: string[]; paths: OpenRequests[] }>;
}

function drawn(kind: string): fc.Arbitrary<Drawn> {
    const hosts = (least: number) => fc.uniqueArray(one(...HOSTS), { minLength: least, maxLength: 2 });
    return fc.record({
        hosts: hosts(1),
        bookinfo: fc.boolean(),
        services: fc.dictionary(
            one("web", "api", "a-b", "a"),
            fc.record({
                namespace: one("shop", "pay", "bookinfo"),
                hosts: hosts(1),
                paths: fc.array(openPath(kind), { minLength: 1, maxLength: 3 }),
            }),
            { minKeys: 2, maxKeys: 4 },
        ),
    });
}

const request: fc.Arbitrary<HostRequest> = fc.record({
    host: one("a.example.com", "b.example.com", "c.example.com", "other.test"),
    path: one(
        "/",
        "/api",
        "/api/",
        "/apis",
        "/api/v1",
        "/api/v1/products/1",
        "/static",
        "/statics",
        "/login",
        "/cart/1",
    ),
    method: one(...METHODS, "DELETE"),
    headers: fc.dictionary(one("x-a", "x-b"), one("1", "2")),
});

function settingsFor(kind: string, { hosts, bookinfo, services }: Drawn, more: object = {}): Record<string, unknown> {
    return {
        cluster: { source: "kubeconfig" },
        bookinfo: { enabled: bookinfo },
        namespaces: { shop: {}, pay: {}, ...(bookinfo ? {} : { bookinfo: {} }) },
        gateway: { kind, ...(bookinfo && { hosts }) },
        services: Object.fromEntries(
            Object.entries(services).map(([name, { namespace, ...expose }]) => [name, { namespace, port: 80, expose }]),
        ),
        ...more,
    };
}

interface Opening {
    service: string;
    host: string;
    open: OpenRequests;
}

/** What a reader takes from the settings. */
function openingsOf({ hosts, bookinfo, services }: Drawn): Opening[] {
    const all = [
        ...(bookinfo ? [{ service: "bookinfo/productpage", hosts, paths: PAGES }] : []),
        ...Object.entries(services).map(([name, { namespace, ...rest }]) => ({
            service: `${namespace}/${name}`,
            ...rest,
        })),
    ];
    return all.flatMap((each) =>
        each.hosts.flatMap((host) => each.paths.map((open) => ({ service: each.service, host, open }))),
    );
}

const textOf = (open: OpenRequests) => ("exact" in open ? open.exact : open.prefix.replace(/(.)\/$/, "$1"));
const headersOf = ({ headers = {} }: OpenRequests) => Object.entries(headers).sort();

/** Who gets a request by the precedence that the Gateway API documents. */
function expected(all: Opening[], { host, path: asked, method, headers }: HostRequest): string | undefined {
    const served = mostSpecific(
        all.map((each) => each.host),
        host,
    );
    const there = all.filter((each) => each.host === served);
    const alone = there.every(({ service }) => service === "bookinfo/productpage");
    const rank = ({ service, open }: Opening): (number | string)[] => [
        "exact" in open ? 0 : 1,
        -textOf(open).length,
        open.methods ? 0 : 1,
        -headersOf(open).length,
        // HTTPRoutes of the same age, by their names.
        service === "bookinfo/productpage" ? "bookinfo/bookinfo" : `${service}-ingress`,
    ];
    const [first] = there
        .filter(({ open }) => {
            const fits = "exact" in open ? open.exact === asked : isBelow(open.prefix, asked);
            // At hosts of its own Bookinfo's prefixes are texts with Istio's kinds, as in the guide.
            const asText = alone && "prefix" in open && asked.startsWith(open.prefix);
            return (
                (fits || asText) &&
                (open.methods?.includes(method) ?? true) &&
                headersOf(open).every(([name, { exact }]) => headers[name] === exact)
            );
        })
        .sort((left, right) => {
            const [a, b] = [rank(left), rank(right)];
            const at = a.findIndex((each, index) => each !== b[index]);
            return at < 0 ? 0 : a[at]! < b[at]! ? -1 : 1;
        });
    return first?.service;
}

/** Whether two services open the same requests of a host. */
function collide(all: Opening[]): boolean {
    const same = (one: Opening, other: Opening) =>
        one.host === other.host &&
        one.service !== other.service &&
        "exact" in one.open === "exact" in other.open &&
        textOf(one.open) === textOf(other.open) &&
        JSON.stringify(headersOf(one.open)) === JSON.stringify(headersOf(other.open)) &&
        (one.open.methods && other.open.methods
            ? one.open.methods.some((method) => other.open.methods?.includes(method))
            : one.open.methods === other.open.methods);
    return all.some((each, index) => all.slice(0, index).some((earlier) => same(earlier, each)));
}

/** Of Bookinfo, `*` takes in all other hosts, and Istio takes no wildcard beside a host that it stands for. */
const redundant = ({ bookinfo, hosts }: Drawn) =>
    bookinfo && hosts.length > 1 && (hosts.includes("*") || hosts.some((host) => host.startsWith("*.")));

const KINDS: Record<string, (objects: MeshObject[], request: HostRequest) => Answer> = {
    istio: askIstio,
    ingress: askIngress,
    "gateway-api": askGatewayApi,
};

describe("any services behind any hosts", function () {
    this.timeout(120_000);
    asDevStack();

    for (const [kind, ask] of Object.entries(KINDS)) {
        it(`get their requests by the Gateway API's precedence with gateway.kind ${kind}`, async () => {
            let shared = 0;
            await fc.assert(
                fc.asyncProperty(
                    drawn(kind),
                    fc.array(request, { minLength: 20, maxLength: 30 }),
                    async (mesh, requests) => {
                        fc.pre(!redundant(mesh));
                        const all = openingsOf(mesh);
                        const settings = accepted(settingsFor(kind, mesh));
                        assert.equal(settings !== undefined, !collide(all), "equal matches alone are refused");
                        if (!settings) {
                            return;
                        }
                        const objects = await objectsOf(settings);
                        for (const each of requests) {
                            const wanted = expected(all, each);
                            // Only Istio's own kinds compare the beginning of texts.
                            const isText =
                                kind !== "istio" && wanted === "bookinfo/productpage" && each.path === "/statics";
                            assert.equal(
                                ask(objects, each)?.service,
                                isText ? undefined : wanted,
                                JSON.stringify(each),
                            );
                        }
                        shared += 1;
                    },
                ),
                { numRuns: 25 },
            );
            assert.ok(shared > 5, `only ${shared} were accepted`);
        });
    }

    it("become the same objects in whatever order they are written", async () => {
        await fc.assert(
            fc.asyncProperty(one(...Object.keys(KINDS)), drawn("ingress"), async (kind, mesh) => {
                const reversed: Drawn = {
                    ...mesh,
                    services: Object.fromEntries(
                        Object.entries(mesh.services)
                            .reverse()
                            .map(([name, { namespace, hosts, paths }]) => [
                                name,
                                { namespace, hosts: [...hosts].reverse(), paths: [...paths].reverse() },
                            ]),
                    ),
                };
                const [settings, others] = [accepted(settingsFor(kind, mesh)), accepted(settingsFor(kind, reversed))];
                assert.equal(settings === undefined, others === undefined);
                if (settings && others) {
                    assert.deepEqual(sorted(await objectsOf(others)), sorted(await objectsOf(settings)));
                }
            }),
            { numRuns: 25 },
        );
    });

    it("keep their own treatment, whoever else is there", async () => {
        await fc.assert(
            fc.asyncProperty(
                drawn("istio"),
                fc.array(request, { minLength: 20, maxLength: 30 }),
                async (mesh, requests) => {
                    fc.pre(!redundant(mesh));
                    const names = Object.keys(mesh.services);
                    const traffic = Object.fromEntries(names.map((name, index) => [name, treatment(index)]));
                    const settings = accepted(settingsFor("istio", mesh, { traffic: { services: traffic } }));
                    if (!settings) {
                        return;
                    }
                    const objects = await objectsOf(settings);
                    for (const each of requests) {
                        const answer = askIstio(objects, each);
                        const index = names.indexOf(answer?.service.split("/")[1] ?? "");
                        assert.equal(answer?.service, expected(openingsOf(mesh), each), JSON.stringify(each));
                        if (index >= 0) {
                            assert.equal(answer?.route?.timeout, timeoutOf(index, each), JSON.stringify(each));
                        }
                    }
                },
            ),
            { numRuns: 25 },
        );
    });
});

/** Settings of a service that tell who treats a request, and why. */
function treatment(index: number): object {
    return {
        timeout: `${index + 1}00s`,
        match: [
            { headers: { "x-a": { exact: "2" } }, timeout: `${index + 1}01s` },
            { method: "PUT", timeout: `${index + 1}02s` },
            { paths: [{ prefix: "/api/v1" }, { exact: "/login" }], timeout: `${index + 1}03s` },
        ],
    };
}

function timeoutOf(index: number, { path: asked, method, headers }: HostRequest): string {
    const rules = [headers["x-a"] === "2", method === "PUT", asked.startsWith("/api/v1") || asked === "/login"];
    const rule = rules.indexOf(true) + 1;
    return `${index + 1}0${rule}s`;
}

/** Lists of alternatives are in no order that matters: objects, and the namespaces that listeners take routes from. */
function sorted(objects: MeshObject[]): string[] {
    return objects.map((each) => JSON.stringify(each)).sort();
}
