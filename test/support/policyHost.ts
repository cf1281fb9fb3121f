import { spawn } from "node:child_process";
import * as path from "node:path";
import * as grpc from "@grpc/grpc-js";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import { isHidden, isMap, isUnknown, type Plan, type Resource } from "../../plan/model";

/** What the pack reports: policy, level, URN and message. */
export interface Diagnostic {
    rule: string;
    enforcement: string;
    urn: string;
    message: string;
}

export interface HostRun {
    stack: string;
    /** Settings of the stack, as Pulumi hands them to a pack. */
    config: Record<string, string>;
    plan: Plan;
}

const repository = path.join(__dirname, "../..");

/**
 * Runs the policy pack in Pulumi's policy host, as the engine starts it, and has it judge every resource of a plan, then
 * all of them together.
 */
export async function runPolicyHost({ stack, config, plan }: HostRun): Promise<Diagnostic[]> {
    const folder = path.join(repository, "policies");
    const host = path.join(repository, "node_modules/@pulumi/pulumi/cmd/run-policy-pack");
    // The engine's address is for logs alone.
    const child = spawn(process.execPath, [host, "127.0.0.1:1", "."], {
        cwd: folder,
        env: {
            ...process.env,
            PULUMI_NODEJS_PROJECT: plan.project,
            PULUMI_NODEJS_STACK: stack,
            PULUMI_CONFIG: JSON.stringify(config),
        },
    });
    try {
        const port = await new Promise<string>((resolve, reject) => {
            let errors = "";
            child.stdout.once("data", (line) => resolve(String(line).trim()));
            child.stderr.on("data", (chunk) => (errors += String(chunk)));
            child.once("exit", () => reject(new Error(`the policy host ended: ${errors}`)));
        });
        const client = new AnalyzerClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
        const single = await Promise.all(plan.resources.map((resource) => analyze(client, resource)));
        const together = await analyzeStack(client, plan.resources);
        client.close();
        return [...single, together].flatMap(diagnosticsOf);
    } finally {
        child.kill();
    }
}

function analyze(client: AnalyzerClient, resource: Resource): Promise<analyzer.AnalyzeResponse> {
    const request = new analyzer.AnalyzeRequest();
    fill(request, resource);
    return new Promise((resolve, reject) =>
        client.analyze(request, (error, response) => (error ? reject(error) : resolve(response))),
    );
}

function analyzeStack(client: AnalyzerClient, resources: Resource[]): Promise<analyzer.AnalyzeResponse> {
    const request = new analyzer.AnalyzeStackRequest();
    request.setResourcesList(
        resources.map((resource) => {
            const described = new analyzer.AnalyzerResource();
            fill(described, resource);
            return described;
        }),
    );
    return new Promise((resolve, reject) =>
        client.analyzeStack(request, (error, response) => (error ? reject(error) : resolve(response))),
    );
}

function fill(request: analyzer.AnalyzeRequest | analyzer.AnalyzerResource, resource: Resource): void {
    const options = new analyzer.AnalyzerResourceOptions();
    options.setProtect(resource.protect);
    request.setUrn(resource.urn);
    request.setType(resource.type);
    request.setName(resource.name);
    request.setProperties(Struct.fromJavaScript(wire(resource.inputs) as Record<string, JavaScriptValue>));
    request.setOptions(options);
}

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A plan's value as the engine sends it. */
function wire(value: unknown): unknown {
    if (isUnknown(value)) {
        return UNKNOWN;
    }
    if (isHidden(value)) {
        return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: "hidden" };
    }
    if (Array.isArray(value)) {
        return value.map(wire);
    }
    return isMap(value) ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, wire(inner)])) : value;
}

function diagnosticsOf(response: analyzer.AnalyzeResponse): Diagnostic[] {
    const levels: Record<number, string> = {
        [analyzer.EnforcementLevel.ADVISORY]: "advisory",
        [analyzer.EnforcementLevel.MANDATORY]: "mandatory",
    };
    return response.getDiagnosticsList().map((diagnostic) => ({
        rule: diagnostic.getPolicyname(),
        enforcement: levels[diagnostic.getEnforcementlevel()] ?? "other",
        urn: diagnostic.getUrn(),
        message: diagnostic.getMessage(),
    }));
}
