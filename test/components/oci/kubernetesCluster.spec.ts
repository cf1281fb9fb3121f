import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { connect, type ClusterSource, type KubernetesCluster } from "../../../components/kubernetesCluster";
import { existingNetwork } from "../../../components/oci/okeNetwork";
import { ociProvider } from "../../../components/oci/provider";
import { record, secretValue, UNKNOWN } from "./support";

const PROVIDER = "pulumi:providers:kubernetes";
const CLUSTER_ID = "ocid1.cluster.oc1.iad.c";

const network = existingNetwork({
    vcnId: "ocid1.vcn.v",
    subnets: { apiEndpoint: "ocid1.subnet.api", workers: "ocid1.subnet.workers", loadBalancers: "ocid1.subnet.lb" },
    nsgs: { apiEndpoint: [], workers: [], pods: [], loadBalancers: [] },
});
const made: ClusterSource = {
    source: "new",
    compartmentId: "ocid1.compartment.oc1..a",
    network,
    kubernetesVersion: "v1.34.2",
    cni: "FLANNEL_OVERLAY",
    endpoint: { public: true },
    podsCidr: "10.244.0.0/16",
    servicesCidr: "10.96.0.0/16",
    nodePools: [
        {
            name: "general",
            shape: "VM.Standard.E5.Flex",
            ocpus: 2,
            memoryInGbs: 16,
            size: 3,
            maxPodsPerNode: 31,
            bootVolumeSizeInGbs: 50,
            labels: {},
            faultDomains: [],
        },
    ],
};
const existing: ClusterSource = { source: "existing", id: CLUSTER_ID, endpoint: { public: false }, network };

async function connected(source: ClusterSource, options: { preview?: boolean } = {}) {
    let cluster: KubernetesCluster | undefined;
    const recording = await record(() => {
        const oci = ociProvider("oci", { region: "us-ashburn-1" });
        cluster = connect("oke", source, { provider: oci });
    }, options);
    assert.ok(cluster);
    return { cluster, recording, provider: recording.one(PROVIDER, "oke-kubernetes") };
}

describe("connect to a new cluster", () => {
    it("gets the kubeconfig of the address it should use from OKE", async () => {
        const { recording } = await connected(made);
        const asked = recording.invokes.find(({ token }) => token.endsWith(":getClusterKubeConfig"));
        assert.deepEqual(asked?.args, {
            clusterId: "oke-cluster-id",
            endpoint: "PUBLIC_ENDPOINT",
            tokenVersion: "2.0.0",
        });
    });

    // OKE does not say that it is one, so it would be in state and logs as plain text.
    it("keeps the kubeconfig a secret, towards the provider too", async () => {
        const { cluster, provider } = await connected(made);
        assert.equal(await pulumi.isSecret(cluster.kubeconfig!), true);
        assert.equal(secretValue(provider.inputs.kubeconfig), "kind: Config");
    });

    // Without it, a preview that cannot know the kubeconfig yet would show the whole mesh as replaced.
    it("has the cluster's identity in the provider from the start", async () => {
        const { provider } = await connected(made);
        assert.equal(provider.inputs.clusterIdentifier, "oke-cluster-id");
        const preview = await connected(made, { preview: true });
        assert.equal(preview.provider.inputs.clusterIdentifier, UNKNOWN);
        assert.equal(preview.provider.inputs.kubeconfig, UNKNOWN);
    });

    it("does nothing in the cluster before its nodes and add-ons exist", async () => {
        const { recording, provider } = await connected(made);
        const parts = recording.resources.filter(({ type }) => type.startsWith("oci:ContainerEngine/"));
        assert.equal(parts.length, 4);
        for (const part of parts) {
            assert.ok(recording.waitsFor(provider, part), part.name);
        }
    });

    it("returns what is deleted with the cluster", async () => {
        const { cluster, recording } = await connected(made);
        const urn = await new Promise((resolve) => cluster.deletedWith!.urn.apply(resolve));
        assert.equal(urn, recording.one("oci:ContainerEngine/cluster:Cluster", "oke-cluster").urn);
    });

    it("creates everything on OCI with the provider it is given", async () => {
        const { recording } = await connected(made);
        const oci = recording.one("pulumi:providers:oci", "oci");
        const parts = recording.resources.filter(({ type }) => type.startsWith("oci:"));
        assert.deepEqual(
            parts.filter(({ provider }) => provider !== `${oci.urn}::oci-id`).map(({ name }) => name),
            [],
        );
    });
});

describe("connect to an existing OKE cluster", () => {
    it("creates only a provider for it, with its private address", async () => {
        const { cluster, recording, provider } = await connected(existing);
        assert.deepEqual(
            recording.resources.map(({ type }) => type),
            ["pulumi:providers:oci", PROVIDER],
        );
        assert.deepEqual(recording.invokes, [
            {
                token: "oci:ContainerEngine/getClusterKubeConfig:getClusterKubeConfig",
                args: { clusterId: CLUSTER_ID, endpoint: "PRIVATE_ENDPOINT", tokenVersion: "2.0.0" },
            },
        ]);
        assert.equal(provider.inputs.clusterIdentifier, CLUSTER_ID);
        assert.equal(secretValue(provider.inputs.kubeconfig), "kind: Config");
        // Somebody else's cluster outlives this stack: what is in it must be taken out of it.
        assert.equal(cluster.deletedWith, undefined);
    });
});

describe("connect through a kubeconfig", () => {
    it("keeps the contents it is given as a secret, and uses no OCI", async () => {
        const { cluster, recording, provider } = await connected({
            source: "kubeconfig",
            kubeconfig: "kind: Config",
            context: "kind-mesh",
        });
        assert.equal(secretValue(provider.inputs.kubeconfig), "kind: Config");
        assert.equal(provider.inputs.context, "kind-mesh");
        assert.deepEqual(recording.invokes, []);
        assert.deepEqual([cluster.kubeconfig, cluster.clusterId, cluster.ready], [undefined, undefined, []]);
    });

    it("has no path in the state: the provider uses the machine that runs Pulumi", async () => {
        const before = process.env.KUBECONFIG;
        process.env.KUBECONFIG = "/only/on/this/machine";
        try {
            const { provider } = await connected({ source: "kubeconfig" });
            assert.equal(provider.inputs.kubeconfig, "");
        } finally {
            process.env.KUBECONFIG = before;
            if (before === undefined) {
                delete process.env.KUBECONFIG;
            }
        }
    });

    it("is the same cluster whatever the file, until another context is named", async () => {
        const identity = async (kubeconfig?: string, kubeContext?: string) =>
            (await connected({ source: "kubeconfig", kubeconfig, context: kubeContext })).provider.inputs
                .clusterIdentifier;
        assert.equal(await identity(), await identity("kind: Config"));
        assert.equal(await identity("kind: Config", "kind-a"), await identity("kind: Other", "kind-a"));
        assert.notEqual(await identity(undefined, "kind-a"), await identity(undefined, "kind-b"));
    });
});

describe("the provider for a cluster", () => {
    const sources: ClusterSource[] = [made, existing, { source: "kubeconfig", context: "kind-mesh" }];
    for (const source of sources) {
        it(`writes changed data into Secrets and ConfigMaps instead of deleting them first: ${source.source}`, async () => {
            const { inputs } = (await connected(source)).provider;
            assert.deepEqual([inputs.enableSecretMutable, inputs.enableConfigMapMutable].map(String), ["true", "true"]);
        });
    }
});

describe("ociProvider", () => {
    const args = {
        region: "us-ashburn-1",
        auth: "ApiKey",
        configFileProfile: "MESH",
        tenancyOcid: "ocid1.tenancy.t",
        userOcid: "ocid1.user.u",
        fingerprint: "aa:bb",
        privateKeyPath: "/keys/oci.pem",
    };

    // An explicit provider reads none of the stack's `oci:` settings: what is not passed on here does not count.
    it("passes every authentication method", async () => {
        const recording = await record(() =>
            ociProvider("oci", { ...args, privateKey: pulumi.secret("PEM"), privateKeyPassword: pulumi.secret("pw") }),
        );
        const { privateKey, privateKeyPassword, ignoreDefinedTags, ...rest } = recording.one(
            "pulumi:providers:oci",
            "oci",
        ).inputs;
        assert.deepEqual(rest, args);
        assert.deepEqual([secretValue(privateKey), secretValue(privateKeyPassword)], ["PEM", "pw"]);
        assert.deepEqual(JSON.parse(String(ignoreDefinedTags)), ["Oracle-Tags.CreatedBy", "Oracle-Tags.CreatedOn"]);
    });
});
