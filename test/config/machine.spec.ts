import { strict as assert } from "node:assert";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { missingForCluster, requireClusterAccess } from "../../config/machine";
import { record } from "../../plan/record/record";
import type { ClusterSettings } from "../../config/schema/cluster";

const KUBECONFIG = `
current-context: oke
contexts:
  - { name: oke, context: { cluster: c, user: by-exec } }
  - { name: kind, context: { cluster: c, user: by-certificate } }
users:
  - { name: by-exec, user: { exec: { command: oci-helper } } }
  - { name: by-certificate, user: { client-certificate-data: "" } }
`;

describe("missingForCluster", () => {
    let folder: string;
    let bin: string;
    let file: string;

    before(() => {
        folder = mkdtempSync(join(tmpdir(), "oke-mesh-machine-"));
        bin = join(folder, "bin");
        file = join(folder, "config");
        mkdirSync(bin);
        for (const command of ["oci", "oci-helper"]) {
            writeFileSync(join(bin, command), "#!/bin/sh\n");
            chmodSync(join(bin, command), 0o755);
        }
        writeFileSync(file, KUBECONFIG);
    });

    after(() => rmSync(folder, { recursive: true }));

    const existing = {
        source: "existing",
        id: "ocid1.cluster.oc1.iad.a",
        endpoint: { public: true },
    } as ClusterSettings;
    const missing = (cluster: ClusterSettings, path: string, kubeconfig?: string) =>
        missingForCluster(cluster, { path, kubeconfig, homedir: folder });

    it("asks for the OCI CLI that an OKE kubeconfig calls", () => {
        assert.match(missing(existing, "/nowhere") ?? "", /no `oci` on PATH/);
        assert.equal(missing(existing, ["/nowhere", bin].join(delimiter)), undefined);
    });

    it("asks for the helper that the chosen context calls", () => {
        const oke: ClusterSettings = { source: "kubeconfig", kubeconfig: file };
        assert.match(missing(oke, "/nowhere") ?? "", /Context oke of .* signs in with `oci-helper`/);
        assert.equal(missing(oke, bin), undefined);
        assert.equal(missing({ ...oke, context: "kind" }, "/nowhere"), undefined);
    });

    it("finds the kubeconfig where kubectl does", () => {
        const any: ClusterSettings = { source: "kubeconfig", context: "kind" };
        assert.match(missing(any, "") ?? "", /no kubeconfig at .*\.kube/);
        assert.equal(missing(any, "", [file, "/other"].join(delimiter)), undefined);
        assert.equal(missing({ ...any, kubeconfig: "~/config" }, ""), undefined);
    });

    it("merges the files of KUBECONFIG as kubectl does, and passes over those that are not there", () => {
        const first = join(folder, "first");
        writeFileSync(first, "current-context: kind\ncontexts: []\n");
        const several = ["/not/there", first, file].join(delimiter);
        assert.equal(missing({ source: "kubeconfig" }, "", several), undefined);
        assert.match(
            missing({ source: "kubeconfig", context: "oke" }, "", several) ?? "",
            /signs in with `oci-helper`/,
        );
    });

    it("names the contexts that a kubeconfig has", () => {
        const wrong: ClusterSettings = { source: "kubeconfig", kubeconfig: file, context: "prod" };
        assert.match(missing(wrong, "") ?? "", /No context prod in the kubeconfig .*; there are oke, kind/);
    });

    it("stops an update, and lets plans be", () => {
        const machine = { path: "", homedir: folder };
        assert.throws(
            () => requireClusterAccess(existing, { ...machine, engine: true, preview: false }),
            pulumi.RunError,
        );
        requireClusterAccess(existing, { ...machine, engine: false, preview: false });
    });

    it("warns a preview, which changes nothing", async () => {
        const program = () =>
            requireClusterAccess(existing, { path: "", homedir: folder, engine: true, preview: true });
        const { warnings } = await record({}, program);
        assert.match(warnings.join("\n"), /no `oci` on PATH/);
    });
});
