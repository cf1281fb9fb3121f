import * as fc from "fast-check";
import type { RouteActions } from "../../components/traffic/serviceTraffic";

/** The services that random settings are about: one of Bookinfo, one of the user's that is open, and one without requests. */
const VERSIONS: Record<string, string[]> = {
    reviews: ["v1", "v2", "v3"],
    productpage: ["v1"],
    cart: ["v1", "v2"],
};

export const MESH = {
    cluster: { source: "kubeconfig" },
    namespaces: { shop: {} },
    services: {
        cart: {
            namespace: "shop",
            port: 8080,
            versions: { v1: { version: "v1" }, v2: { version: "v2" } },
            expose: { hosts: ["shop.example.com"], paths: [{ prefix: "/cart" }, { exact: "/health" }] },
        },
        stock: {
            namespace: "shop",
            port: 5432,
            protocol: "tcp",
            versions: { v1: { version: "v1" }, v2: { version: "v2" } },
        },
    },
};

export const USERS = ["jason", "mary", "ann"];

/** Some or all of the keys. */
function some<T extends Record<string, fc.Arbitrary<unknown>>>(keys: T, requiredKeys: (keyof T)[] = []) {
    return fc.record(keys, { requiredKeys: requiredKeys as [] }) as unknown as fc.Arbitrary<Record<string, unknown>>;
}

function atLeastOne<T extends Record<string, fc.Arbitrary<unknown>>>(keys: T) {
    return some(keys).filter((found) => Object.keys(found).length > 0);
}

const duration = (least: number, most: number) =>
    fc.integer({ min: least, max: most }).map((length) => (length % 1000 === 0 ? `${length / 1000}s` : `${length}ms`));

const percent = fc.constantFrom(0, 0.5, 1, 33.3, 100);

const path = fc.constantFrom("/cart", "/cart/big", "/health", "/productpage", "/static", "/admin", "/a.b~c/d");

const pattern = fc.constantFrom("/cart/[0-9]+", "/static/.+", "/internal/(a|b)");

const textMatch = fc.oneof(fc.record({ exact: path }), fc.record({ prefix: path }), fc.record({ regex: pattern }));

/** Shares of a service's versions that add up to 100. */
function shares(versions: string[]): fc.Arbitrary<Record<string, number>> {
    return fc.shuffledSubarray(versions, { minLength: 1 }).chain((chosen) =>
        fc
            .array(fc.integer({ min: 0, max: 100 }), { minLength: chosen.length - 1, maxLength: chosen.length - 1 })
            .map((cuts) => {
                const borders = [0, ...cuts.sort((a, b) => a - b), 100];
                return Object.fromEntries(
                    chosen.map((version, index) => [version, borders[index + 1]! - borders[index]!]),
                );
            }),
    );
}

const headerChanges = atLeastOne({
    set: fc.constant({ "x-stage": "test", Via: "mesh" }),
    add: fc.constant({ "x-seen": "yes" }),
    remove: fc.constant(["server"]),
});

type Values = Record<string, unknown>;

/** Values of each route action; tries always fit the timeout. A new action has to say what random settings try of it. */
const ACTIONS: { [Name in keyof RouteActions]-?: (versions: string[], user?: string) => fc.Arbitrary<unknown> } = {
    route: shares,
    rewrite: () => fc.constant("/cart"),
    redirect: () => fc.constant({ uri: "/new", redirectCode: 302 }),
    timeout: () => duration(1000, 60_000),
    retries: () =>
        fc.oneof(
            fc.constant({ attempts: 0 }),
            some(
                {
                    attempts: fc.integer({ min: 1, max: 5 }),
                    perTryTimeout: duration(1, 100),
                    retryOn: fc.constantFrom(["5xx", "reset"], ["unavailable", "503"]),
                },
                ["attempts"],
            ),
        ),
    fault: (_, user) =>
        fc.oneof(
            some(
                {
                    delay: duration(1, 9000),
                    abort: fc.integer({ min: 200, max: 599 }),
                    percent,
                    user: fc.constantFrom(...(user ? [user] : USERS)),
                },
                ["delay"],
            ),
            some({ abort: fc.integer({ min: 200, max: 599 }), percent }, ["abort"]),
        ),
    // Not of v1, where scenarios send requests.
    mirror: (versions) => fc.record({ to: fc.constantFrom(...versions.slice(1)), percent }),
    cors: () =>
        fc.constant({
            allowOrigins: [{ exact: "https://a.example.com" }, { regex: "https://.*" }],
            maxAge: "24h",
            allowMethods: ["GET"],
        }),
    requestHeaders: () => headerChanges,
    responseHeaders: () => headerChanges,
    rateLimit: () =>
        fc.constantFrom(
            [{ requests: 10, per: "1s", burst: 20 }],
            [
                { requests: 1000, per: "1m" },
                { requests: 5, per: "500ms", each: "header", header: "x-api-key" },
            ],
        ),
};

/** What can be done to requests besides sending them elsewhere. */
function actions(versions: string[], user?: string): fc.Arbitrary<Values> {
    const without = ["rewrite", "redirect", ...(versions.length > 1 ? [] : ["mirror"])];
    const chosen = Object.entries(ACTIONS).filter(([name]) => !without.includes(name));
    return some(Object.fromEntries(chosen.map(([name, arbitrary]) => [name, arbitrary(versions, user)])));
}

/** Without the copies where their version may be asked itself. */
function mirrorElsewhere(found: Record<string, unknown>, inherited?: unknown): Record<string, unknown> {
    const { mirror, ...rest } = found as { mirror?: { to: string }; route?: Record<string, number> };
    const route = rest.route ?? (inherited as Record<string, number> | undefined);
    return mirror !== undefined && (route?.[mirror.to] ?? 0) === 0 ? { ...rest, mirror } : rest;
}

/** A rule that no other takes all requests from: each has a path of its own, or a user of its own. */
function rule(versions: string[], index: number): fc.Arbitrary<Record<string, unknown>> {
    const user = USERS[index]!;
    const own = [{ exact: `/own/${index}` }];
    const conditions = fc.oneof(
        some(
            {
                user: fc.constant(user),
                method: fc.constantFrom("GET", "POST"),
                headers: fc.constant({ "x-beta": { prefix: "on" } }),
            },
            ["user"],
        ).map((found) => ({ ...found, of: user })),
        some(
            {
                paths: fc.array(textMatch, { maxLength: 2 }).map((paths) => [...paths, ...own]),
                method: fc.constantFrom("GET", "POST"),
            },
            ["paths"],
        ),
    );
    return conditions.chain(({ of, ...found }: Record<string, unknown>) =>
        fc.oneof(
            { weight: 4, arbitrary: actions(versions, of as string | undefined).map((all) => ({ ...found, ...all })) },
            { weight: 1, arbitrary: ACTIONS.rewrite(versions).map((rewrite) => ({ ...found, rewrite })) },
            { weight: 1, arbitrary: ACTIONS.redirect(versions).map((redirect) => ({ ...found, redirect })) },
        ),
    );
}

const policies = {
    connectionPool: atLeastOne({
        tcp: atLeastOne({
            maxConnections: fc.integer({ min: 1, max: 2_147_483_647 }),
            connectTimeout: duration(1, 9000),
        }),
        http: atLeastOne({
            http1MaxPendingRequests: fc.integer({ min: 1, max: 9 }),
            maxRetries: fc.constant(0),
            idleTimeout: duration(1000, 9000),
        }),
    }),
    outlierDetection: atLeastOne({
        consecutive5xxErrors: fc.integer({ min: 0, max: 9 }),
        interval: duration(1, 9000),
        maxEjectionPercent: fc.integer({ min: 0, max: 100 }),
    }),
    loadBalancer: fc.oneof(
        fc.record({ simple: fc.constantFrom("ROUND_ROBIN", "LEAST_REQUEST", "RANDOM", "PASSTHROUGH") }),
        fc.record({
            consistentHash: fc.constantFrom(
                { httpHeaderName: "x-user" },
                { httpCookie: { name: "who", path: "/" } },
                { useSourceIp: true },
                { httpQueryParameterName: "q" },
            ),
        }),
    ),
};

const tls = fc.constantFrom({ mode: "DISABLE" }, { mode: "ISTIO_MUTUAL" });

/** Bookinfo speaks plain HTTP; a user's service may have a certificate. */
const ownTls = fc.oneof(tls, fc.constant({ mode: "SIMPLE", sni: "a.example.com", subjectAltNames: ["a.example.com"] }));

const locality = fc.constantFrom(
    { failover: [{ from: "iad", to: "phx" }] },
    { failoverPriority: ["topology.kubernetes.io/zone", "version=v1"] },
    { failover: [{ from: "iad", to: "phx" }], failoverPriority: ["version"] },
    { distribute: [{ from: "iad/*", to: { "iad/*": 80, "phx/*": 20 } }] },
    { distribute: [{ from: "*", to: { "iad/US-ASHBURN-AD-1": 50, "iad/US-ASHBURN-AD-2/*": 50 } }] },
);

/** How one service is treated, without contradictions. */
function treatment(versions: string[], own: boolean): fc.Arbitrary<Record<string, unknown>> {
    const rules = fc
        .integer({ min: 0, max: USERS.length })
        .chain((count) => fc.tuple(...USERS.slice(0, count).map((_, index) => rule(versions, index))));
    return fc
        .tuple(
            actions(versions),
            rules,
            some({ ...policies, tls: own ? ownTls : tls }),
            fc.option(locality, { freq: 4 }),
        )
        .map(([acts, match, others, place]) => {
            const all = mirrorElsewhere(acts);
            const loadBalancer = { ...(others.loadBalancer as object | undefined), locality: place };
            return {
                ...all,
                ...(match.length > 0 && { match: match.map((each) => mirrorElsewhere(each, all.route)) }),
                ...others,
                ...(place && { loadBalancer, outlierDetection: { interval: "10s" } }),
            };
        });
}

const ofTcp = some({
    route: shares(["v1", "v2"]),
    connectionPool: fc.constant({ tcp: { maxConnections: 5 } }),
    outlierDetection: fc.constant({ interval: "1s" }),
});

/** A redirect opens its path, and a pattern that may match a part of that is refused: productpage has none of the cart's. */
const withoutPatternsOfTheCart = (treated: object) => !JSON.stringify(treated).includes('"regex":"/cart/');

/** Random settings of `traffic` for the services of `MESH` and Bookinfo, all of them valid. */
export const validTraffic = fc.record(
    {
        scenario: fc.constantFrom("all-v1", "user-identity", "url-rewrite", "circuit-breaker"),
        services: some({
            ...Object.fromEntries(
                Object.entries(VERSIONS).map(([name, versions]) => {
                    const any = treatment(versions, name === "cart");
                    return [name, name === "productpage" ? any.filter(withoutPatternsOfTheCart) : any];
                }),
            ),
            stock: ofTcp,
        }),
    },
    { requiredKeys: ["services"] },
);
