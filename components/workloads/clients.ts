import { Deployment } from "@pulumi/kubernetes/apps/v1";
import { Namespace, Service, ServiceAccount } from "@pulumi/kubernetes/core/v1";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import { podSecurityLabels, type PodSecurity } from "../podSecurity";
import { injectionLabels } from "../istio/revisions";
import type { MeshService } from "../mesh/meshService";
import {
    CLIENT_NAMES,
    CLIENTS,
    clientDeploymentSpec,
    LEGACY_CLIENTS,
    type Client,
    type ClientName,
    type ClientPodArgs,
} from "./clientWorkloads";

/** Arguments of `Clients`. */
export interface ClientsArgs extends ClientPodArgs {
    /** Namespace of the clients, such as Bookinfo's. */
    namespace: string;
    /** Create the namespace, with sidecar injection. @default false: it is managed elsewhere */
    ownsNamespace?: boolean;
    /** Tag or revision of the istiod that injects sidecars there. @default the default revision */
    injectedBy?: string;
    /** Which of them run: `curl`, `httpbin`, `fortio`. @default all */
    workloads?: ClientName[];
    /** Name of a namespace without sidecars, made here, with curl and httpbin. @default none */
    legacyNamespace?: string;
    /** Pod Security Standard that the namespace enforces, if it is made here. @default none */
    podSecurity?: PodSecurity;
}

const NOT_INJECTED = { "istio-injection": "disabled" };

/**
 * The workloads that the guide sends requests from, and httpbin, which says what reached it.
 * Guide: "Creating Circuit Breakers" (fortio), "Configuring Authentication" (sleep, today curl; httpbin; the namespace legacy).
 *
 * @example
 * ```ts
 * new Clients("clients", { namespace: "bookinfo", workloads: ["curl"] }, { provider, dependsOn: bookinfo });
 * ```
 */
export class Clients extends Component {
    /** Namespaces made here. */
    readonly namespaces: Namespace[] = [];

    constructor(name: string, args: ClientsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("workloads:Clients", name, opts);

        const own =
            args.ownsNamespace &&
            this.addNamespace(`${name}-namespace`, args.namespace, injectionLabels(args.injectedBy), args.podSecurity);
        const waiting = own ? this.after(own) : this.childOptions;
        for (const workload of args.workloads ?? CLIENT_NAMES) {
            this.addClient(`${name}-${workload}`, CLIENTS[workload], args.namespace, args, waiting);
        }
        if (args.legacyNamespace !== undefined) {
            const legacy = this.addNamespace(`${name}-legacy`, args.legacyNamespace, NOT_INJECTED, "restricted");
            for (const workload of LEGACY_CLIENTS) {
                const resourceName = `${name}-legacy-${workload}`;
                this.addClient(resourceName, CLIENTS[workload], args.legacyNamespace, args, this.after(legacy));
            }
        }
        this.registerOutputs({});
    }

    private addNamespace(
        resourceName: string,
        name: string,
        injection: Record<string, string>,
        podSecurity: PodSecurity | undefined,
    ): Namespace {
        const metadata = { name, labels: { ...injection, ...podSecurityLabels(podSecurity) } };
        const namespace = new Namespace(resourceName, { metadata }, this.childOptions);
        this.namespaces.push(namespace);
        return namespace;
    }

    private addClient(
        resourceName: string,
        client: Client,
        namespace: string,
        args: ClientsArgs,
        opts: pulumi.CustomResourceOptions,
    ): void {
        const { name, service, containerPort } = client;
        const labels = { app: name };
        const metadata = { name, namespace, labels };
        const account = new ServiceAccount(resourceName, { metadata }, opts);
        new Service(
            resourceName,
            {
                metadata: { ...metadata, labels: { ...labels, service: name } },
                spec: { ports: [{ ...service, targetPort: containerPort ?? service.port }], selector: labels },
            },
            opts,
        );
        const spec = clientDeploymentSpec(client, account.metadata.name, args);
        new Deployment(resourceName, { metadata, spec }, opts);
    }
}

/** The clients that answer requests themselves, as routes and policies see them. */
export function clientMeshServices({
    namespace,
    workloads = CLIENT_NAMES,
}: Pick<ClientsArgs, "namespace" | "workloads">): MeshService[] {
    return workloads.map((workload) => {
        const { name, service, containerPort = service.port, version } = CLIENTS[workload];
        return {
            name,
            host: name,
            namespace,
            port: service.port,
            containerPort,
            protocol: "http",
            versions: version === undefined ? {} : { [version]: { version } },
            selector: { app: name },
            serviceAccount: name,
        };
    });
}
