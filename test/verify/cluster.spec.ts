import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "../../verify/cluster";

describe("the cluster of a kubeconfig", () => {
    const { HOME, KUBECONFIG } = process.env;
    let home: string;

    before(() => {
        home = mkdtempSync(join(tmpdir(), "home-"));
        process.env.HOME = home;
        delete process.env.KUBECONFIG;
    });
    after(() => {
        Object.assign(process.env, { HOME, ...(KUBECONFIG !== undefined && { KUBECONFIG }) });
        rmSync(home, { recursive: true });
    });

    it("is not made up where there is no kubeconfig", () =>
        assert.throws(() => connect({}), /^Error: There is no kubeconfig: KUBECONFIG is not set, .* --kubeconfig\.$/));

    it("is that of a context which exists", () => {
        const text = JSON.stringify({ apiVersion: "v1", kind: "Config", contexts: [], clusters: [], users: [] });
        assert.throws(() => connect({ text, context: "kind" }), /no context "kind" with a cluster/);
    });
});
