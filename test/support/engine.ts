import { spawn } from "node:child_process";
import * as path from "node:path";
import * as grpc from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as engine from "@pulumi/pulumi/proto/engine_pb";
import * as provider from "@pulumi/pulumi/proto/provider_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as resource from "@pulumi/pulumi/proto/resource_pb";
import type { Callback } from "@pulumi/pulumi/proto/callback_pb";
import { Transforms } from "./transforms";

type Json = Record<string, JavaScriptValue>;

export interface EngineRun {
    /** Folder with the program. @default the repository */
    folder?: string;
    stack: string;
    /** Settings as Pulumi stores them: text, structured values as JSON. */
    config: Record<string, string>;
    /** A preview, in which nothing has an id yet. */
    dryRun: boolean;
    env?: NodeJS.ProcessEnv;
    /** File that Pulumi.yaml's `runtime.options.tsconfig` names. @default tsconfig.pulumi.json */
    tsconfig?: string;
}

export interface EngineResult {
    code: number | null;
    /** What the program registered, as `type name`. */
    registered: string[];
    /** The same with what transforms made of it. */
    resources: Registered[];
    warnings: string[];
    errors: string[];
    seconds: number;
}

export interface Registered {
    type: string;
    name: string;
    inputs: Json;
    protect: boolean;
}

const repository = path.join(__dirname, "..", "..");

/** When a run is taken to hang; on a busy machine a start takes a minute. */
const HANGING_MS = 300_000;

/**
 * Runs a program in Pulumi's own language runtime, as `pulumi preview` and `pulumi up` do, against an engine that accepts
 * everything: its real entry point, its tsconfig, its wire protocol, but no state and no providers.
 */
export async function runWithEngine(run: EngineRun): Promise<EngineResult> {
    const resources: Registered[] = [];
    const messages = { warnings: [] as string[], errors: [] as string[] };
    const server = new grpc.Server();
    server.addService(ResourceMonitorService, monitor(run, resources));
    server.addService(EngineService, log(messages));
    const port = await new Promise<number>((resolve, reject) =>
        server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
            error ? reject(error) : resolve(bound),
        ),
    );
    const started = process.hrtime.bigint();
    const code = await runProgram(run, `127.0.0.1:${port}`);
    const seconds = Number(process.hrtime.bigint() - started) / 1e9;
    server.forceShutdown();
    const registered = resources.map(({ type, name }) => `${type} ${name}`);
    return { code, registered, resources, ...messages, seconds };
}

function runProgram({ folder = repository, stack, config, dryRun, env, tsconfig }: EngineRun, address: string) {
    const args = [
        path.join(repository, "node_modules/@pulumi/pulumi/cmd/run"),
        ...[`--monitor=${address}`, `--engine=${address}`, "--project=oke-mesh", `--stack=${stack}`],
        ...[`--pwd=${folder}`, `--root-directory=${folder}`, "--parallel=16", ...(dryRun ? ["--dry-run"] : []), folder],
    ];
    const child = spawn(process.execPath, args, {
        cwd: folder,
        stdio: "ignore",
        env: {
            ...(env ?? process.env),
            PULUMI_NODEJS_TYPESCRIPT: "true",
            PULUMI_NODEJS_TSCONFIG_PATH: path.join(folder, tsconfig ?? "tsconfig.pulumi.json"),
            PULUMI_CONFIG: JSON.stringify(config),
            PULUMI_CONFIG_SECRET_KEYS: "[]",
        },
    });
    return new Promise<number | null>((resolve, reject) => {
        // A program that waits for an answer nobody gives never ends by itself.
        const limit = setTimeout(() => child.kill(), HANGING_MS);
        child.on("error", reject);
        child.on("exit", (code) => {
            clearTimeout(limit);
            resolve(code);
        });
    });
}

/** Outputs that the program reads and only a provider knows. */
function outputsOf(type: string, inputs: Json): Json {
    switch (type) {
        case "kubernetes:helm.sh/v3:Release":
            return { status: { name: inputs.name ?? "", namespace: "istio-system", version: inputs.version ?? "" } };
        case "kubernetes:core/v1:Service":
            return { status: { loadBalancer: { ingress: [{ ip: "192.0.2.10" }] } } };
        case "oci:Apm/apmDomain:ApmDomain":
            return { dataUploadEndpoint: "https://aaaa.apm-agt.us-ashburn-1.oci.oraclecloud.com" };
        case "random:index/randomPassword:RandomPassword":
            return { result: "generated" };
        default:
            return {};
    }
}

const ANSWERS: Record<string, Json> = {
    "oci:Identity/getAvailabilityDomains:getAvailabilityDomains": { availabilityDomains: [{ name: "Uocm:AD-1" }] },
    "oci:Core/getServices:getServices": { services: [{ id: "ocid1.service", cidrBlock: "all-iad-services" }] },
    "oci:ContainerEngine/getNodePoolOption:getNodePoolOption": {
        sources: [{ imageId: "ocid1.image", sourceName: "Oracle-Linux-8.10-2026.02.28-0-OKE-1.34.2-1402" }],
    },
    "oci:ContainerEngine/getClusterKubeConfig:getClusterKubeConfig": { content: "kind: Config" },
    "oci:Apm/getDataKeys:getDataKeys": { dataKeys: [{ name: "auto", type: "PRIVATE", value: "KEY" }] },
    "oci:Identity/getRegionSubscriptions:getRegionSubscriptions": {
        regionSubscriptions: [{ regionName: "us-ashburn-1", isHomeRegion: true }],
    },
};

type Call<Request> = grpc.ServerUnaryCall<Request, unknown>;
type Reply<Response> = grpc.sendUnaryData<Response>;

function monitor({ stack, dryRun }: EngineRun, resources: Registered[]): grpc.UntypedServiceImplementation {
    const transforms = new Transforms();
    const urnOf = (type: string, name: string) => `urn:pulumi:${stack}::oke-mesh::${type}::${name}`;
    return {
        supportsFeature: (
            { request }: Call<resource.SupportsFeatureRequest>,
            reply: Reply<resource.SupportsFeatureResponse>,
        ) => {
            const response = new resource.SupportsFeatureResponse();
            response.setHassupport(
                ["secrets", "resourceReferences", "deletedWith", "transforms"].includes(request.getId()),
            );
            reply(null, response);
        },
        registerStackTransform: ({ request }: Call<Callback>, reply: Reply<Empty>) => {
            transforms.addToStack(request);
            reply(null, new Empty());
        },
        registerResource: (
            { request }: Call<resource.RegisterResourceRequest>,
            reply: Reply<resource.RegisterResourceResponse>,
        ) => {
            const [type, name] = [request.getType(), request.getName()];
            const register = () => {
                const inputs = request.getObject()?.toJavaScript() ?? {};
                resources.push({ type, name, inputs, protect: request.getProtect() ?? false });
                const known = request.getCustom() && !dryRun;
                const response = new resource.RegisterResourceResponse();
                response.setUrn(urnOf(type, name));
                response.setId(known ? `${name}-id` : "");
                response.setObject(Struct.fromJavaScript(known ? { ...inputs, ...outputsOf(type, inputs) } : inputs));
                reply(null, response);
            };
            transforms.apply(urnOf(type, name), request).then(register, reply);
        },
        readResource: (
            { request }: Call<resource.ReadResourceRequest>,
            reply: Reply<resource.ReadResourceResponse>,
        ) => {
            const response = new resource.ReadResourceResponse();
            response.setUrn(urnOf(request.getType(), request.getName()));
            response.setProperties(Struct.fromJavaScript(dryRun ? {} : outputsOf(request.getType(), {})));
            reply(null, response);
        },
        invoke: ({ request }: Call<resource.ResourceInvokeRequest>, reply: Reply<provider.InvokeResponse>) => {
            const response = new provider.InvokeResponse();
            response.setReturn(Struct.fromJavaScript(ANSWERS[request.getTok()] ?? {}));
            reply(null, response);
        },
        registerResourceOutputs: (_: unknown, reply: Reply<Empty>) => reply(null, new Empty()),
        signalAndWaitForShutdown: (_: unknown, reply: Reply<Empty>) => reply(null, new Empty()),
    };
}

function log({ warnings, errors }: { warnings: string[]; errors: string[] }): grpc.UntypedServiceImplementation {
    return {
        log: ({ request }: Call<engine.LogRequest>, reply: Reply<Empty>) => {
            if (request.getSeverity() === engine.LogSeverity.WARNING) {
                warnings.push(request.getMessage());
            } else if (request.getSeverity() === engine.LogSeverity.ERROR) {
                errors.push(request.getMessage());
            }
            reply(null, new Empty());
        },
        getRootResource: (_: unknown, reply: Reply<engine.GetRootResourceResponse>) =>
            reply(null, new engine.GetRootResourceResponse()),
        setRootResource: (_: unknown, reply: Reply<engine.SetRootResourceResponse>) =>
            reply(null, new engine.SetRootResourceResponse()),
    };
}
