import * as pulumi from "@pulumi/pulumi";
import * as library from "../../components";
import { isMap } from "../../plan/model";
import { cluster, EVERY_COMPONENT } from "./everyComponent";

/** The mocks of Pulumi's own documentation: providers return what they are given, lookups what they are asked. */
const MOCKS: pulumi.runtime.Mocks = {
    newResource: ({ name, inputs }) => ({ id: `${name}_id`, state: inputs as object }),
    call: ({ inputs }) => inputs as Record<string, unknown>,
};

const runtime = pulumi.runtime as unknown as { waitForRPCs(): Promise<void> };

/** Waits for every output in a value. Of resources in it the SDK itself provides the outputs. */
async function settle(value: unknown): Promise<void> {
    if (pulumi.Output.isInstance(value)) {
        await (value as unknown as { promise(): Promise<unknown> }).promise();
    } else if (Array.isArray(value)) {
        await Promise.all(value.map(settle));
    } else if (isMap(value) && !pulumi.Resource.isInstance(value)) {
        await Promise.all(Object.values(value).map(settle));
    }
}

/** What users read of a component: not what every resource keeps for the SDK. */
function outputsOf(component: pulumi.ComponentResource): unknown[] {
    return Object.entries(component)
        .filter(([name]) => !name.startsWith("__") && name !== "childOptions")
        .map(([, value]) => value as unknown);
}

/** What users test components with, docs/library.md#test-with-mocks */
describe("with a user's own mocks", () => {
    const { compartmentId } = cluster;
    const cases: Record<string, () => unknown> = {
        ...Object.fromEntries(Object.entries(EVERY_COMPONENT).map(([name, make]) => [name, () => make("mocked", {})])),
        "connect to a new cluster": () => library.connect("new", { source: "new", ...cluster }),
        "connect to an existing cluster": () =>
            library.connect("existing", {
                source: "existing",
                id: "ocid1.cluster.oc1..a",
                endpoint: { public: true },
                signIn: { configFileProfile: "OTHER" },
            }),
        "connect by a kubeconfig": () => library.connect("kubeconfig", { source: "kubeconfig" }),
        existingApmDomain: () =>
            library.existingApmDomain({ domainId: "ocid1.apmdomain.oc1..a", region: "us-ashburn-1" }),
        homeRegion: () => library.homeRegion("ocid1.tenancy.oc1..a"),
        newReservedIp: () => library.newReservedIp("ip", { compartmentId, displayName: "ip" }, {}),
        findReservedIp: () => library.findReservedIp("ocid1.publicip.oc1..a", {}),
        "ContainerLogging with what exists": () =>
            new library.ContainerLogging("existing", {
                compartmentId,
                tenancyId: "ocid1.tenancy.oc1..a",
                logGroupId: "ocid1.loggroup.oc1..a",
                dynamicGroupName: "nodes",
                identityDomain: "Platform",
            }),
        "a new dynamic group": () =>
            new library.ContainerLogging("found", {
                compartmentId,
                tenancyId: "ocid1.tenancy.oc1..a",
                dynamicGroupName: "nodes",
            }),
    };

    // Each starts anew: after a failure calls to the engine remain that nobody answers.
    beforeEach(() => pulumi.runtime.setMocks(MOCKS));

    for (const [name, make] of Object.entries(cases)) {
        it(name, async () => {
            const made = make();
            await settle(made instanceof pulumi.ComponentResource ? outputsOf(made) : made);
            await runtime.waitForRPCs();
        });
    }
});
