import * as pulumi from "@pulumi/pulumi";
import type { ProxyBootstrap } from "../components/istio/tracing/bootstrap";
import { EnrolledNamespaces, type EnrolledNamespace } from "../components/mesh/enrolledNamespaces";
import type { MeshService } from "../components/mesh/meshService";
import { Bookinfo } from "../components/workloads/bookinfo";
import { Clients } from "../components/workloads/clients";
import type { Settings } from "../config/schema";
import type { Mesh } from "../mesh/mesh";
import { sidecarsIn } from "./revisions";
import { bypassAnnotations } from "./egress";

/** Who is in the mesh. */
export interface Workloads {
    /** Their namespaces: what routes and policies in them wait for. */
    namespaces: pulumi.Resource[];
    /** The pods behind a service, as far as they are deployed here: what opens the service waits for them. */
    answering: (service: MeshService) => pulumi.Resource[];
    /** Options for what must not come before all of their pods run with their sidecars. */
    onSidecars: pulumi.ComponentResourceOptions;
}

/** Bookinfo, the guide's clients and the user's own services, each if the settings ask for it. */
export function provideWorkloads(
    settings: Settings,
    mesh: Mesh,
    proxyBootstrap: ProxyBootstrap | undefined,
    onMesh: pulumi.ComponentResourceOptions,
): Workloads {
    const { bookinfo, clients: callers, istio, namespaces } = settings;
    const pods = {
        podAnnotations: bypassAnnotations(settings),
        // Without istio-cni every pod has a container that may configure the network, which the standards forbid.
        podSecurity: istio.cni.enabled ? ("restricted" as const) : undefined,
    };
    const application = bookinfo.enabled
        ? new Bookinfo(
              "bookinfo",
              { ...bookinfo, ...pods, ...sidecarsIn(istio, bookinfo.namespace), proxyBootstrap },
              onMesh,
          )
        : undefined;
    const enrolments = Object.entries(namespaces).map(([name, { source }]): [string, EnrolledNamespace] => [
        name,
        { source, injectedBy: sidecarsIn(istio, name).injectedBy },
    ]);
    const enrolled =
        enrolments.length > 0
            ? new EnrolledNamespaces("namespaces", { namespaces: Object.fromEntries(enrolments) }, onMesh)
            : undefined;
    const before = [...(application ? [application.namespaceResource] : []), ...(enrolled?.namespaces ?? [])];
    const clients =
        mesh.clients &&
        new Clients(
            "clients",
            {
                ...mesh.clients,
                ...pods,
                ...sidecarsIn(istio, mesh.clients.namespace),
                imagePullSecrets: callers.imagePullSecrets,
            },
            pulumi.mergeOptions(onMesh, { dependsOn: before }),
        );
    const deployedBy = { bookinfo: application, clients, services: undefined };
    const isSame = (one: MeshService) => (other: MeshService) =>
        one.host === other.host && one.namespace === other.namespace;
    const running = [application, enrolled, clients].filter((component) => component !== undefined);
    return {
        namespaces: [...before, ...(clients?.namespaces ?? [])],
        // A service of the user's own may be another name for one that is deployed here.
        answering: (service) => mesh.services.filter(isSame(service)).flatMap(({ from }) => deployedBy[from] ?? []),
        onSidecars: pulumi.mergeOptions(onMesh, { dependsOn: running }),
    };
}
