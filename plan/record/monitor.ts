import * as pulumi from "@pulumi/pulumi";
import type { Alias } from "@pulumi/pulumi/proto/alias_pb";
import {
    RegisterResourceResponse,
    type ReadResourceRequest,
    type RegisterResourceOutputsRequest,
    type RegisterResourceRequest,
} from "@pulumi/pulumi/proto/resource_pb";
import { compare } from "../order";
import type { Read, Resource } from "../model";
import { fromWire, inputsFromWire } from "./values";

type Handler<Request> = (request: Request, callback: (error: Error | null, response?: unknown) => void) => void;

/** The part of the SDK's mock engine that is recorded. The SDK does not export the class. */
interface MockMonitor {
    newUrn(parent: string, type: string, name: string): string;
    registerResource: Handler<RegisterResourceRequest>;
    readResource: Handler<ReadResourceRequest>;
    registerResourceOutputs: Handler<RegisterResourceOutputsRequest>;
}

/** What the program sent to the engine. */
export interface Registrations {
    stackUrn: string;
    resources: Resource[];
    reads: Read[];
    /** Outputs in wire format, by the URN of the component or stack that registered them. */
    outputs: Map<string, Record<string, unknown>>;
}

/**
 * Puts a recorder in front of the SDK's mock engine. The mock alone reports no parents, dependencies or options
 * (https://github.com/pulumi/pulumi/issues/14421), and it shortens URNs.
 */
export function recordRegistrations(): Registrations {
    const monitor = pulumi.runtime.getMonitor() as unknown as MockMonitor;
    const seen: Registrations = { stackUrn: "", resources: [], reads: [], outputs: new Map() };
    const urns = new Set<string>();
    monitor.newUrn = engineUrn;

    monitor.registerResource = (request, callback) => {
        const urn = engineUrn(request.getParent(), request.getType(), request.getName());
        if (urns.has(urn)) {
            callback(new Error(`Duplicate resource URN '${urn}'; try giving it a unique name`));
            return;
        }
        urns.add(urn);
        if (request.getType() === stackType) {
            seen.stackUrn = urn;
        } else {
            seen.resources.push(toResource(urn, request));
        }
        callback(null, registered(urn, request));
    };

    const read = monitor.readResource.bind(monitor);
    monitor.readResource = (request, callback) => {
        seen.reads.push(toRead(request));
        read(request, callback);
    };

    monitor.registerResourceOutputs = (request, callback) => {
        seen.outputs.set(request.getUrn(), request.getOutputs()?.toJavaScript() ?? {});
        callback(null, {});
    };
    return seen;
}

/** What a preview answers: a resource has what it was given. The mock's own answer is the same, at a third of the time of a plan. */
function registered(urn: string, request: RegisterResourceRequest): RegisterResourceResponse {
    const response = new RegisterResourceResponse();
    response.setUrn(urn);
    response.setObject(request.getObject());
    return response;
}

const stackType = "pulumi:pulumi:Stack";

/** The URN as the engine builds it: types of all parents, without the stack's own. */
function engineUrn(parent: string, type: string, name: string): string {
    const parentType = parent ? parent.split("::")[2] : stackType;
    const chain = parentType === stackType ? type : `${parentType}$${type}`;
    return `urn:pulumi:${pulumi.getStack()}::${pulumi.getProject()}::${chain}::${name}`;
}

type PropertyDependencies = [key: string, value: RegisterResourceRequest.PropertyDependencies];

function toResource(urn: string, request: RegisterResourceRequest): Resource {
    const propertyDependencies: Record<string, string[]> = Object.fromEntries(
        [...(request.getPropertydependenciesMap().entries() as Iterable<PropertyDependencies>)]
            .map(([key, value]) => [key, sorted(value.getUrnsList())] as const)
            .filter(([, urns]) => urns.length > 0)
            .sort(([a], [b]) => compare(a, b)),
    );
    return {
        urn,
        type: request.getType(),
        name: request.getName(),
        parent: parentOf(request),
        provider: providerOf(request),
        custom: request.getCustom(),
        inputs: inputsFromWire(request.getObject()?.toJavaScript() ?? {}, propertyDependencies),
        dependencies: sorted(request.getDependenciesList()),
        propertyDependencies,
        protect: request.getProtect() ?? false,
        retainOnDelete: request.getRetainondelete() ?? false,
        deleteBeforeReplace: request.getDeletebeforereplace(),
        deletedWith: request.getDeletedwith() || null,
        ignoreChanges: request.getIgnorechangesList(),
        replaceOnChanges: request.getReplaceonchangesList(),
        aliases: request.getAliasesList().map((alias) => toAlias(request, alias)),
        customTimeouts: filled(request.getCustomtimeouts()?.toObject() ?? {}),
        importId: request.getImportid() || null,
        registeredOutputs: false,
        outputs: {},
    };
}

function toRead(request: ReadResourceRequest): Read {
    const dependencies = sorted(request.getDependenciesList());
    return {
        urn: engineUrn(request.getParent(), request.getType(), request.getName()),
        type: request.getType(),
        name: request.getName(),
        parent: parentOf(request),
        provider: providerOf(request),
        id: fromWire(request.getId(), dependencies),
        inputs: inputsFromWire(request.getProperties()?.toJavaScript() ?? {}, {}),
        dependencies,
    };
}

type AnyRequest = RegisterResourceRequest | ReadResourceRequest;

function parentOf(request: AnyRequest): string | null {
    const parent: string = request.getParent();
    return parent && parent.split("::")[2] !== stackType ? parent : null;
}

/** A provider reference is `urn::id`; the id is not known yet. */
function providerOf(request: AnyRequest): string | null {
    const reference: string = request.getProvider();
    return reference ? reference.slice(0, reference.lastIndexOf("::")) : null;
}

/** The SDK puts the resource's own parent into each alias that names none; only another one carries information. */
function toAlias(request: AnyRequest, alias: Alias): string | Record<string, string | boolean> {
    const { parenturn = "", ...parts } = alias.getSpec()?.toObject() ?? {};
    return alias.getUrn() || filled({ ...parts, parenturn: parenturn === request.getParent() ? "" : parenturn });
}

function filled<T>(fields: Record<string, T>): Record<string, T> {
    return Object.fromEntries(Object.entries(fields).filter(([, value]) => value));
}

function sorted(urns: string[]): string[] {
    return [...urns].sort(compare);
}
