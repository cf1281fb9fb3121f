/**
 * The provider functions that the program may call, in their output form, and what each returns. Their results are
 * unknown in a plan.
 *
 * To list another one, add its token: the first argument of `pulumi.runtime.invokeOutput` in the SDK's source.
 */
export const lookups: Record<string, string> = {
    "oci:Identity/getAvailabilityDomains:getAvailabilityDomains": "availability domains of the region",
    "oci:Core/getPublicIp:getPublicIp": "address of the reserved public IP",
    "oci:Core/getServices:getServices": "Oracle services reachable through the service gateway",
    "oci:ContainerEngine/getNodePoolOption:getNodePoolOption": "worker node images",
    "oci:ContainerEngine/getClusterKubeConfig:getClusterKubeConfig": "kubeconfig of the cluster",
    "oci:Identity/getRegionSubscriptions:getRegionSubscriptions": "home region of the tenancy",
    "oci:Identity/getDynamicGroups:getDynamicGroups": "OCID of the dynamic group",
    "oci:Identity/getDomains:getDomains": "endpoint of the identity domain",
    "oci:Identity/getDomainsDynamicResourceGroups:getDomainsDynamicResourceGroups": "OCID of the dynamic group",
    "oci:Apm/getApmDomain:getApmDomain": "upload endpoint and compartment of the APM domain",
    "oci:Apm/getDataKeys:getDataKeys": "private data key of the APM domain",
    "oci:Logging/getLogGroup:getLogGroup": "compartment of the log group",
};
