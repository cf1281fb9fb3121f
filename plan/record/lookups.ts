/**
 * The provider functions that the program may call. Their answers are unknown in a plan.
 *
 * To list another one, add its token (the first argument of `pulumi.runtime.invokeOutput` in the SDK's source), the
 * property of the answer that the program reads, and what it finds out in words.
 */
export const lookups: Record<string, { property: string; finds: string }> = {
    "oci:Identity/getAvailabilityDomains:getAvailabilityDomains": {
        property: "availabilityDomains",
        finds: "availability domains of the region",
    },
    "oci:Core/getServices:getServices": {
        property: "services",
        finds: "Oracle services reachable through the service gateway",
    },
    "oci:ContainerEngine/getNodePoolOption:getNodePoolOption": {
        property: "sources",
        finds: "worker node images",
    },
    "oci:ContainerEngine/getClusterKubeConfig:getClusterKubeConfig": {
        property: "content",
        finds: "kubeconfig of the cluster",
    },
    "oci:Identity/getRegionSubscriptions:getRegionSubscriptions": {
        property: "regionSubscriptions",
        finds: "home region of the tenancy",
    },
    "oci:Identity/getDynamicGroups:getDynamicGroups": {
        property: "dynamicGroups",
        finds: "OCID of the dynamic group",
    },
    "oci:Identity/getDomains:getDomains": {
        property: "domains",
        finds: "endpoint of the identity domain",
    },
    "oci:Identity/getDomainsDynamicResourceGroups:getDomainsDynamicResourceGroups": {
        property: "dynamicResourceGroups",
        finds: "OCID of the dynamic group",
    },
    "oci:Apm/getApmDomain:getApmDomain": {
        property: "dataUploadEndpoint",
        finds: "upload endpoint and compartment of the APM domain",
    },
    "oci:Apm/getDataKeys:getDataKeys": {
        property: "dataKeys",
        finds: "private data key of the APM domain",
    },
    "oci:Logging/getLogGroup:getLogGroup": {
        property: "compartmentId",
        finds: "compartment of the log group",
    },
};
