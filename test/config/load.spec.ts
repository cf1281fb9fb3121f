import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { readSettings } from "../../config/load";
import { SettingsError } from "../../config/problems";
import { RULES } from "../../policies/rules";
import { asDevStack, change, configure, described, NEW_CLUSTER, problemsIn } from "./settings";
import { assertFixable } from "./fixable";

describe("readSettings", () => {
    asDevStack();

    it("fills in defaults", () => {
        configure(NEW_CLUSTER);
        const settings = readSettings();
        assert.equal(settings.istio.version, "1.31.4");
        assert.equal(settings.bookinfo.namespace, "bookinfo");
        assert.deepEqual(settings.gateway.ports, { http: 80, https: 443 });
        assert.equal(settings.cluster.source === "new" && settings.cluster.kubernetesVersion, "v1.34.2");
        assert.equal(settings.oci?.region, "us-ashburn-1");
    });

    it("needs nothing of OCI for a kubeconfig cluster", () => {
        configure({ cluster: { source: "kubeconfig" }, "oci:region": undefined });
        assert.equal(readSettings().oci, undefined);
    });

    it("lists every problem of every section at once, each with a command that names the stack", () => {
        configure({
            ...change(NEW_CLUSTER, "cluster.nodePools[0].shpae", "VM.Standard.E5.Flex"),
            gateway: { hosts: ["not a host"] },
            istoi: {},
            "oci:region": undefined,
        });
        assert.throws(readSettings, (error: unknown) => {
            assert.ok(error instanceof SettingsError);
            assert.ok(pulumi.RunError.isInstance(error), "Pulumi would print a stack trace");
            assert.equal(
                error.message,
                [
                    "Pulumi.dev.yaml: 4 settings need attention",
                    "",
                    "  istoi                       no such setting; did you mean istio?",
                    "      pulumi config rm --path 'istoi' --stack dev",
                    "",
                    "  cluster.nodePools[0].shpae  no such setting; did you mean shape?",
                    "      pulumi config rm --path 'cluster.nodePools[0].shpae' --stack dev",
                    "",
                    '  gateway.hosts[0]            is "not a host", must be a DNS name, `*.` and a DNS name, or `*`',
                    "      pulumi config set --path 'gateway.hosts[0]' '<a DNS name>' --stack dev",
                    "",
                    "  oci:region                  is missing, must be a region identifier such as us-ashburn-1",
                    "      pulumi config set oci:region '<region>' --stack dev",
                    "",
                    "Once these are fixed, gateway will also be checked against the other settings, and those against each other.",
                ].join("\n"),
            );
            return true;
        });
    });

    const wrong: [string, Record<string, unknown>, string][] = [
        ["nothing at all", {}, "cluster.source is missing, must be new, existing or kubeconfig"],
        [
            "a wrong choice",
            { cluster: { source: "nwe" } },
            'cluster.source is "nwe", must be new, existing or kubeconfig',
        ],
        [
            "a wrong type",
            change(NEW_CLUSTER, "cluster.nodePools[0].size", "three"),
            'cluster.nodePools[0].size is "three", must be a number',
        ],
        [
            "a fraction",
            change(NEW_CLUSTER, "cluster.nodePools[0].size", 1.5),
            "cluster.nodePools[0].size is 1.5, must be a whole number",
        ],
        [
            "a missing value",
            change(NEW_CLUSTER, "cluster.nodePools[0].shape", undefined),
            "cluster.nodePools[0].shape is missing, must be a text",
        ],
        [
            "no node pools",
            change(NEW_CLUSTER, "cluster.nodePools", []),
            "cluster.nodePools is [], must be a list of at least 1",
        ],
        [
            "too many",
            change(NEW_CLUSTER, "gateway", { replicas: { max: 1000 } }),
            "gateway.replicas.max is 1000, must be at most 100",
        ],
        ["text for a section", change(NEW_CLUSTER, "istio", "yes"), 'istio is "yes", must be a mapping of settings'],
        [
            "an OCID of another kind",
            change(NEW_CLUSTER, "compartmentId", "ocid1.vcn.oc1..a"),
            'compartmentId is "ocid1.vcn.oc1..a", must be an OCID that starts with ocid1.compartment. or ocid1.tenancy.',
        ],
        [
            "host bits in a CIDR",
            change(NEW_CLUSTER, "network.cidr", "10.0.0.1/16"),
            'network.cidr is "10.0.0.1/16", must be the network\'s own address: 10.0.0.0/16',
        ],
        [
            "a CIDR that is none",
            change(NEW_CLUSTER, "network.cidr", "10.0.0.0"),
            'network.cidr is "10.0.0.0", must be an IPv4 network such as 10.0.0.0/16',
        ],
        [
            "a defined tag without namespace",
            { ...NEW_CLUSTER, tags: { defined: { team: "a" } } },
            "tags.defined.team is not a name allowed here, it must be a key such as Operations.CostCenter",
        ],
        [
            "an exception from a rule that does not exist",
            {
                ...NEW_CLUSTER,
                policies: { exceptions: [{ rule: "gatewaytls", resource: "Gateway g", reason: "of no use here" }] },
            },
            `policies.exceptions[0].rule is "gatewaytls", must be ${RULES.map(({ name }) => name)
                .join(", ")
                .replace(/, ([^,]+)$/, " or $1")}`,
        ],
        [
            "an exception that does not say of which kind",
            {
                ...NEW_CLUSTER,
                policies: { exceptions: [{ rule: "tags", resource: "vcn", reason: "tagged elsewhere" }] },
            },
            'policies.exceptions[0].resource is "vcn", must be a kind and a name, such as Cluster oke-cluster',
        ],
        [
            "an exception without a reason",
            { ...NEW_CLUSTER, policies: { exceptions: [{ rule: "tags", resource: "Vcn vcn", reason: "-" }] } },
            'policies.exceptions[0].reason is "-", must be a reason in words, of 10 characters or more',
        ],
        [
            "a cluster that is both new and existing",
            change(NEW_CLUSTER, "cluster.id", "ocid1.cluster.oc1.iad.a"),
            "cluster.id goes with cluster.source existing, but cluster.source is new",
        ],
        [
            "virtual nodes",
            change(NEW_CLUSTER, "cluster.virtualNodePools", []),
            "cluster.virtualNodePools Istio cannot run on virtual nodes; use cluster.nodePools",
        ],
        [
            "a region that is none",
            { ...NEW_CLUSTER, "oci:region": "ashburn" },
            'oci:region is "ashburn", must be a region identifier such as us-ashburn-1',
        ],
    ];
    for (const [what, settings, problem] of wrong) {
        it(`refuses ${what}`, () => assert.deepEqual(described(settings), [problem]));
        it(`says how to fix ${what}`, () => assertFixable(settings));
    }

    it("refuses encrypted settings, which would end up as plain text, without showing what is in them", () => {
        const settings = { ...NEW_CLUSTER, gateway: { hosts: ["hunter2 is the password", "hunter2.example.com"] } };
        const problems = problemsIn(settings, ["oke-mesh:gateway"]);
        assert.deepEqual(problems, [
            {
                key: "gateway",
                message: "is encrypted, but would be plain text in the state and in previews; store it unencrypted",
                fix: ["pulumi config rm --path 'gateway'"],
            },
        ]);
    });

    it("takes encrypted alarms, whose addresses may hold a token, and does not show them", () => {
        const subscriptions = [{ protocol: "SLACK", endpoint: "https://example.com/hunter2" }];
        const [problem, ...others] = problemsIn({ ...NEW_CLUSTER, alarms: { subscriptions } }, ["oke-mesh:alarms"]);
        assert.deepEqual(others, []);
        assert.equal(problem?.key, "alarms.subscriptions[0].endpoint");
        assert.match(problem.message, /is set to a secret that is not shown, must be a Slack webhook URL/);
        const encrypted = { subscriptions: [{ protocol: "SLACK", endpoint: "[secret]" }] };
        assert.deepEqual(problemsIn({ ...NEW_CLUSTER, alarms: encrypted }, ["oke-mesh:alarms"]), []);
    });

    it("still checks how a section with a misspelt key fits the others", () => {
        const settings = change(change(NEW_CLUSTER, "cluster.protec", true), "cluster.kubernetesVersion", "v1.31.10");
        assert.deepEqual(described(settings), [
            "cluster.protec no such setting; did you mean protect?",
            "cluster.kubernetesVersion is v1.31.10, but Istio 1.31.4 supports Kubernetes 1.32 to 1.36",
        ]);
    });

    it("takes a section with nothing in it, which Pulumi hands over as no text, for one that is left out", () => {
        configure({ ...NEW_CLUSTER, gateway: "" });
        assert.deepEqual(readSettings().gateway.hosts, ["*"]);
    });

    it("reads the signing key of OCI as a secret", async () => {
        configure({ ...NEW_CLUSTER, "oci:privateKey": "PEM" }, ["oci:privateKey"]);
        const key = readSettings().oci?.privateKey;
        assert.ok(key);
        assert.equal(await pulumi.isSecret(key), true);
    });
});
