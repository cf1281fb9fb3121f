import { Deployment } from "@pulumi/kubernetes/apps/v1";
import { Namespace, Service, ServiceAccount } from "@pulumi/kubernetes/core/v1";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import { withDefaults, type WithDefaults } from "../defaults";
import { injectionLabels } from "../istio/revisions";
import { bootstrapSecret } from "../istio/tracing/bootstrap";
import { podSecurityLabels, type PodSecurity } from "../podSecurity";
import { BOOKINFO_POD_DEFAULTS, bookinfoDeploymentSpec, type BookinfoPodArgs } from "./bookinfoDeployment";
import { BOOKINFO_NAMESPACE, BOOKINFO_PORT, BOOKINFO_SERVICES, type BookinfoService } from "./bookinfoServices";

/** Arguments of `Bookinfo`. */
export interface BookinfoArgs extends BookinfoPodArgs {
    /** Name of the namespace, made here with sidecar injection on. @default "bookinfo" */
    namespace?: string;
    /** Tag or revision of the istiod that injects sidecars. @default the default revision */
    injectedBy?: string;
    /** Pod Security Standard that the namespace enforces. @default none */
    podSecurity?: PodSecurity;
}

/** Bookinfo without further arguments. */
export const BOOKINFO_DEFAULTS = { ...BOOKINFO_POD_DEFAULTS, namespace: BOOKINFO_NAMESPACE } satisfies BookinfoArgs;

/**
 * Istio's sample application: four services, six Deployments. Depend on the control plane: a pod that is created
 * before istiod answers has no sidecar.
 * Guide: "Running the Bookinfo Application", steps 1 to 3.
 *
 * @example
 * ```ts
 * const bookinfo = new Bookinfo("bookinfo", { replicas: 2 }, { provider, dependsOn: controlPlane });
 * ```
 */
export class Bookinfo extends Component {
    /** Namespace of the application. */
    readonly namespace: pulumi.Output<string>;
    /** What everything else in the namespace waits for. */
    readonly namespaceResource: pulumi.Resource;

    constructor(name: string, given: BookinfoArgs = {}, opts?: pulumi.ComponentResourceOptions) {
        super("workloads:Bookinfo", name, opts);

        const args = withDefaults(given, BOOKINFO_DEFAULTS);
        const namespace = new Namespace(
            `${name}-namespace`,
            {
                metadata: {
                    name: args.namespace,
                    labels: { ...injectionLabels(args.injectedBy), ...podSecurityLabels(args.podSecurity) },
                },
            },
            this.childOptions,
        );
        this.namespaceResource = namespace;
        this.namespace = namespace.metadata.name;
        const { proxyBootstrap: bootstrap } = args;
        const forPods = bootstrap
            ? this.after(bootstrapSecret(`${name}-bootstrap`, bootstrap, this.namespace, this.childOptions))
            : this.childOptions;
        for (const service of BOOKINFO_SERVICES) {
            this.addService(`${name}-${service.name}`, service, args, forPods);
        }
        this.registerOutputs({ namespace: this.namespace });
    }

    private addService(
        name: string,
        service: BookinfoService,
        args: WithDefaults<BookinfoArgs, typeof BOOKINFO_DEFAULTS>,
        forPods: pulumi.CustomResourceOptions,
    ): void {
        const metadata = (objectName: string, labels: Record<string, string>) => ({
            metadata: { name: objectName, namespace: this.namespace, labels },
        });
        const app = { app: service.name };
        new Service(
            name,
            {
                ...metadata(service.name, { ...app, service: service.name }),
                // Istio takes the protocol from the port's name.
                spec: { ports: [{ name: "http", port: BOOKINFO_PORT }], selector: app },
            },
            this.childOptions,
        );
        const account = new ServiceAccount(
            name,
            metadata(`bookinfo-${service.name}`, { account: service.name }),
            this.childOptions,
        );
        for (const version of service.versions) {
            const labels = { ...app, version: version.version };
            const objectName = `${service.name}-${version.version}`;
            const resourceName = `${name}-${version.version}`;
            new Deployment(
                resourceName,
                {
                    ...metadata(objectName, labels),
                    spec: bookinfoDeploymentSpec(service, version, account.metadata.name, args),
                },
                forPods,
            );
            if (args.replicas > 1) {
                new PodDisruptionBudget(
                    resourceName,
                    { ...metadata(objectName, labels), spec: { minAvailable: 1, selector: { matchLabels: labels } } },
                    this.childOptions,
                );
            }
        }
    }
}
