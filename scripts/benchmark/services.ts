/** Registers many services of a mesh: `ours` as components recorded for a plan, `sdk` as bare resources on Pulumi's mocks. */
import { Deployment } from "@pulumi/kubernetes/apps/v1";
import { Service, ServiceAccount } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { Component } from "../../components/component";
import { VirtualService } from "../../components/istio/api";
import { BOOKINFO_POD_DEFAULTS, bookinfoDeploymentSpec } from "../../components/workloads/bookinfoDeployment";
import { BOOKINFO_PORT, BOOKINFO_SERVICES } from "../../components/workloads/bookinfoServices";
import { record } from "../../plan/record/record";
import { report } from "./report";

const [, , kind, services] = process.argv;

/** Resources of each service below. */
const PER_SERVICE = 4;

function registerService(name: string, opts: pulumi.CustomResourceOptions): void {
    const metadata = { name, namespace: "mesh", labels: { app: name } };
    const [service] = BOOKINFO_SERVICES;
    const version = service?.versions[0];
    if (!service || !version) {
        throw new Error("Bookinfo has no service");
    }
    new Service(
        name,
        { metadata, spec: { ports: [{ name: "http", port: BOOKINFO_PORT }], selector: { app: name } } },
        opts,
    );
    const account = new ServiceAccount(name, { metadata }, opts);
    new Deployment(
        name,
        { metadata, spec: bookinfoDeploymentSpec(service, version, account.metadata.name, BOOKINFO_POD_DEFAULTS) },
        opts,
    );
    const route = [{ destination: { host: name, port: { number: BOOKINFO_PORT } } }];
    new VirtualService(name, { metadata, spec: { hosts: [name], http: [{ route }] } }, opts);
}

class MeshService extends Component {
    constructor(name: string) {
        super("benchmark:Service", name);
        registerService(name, this.childOptions);
        this.registerOutputs({});
    }
}

const names = Array.from({ length: Number(services) }, (_, index) => `service-${index}`);

async function ours(): Promise<void> {
    await record({ config: {} }, () => names.forEach((name) => new MeshService(name)));
}

async function sdk(): Promise<void> {
    const mocks = { newResource: ({ inputs }: { inputs: object }) => ({ id: "", state: inputs }), call: () => ({}) };
    await pulumi.runtime.setMocks(mocks, "benchmark", "benchmark", true);
    await pulumi.runtime.runInPulumiStack(() => {
        names.forEach((name) => registerService(name, {}));
        return Promise.resolve(undefined);
    });
    await (pulumi.runtime as unknown as { waitForRPCs(): Promise<void> }).waitForRPCs();
}

const started = process.hrtime.bigint();
void (kind === "ours" ? ours() : sdk()).then(() =>
    report({
        resources: names.length * PER_SERVICE,
        milliseconds: Number(process.hrtime.bigint() - started) / 1e6,
    }),
);
