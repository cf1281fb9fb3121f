import { promisify } from "node:util";
import * as grpc from "@grpc/grpc-js";
import { CallbacksClient } from "@pulumi/pulumi/proto/callback_grpc_pb";
import { CallbackInvokeRequest, type Callback, type CallbackInvokeResponse } from "@pulumi/pulumi/proto/callback_pb";
import * as resource from "@pulumi/pulumi/proto/resource_pb";

/**
 * The engine's part in transforms: it calls the program back for each resource, with those of the resource itself, then of
 * its parents from near to far, then of the stack.
 * https://github.com/pulumi/pulumi/blob/v3.248.0/pkg/resource/deploy/source_eval.go (RegisterResource)
 */
export class Transforms {
    private readonly own = new Map<string, Callback[]>();
    private readonly parents = new Map<string, string>();
    private readonly stack: Callback[] = [];

    addToStack(callback: Callback): void {
        this.stack.push(callback);
    }

    /** Changes a registration in place as the program wants it. */
    async apply(urn: string, request: resource.RegisterResourceRequest): Promise<void> {
        this.own.set(urn, request.getTransformsList());
        this.parents.set(urn, request.getParent());
        for (const callback of [...this.inherited(urn), ...this.stack]) {
            const response = await invoke(callback, transformRequest(request));
            request.setObject(response.getProperties());
            const options = response.getOptions();
            if (options?.hasProtect()) {
                request.setProtect(options.getProtect()!);
            }
        }
    }

    private inherited(urn: string): Callback[] {
        const parent = this.parents.get(urn);
        return [...(this.own.get(urn) ?? []), ...(parent ? this.inherited(parent) : [])];
    }
}

function transformRequest(request: resource.RegisterResourceRequest): resource.TransformRequest {
    const options = new resource.TransformResourceOptions();
    options.setProtect(request.getProtect() ?? false);
    options.setDependsOnList(request.getDependenciesList());
    options.setIgnoreChangesList(request.getIgnorechangesList());
    options.setReplaceOnChangesList(request.getReplaceonchangesList());
    options.setDeletedWith(request.getDeletedwith());
    options.setProvider(request.getProvider());
    const asked = new resource.TransformRequest();
    asked.setType(request.getType());
    asked.setName(request.getName());
    asked.setCustom(request.getCustom());
    asked.setParent(request.getParent());
    asked.setProperties(request.getObject());
    asked.setOptions(options);
    return asked;
}

const clients = new Map<string, CallbacksClient>();

async function invoke(callback: Callback, asked: resource.TransformRequest): Promise<resource.TransformResponse> {
    const target = callback.getTarget();
    const client = clients.get(target) ?? new CallbacksClient(target, grpc.credentials.createInsecure());
    clients.set(target, client);
    const request = new CallbackInvokeRequest();
    request.setToken(callback.getToken());
    request.setRequest(asked.serializeBinary());
    const call = promisify<CallbackInvokeRequest, CallbackInvokeResponse>(client.invoke.bind(client));
    return resource.TransformResponse.deserializeBinary((await call(request)).getResponse_asU8());
}
