import { strict as assert } from "node:assert";
import type { Plan } from "../../plan/model";
import { everythingOnOci } from "./everythingOnOci";

/** `first`: the old one is deleted before the new one is created. `last`: after it. With the reason for either. */
const DECISIONS: Record<string, [order: "first" | "last", reason: string]> = {
    "oci:Apm/apmDomain:ApmDomain": ["last", "names may repeat, and what it holds must leave it before it goes"],
    "oci:ApmConfig/config:Config": ["last", "replaced for another domain only, where its name is free"],
    "oci:ApmSynthetics/config:Config": ["last", "replaced for another domain only, where its name is free"],
    "oci:Bastion/bastion:Bastion": ["first", "its name is unique in the compartment"],
    "oci:ContainerEngine/addon:Addon": ["last", "replaced for another cluster only"],
    "oci:ContainerEngine/cluster:Cluster": ["last", "names may repeat, and the mesh can move"],
    "oci:ContainerEngine/nodePool:NodePool": ["last", "names may repeat, and pods should move"],
    "oci:Core/defaultSecurityList:DefaultSecurityList": ["last", "belongs to a VCN and goes with it"],
    "oci:Core/internetGateway:InternetGateway": ["last", "replaced for another VCN only"],
    "oci:Core/natGateway:NatGateway": ["last", "replaced for another VCN only"],
    "oci:Core/networkSecurityGroup:NetworkSecurityGroup": ["last", "replaced for another VCN only"],
    "oci:Core/networkSecurityGroupSecurityRule:NetworkSecurityGroupSecurityRule": [
        "last",
        "its name says all that it is, so it is replaced for another group only",
    ],
    "oci:Core/publicIp:PublicIp": ["last", "it is another address, and names may repeat"],
    "oci:Core/routeTable:RouteTable": ["last", "replaced for another VCN only"],
    "oci:Core/securityList:SecurityList": ["last", "replaced for another VCN only"],
    "oci:Core/serviceGateway:ServiceGateway": ["last", "replaced for another VCN only"],
    "oci:Core/subnet:Subnet": ["first", "two subnets share neither addresses nor a DNS label"],
    "oci:Core/vcn:Vcn": ["last", "names may repeat"],
    "oci:Dns/rrset:Rrset": ["first", "a name has one set of records of a type"],
    "oci:Identity/dynamicGroup:DynamicGroup": ["first", "its name is unique in the tenancy"],
    "oci:Identity/policy:Policy": ["first", "its name is unique in the tenancy"],
    "oci:Logging/log:Log": ["first", "its name is unique in the log group"],
    "oci:Logging/logGroup:LogGroup": ["first", "its name is unique in the compartment"],
    "oci:Logging/logSavedSearch:LogSavedSearch": ["first", "its name is unique in the compartment"],
    "oci:Logging/unifiedAgentConfiguration:UnifiedAgentConfiguration": [
        "first",
        "its name is unique in the compartment",
    ],
    "oci:ManagementDashboard/managementDashboardsImport:ManagementDashboardsImport": [
        "last",
        "a deletion does nothing, and an import goes over the old one",
    ],
    "oci:Monitoring/alarm:Alarm": ["last", "names may repeat"],
    "oci:Ons/notificationTopic:NotificationTopic": ["first", "its name is unique in the tenancy"],
    "oci:Ons/subscription:Subscription": ["first", "a topic has an endpoint once"],
};

/** Given a name, the provider deletes these first by itself unless it is told otherwise. */
const SAID = ["oci:ContainerEngine/cluster:Cluster", "oci:ContainerEngine/nodePool:NodePool"];

describe("the order in which OCI's resources are replaced", () => {
    let plan: Plan;
    before(async () => {
        plan = await everythingOnOci();
    });

    const onOci = () => plan.resources.filter(({ type }) => type.startsWith("oci:"));

    it("is decided for every type that is made, and for no other", () => {
        assert.deepEqual([...new Set(onOci().map(({ type }) => type))].sort(), Object.keys(DECISIONS).sort());
    });

    it("is what was decided", () => {
        const wrong = onOci().filter(
            ({ type, deleteBeforeReplace }) => deleteBeforeReplace !== (DECISIONS[type]?.[0] === "first"),
        );
        assert.deepEqual(
            wrong.map(({ type, name }) => `${type} ${name}`),
            [],
        );
    });

    // What has a `name`, and not only a `displayName`, the provider deletes first unless told otherwise.
    it("is said where the provider would do the contrary", () => {
        const named = onOci().filter(({ type, inputs }) => "name" in inputs && DECISIONS[type]?.[0] === "last");
        assert.deepEqual([...new Set(named.map(({ type }) => type))].sort(), SAID.sort());
    });
});
