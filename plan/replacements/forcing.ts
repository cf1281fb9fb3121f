import type { Plan, Resource } from "../model";
import { isRelease } from "../query";
import { ociProperties } from "./ociProperties";

/** Paths of the inputs whose change replaces a resource. A path includes everything below it. */
export function forcingPaths(plan: Plan, resource: Resource): string[] {
    return [...ofProvider(plan, resource), ...resource.replaceOnChanges];
}

/**
 * Types whose docstrings are incomplete.
 * https://github.com/oracle/terraform-provider-oci/tree/master/internal/service: `ForceNew` and `ForceNewIfChange`
 */
const OCI_EXCEPTIONS: Record<string, string[]> = {
    // The endpoint's public address and groups change in place, its subnet does not.
    "oci:ContainerEngine/cluster:Cluster": [
        "clusterPodNetworkOptions",
        "compartmentId",
        "endpointConfig.subnetId",
        "kmsKeyId",
        "options.ipFamilies",
        "options.kubernetesNetworkConfig",
        "options.serviceLbSubnetIds",
        "vcnId",
    ],
    "oci:ContainerEngine/nodePool:NodePool": [
        "clusterId",
        "compartmentId",
        "nodeConfigDetails.nodePoolPodNetworkOptionDetails.cniType",
    ],
    // Neither docstring says what can be updated.
    "oci:Core/defaultSecurityList:DefaultSecurityList": ["manageDefaultResourceId"],
    "oci:Core/networkSecurityGroupSecurityRule:NetworkSecurityGroupSecurityRule": ["networkSecurityGroupId"],
};

/** https://github.com/pulumi/pulumi-kubernetes/blob/master/provider/pkg/provider/diff.go */
const KUBERNETES: Record<string, string[]> = {
    DaemonSet: ["spec.selector"],
    Deployment: ["spec.selector"],
    StatefulSet: [
        "spec.podManagementPolicy",
        "spec.revisionHistoryLimit",
        "spec.selector",
        "spec.serviceName",
        "spec.volumeClaimTemplates",
    ],
    Job: ["spec.completions", "spec.parallelism", "spec.selector", "spec.template"],
    PersistentVolumeClaim: ["spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName"],
    Pod: ["spec"],
    RoleBinding: ["roleRef"],
    ClusterRoleBinding: ["roleRef"],
    Secret: ["type"],
    Service: ["spec.clusterIP"],
    StorageClass: ["parameters", "provisioner"],
};

function ofProvider(plan: Plan, resource: Resource): string[] {
    const { type, inputs } = resource;
    const kind = type.slice(type.lastIndexOf(":") + 1);
    if (type === "pulumi:providers:kubernetes") {
        return inputs.clusterIdentifier === undefined ? ["context"] : ["clusterIdentifier"];
    }
    if (isRelease(resource)) {
        return ["name", "namespace"];
    }
    if (type.startsWith("kubernetes:")) {
        return ["metadata.name", "metadata.namespace", ...(KUBERNETES[kind] ?? []), ...dataOf(plan, resource, kind)];
    }
    if (/^(random|tls):/.test(type)) {
        return Object.keys(inputs); // What is generated cannot be changed, only generated again.
    }
    return OCI_EXCEPTIONS[type] ?? ociProperties[type] ?? [];
}

/** The data of Secrets and ConfigMaps, unless the provider may change it in place. */
function dataOf(plan: Plan, { provider, inputs }: Resource, kind: string): string[] {
    if (kind !== "Secret" && kind !== "ConfigMap") {
        return [];
    }
    const settings = plan.resources.find(({ urn }) => urn === provider)?.inputs;
    const setting = settings?.[`enable${kind}Mutable`]; // On the wire, a provider's settings are texts.
    const mutable = (setting === true || setting === "true") && inputs.immutable !== true;
    return mutable ? [] : ["data", "stringData", "binaryData"];
}
