import { strict as assert } from "node:assert";
import { parse } from "yaml";
import { signedInBy } from "../../../components/oci/kubeconfig";

const ARGS = ["ce", "cluster", "generate-token", "--cluster-id", "ocid1.cluster.oc1.iad.a", "--region", "us-ashburn-1"];

const KUBECONFIG = JSON.stringify({ users: [{ name: "user", user: { exec: { command: "oci", args: ARGS } } }] });

/** Otherwise OCI is built with one sign-in, and every call to the cluster afterwards made with another. */
describe("signedInBy", () => {
    const cases: [what: string, signIn: Parameters<typeof signedInBy>[1], more: string[]][] = [
        ["a profile", { configFileProfile: "MESH" }, ["--profile", "MESH"]],
        ["a session token", { auth: "SecurityToken" }, ["--auth", "security_token"]],
        ["the instance", { auth: "InstancePrincipal" }, ["--auth", "instance_principal"]],
        [
            "a profile's session token",
            { configFileProfile: "MESH", auth: "SecurityToken" },
            ["--profile", "MESH", "--auth", "security_token"],
        ],
    ];
    for (const [what, signIn, more] of cases) {
        it(`has the OCI CLI sign in by ${what}, as the provider does`, () => {
            const { users } = parse(signedInBy(KUBECONFIG, signIn)) as typeof expected;
            const expected = {
                users: [{ name: "user", user: { exec: { command: "oci", args: [...ARGS, ...more] } } }],
            };
            assert.deepEqual(users, expected.users);
        });
    }

    it("leaves OCI's kubeconfig as it is for an API key of the default profile", () => {
        assert.equal(signedInBy(KUBECONFIG, { auth: "ApiKey" }), KUBECONFIG);
        assert.equal(signedInBy(KUBECONFIG), KUBECONFIG);
    });
});
