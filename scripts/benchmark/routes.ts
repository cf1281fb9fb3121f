/** Plans the local stack with many services of the user's own, each with versions, shares, a rule, a timeout and limits. */
import { record } from "../../plan/record/record";
import { report } from "./report";

const names = Array.from({ length: Number(process.argv[2]) }, (_, index) => `service-${index}`);

const service = { namespace: "shop", port: 8080, versions: { v1: { version: "v1" }, v2: { version: "v2" } } };

const treatment = {
    route: { v1: 90, v2: 10 },
    timeout: "5s",
    match: [{ user: "jason", paths: [{ prefix: "/beta" }, { regex: "/v[0-9]+/.*" }], route: { v2: 100 } }],
    fault: { user: "tester", abort: 500 },
    outlierDetection: { consecutive5xxErrors: 5 },
};

const plan = (services: string[]) =>
    record({
        stack: "local",
        override: {
            namespaces: { shop: {} },
            services: Object.fromEntries(services.map((name) => [name, service])),
            traffic: { services: Object.fromEntries(services.map((name) => [name, treatment])) },
        },
    });

async function main(): Promise<void> {
    // The first recording loads and compiles what the others use.
    await plan(["service-of-its-own"]);
    const started = process.hrtime.bigint();
    const { resources } = await plan(names);
    report({ resources: resources.length, milliseconds: Number(process.hrtime.bigint() - started) / 1e6 });
}

void main();
