import { strict as assert } from "node:assert";
import { parse } from "yaml";
import type { Plan, Resource, Value } from "../../../plan/model";
import { one } from "../../../plan/query";
import { kubernetesObject } from "../../../plan/kubernetesObject";
import { helmArguments, renderManifests } from "../../../plan/report/manifests";
import { planOf, recordDemo } from "../fixtures/demo";
import { sesame } from "../fixtures/sesame";

describe("renderManifests", () => {
    let plan: Plan;
    let files: Map<string, string>;
    before(async () => {
        plan = await recordDemo();
        files = new Map(renderManifests(plan).map(({ path, content }) => [path, content]));
    });

    it("numbers files in the order of their dependencies and lists them", () => {
        const names = [...files.keys()];
        assert.deepEqual(names, [
            "README.md",
            "01-namespace-bookinfo.yaml",
            "helm/01-istiod.values",
            "02-bookinfo-deployment-productpage-v1.yaml",
            "02-bookinfo-service-productpage.yaml",
            "02-bookinfo-secret-credentials.yaml",
            "02-bookinfo-gateway-bookinfo-gateway.yaml",
            "02-bookinfo-virtualservice-productpage.yaml",
        ]);
        const listed = [...files.get("README.md")!.matchAll(/^- \[(.*?)\]/gm)].map(([, name]) => name);
        assert.deepEqual(listed, names.slice(1));
    });

    it("writes objects that read back as they were planned", () => {
        assert.deepEqual(parse(files.get("02-bookinfo-service-productpage.yaml")!), one(plan, "Service").inputs);
        assert.deepEqual(parse(files.get("02-bookinfo-gateway-bookinfo-gateway.yaml")!), one(plan, "Gateway").inputs);
    });

    it("writes a release's values below the command that installs it", () => {
        const file = files.get("helm/01-istiod.values")!;
        const repository = "--repo https://istio-release.storage.googleapis.com/charts --version 1.31.1";
        assert.equal(
            file.split("\n")[0],
            `# helm upgrade --install istiod istiod ${repository} --namespace istio-system --values helm/01-istiod.values --wait`,
        );
        assert.deepEqual(parse(file), { clusterId: "known-after-apply", pilot: { replicaCount: 2 } });
    });

    it("holds no secret", () => {
        assert.equal(
            [...files.values()].some((content) => content.includes(sesame)),
            false,
        );
        assert.deepEqual(parse(files.get("02-bookinfo-secret-credentials.yaml")!), {
            apiVersion: "v1",
            kind: "Secret",
            metadata: { name: "credentials", namespace: "bookinfo" },
            stringData: { password: "[secret]" },
        });
    });

    /** The namespace's registration with other inputs. */
    const objectOf = (inputs: Record<string, Value>): Resource => ({ ...one(plan, "Namespace"), inputs });

    it("distinguishes two objects of the same name", () => {
        const object = objectOf({ kind: "ConfigMap", metadata: { name: "a" } });
        const twice = planOf({ resources: [object, { ...object, urn: `${object.urn}-2` }] });
        assert.deepEqual(
            renderManifests(twice).map(({ path }) => path),
            ["README.md", "01-configmap-a.yaml", "01-configmap-a-2.yaml"],
        );
    });

    it("gives a TLS secret the keys that an API server demands", () => {
        const secret = objectOf({
            kind: "Secret",
            type: "kubernetes.io/tls",
            metadata: { name: "tls" },
            data: { $secret: true },
        });
        assert.deepEqual(kubernetesObject(secret).stringData, { "tls.crt": "[secret]", "tls.key": "[secret]" });
    });

    it("keeps what is not secret in a secret readable", () => {
        const data = { user: Buffer.from("admin").toString("base64"), password: { $secret: true as const } };
        const secret = objectOf({ kind: "Secret", metadata: { name: "login" }, data });
        assert.deepEqual(kubernetesObject(secret).stringData, { user: "admin", password: "[secret]" });
    });

    it("leaves out what only Pulumi understands", () => {
        const annotations = { "pulumi.com/skipAwait": "true", "example.com/a": "b" };
        assert.deepEqual(kubernetesObject(objectOf({ kind: "Pod", metadata: { name: "a", annotations } })).metadata, {
            name: "a",
            annotations: { "example.com/a": "b" },
        });
        const only = { "pulumi.com/waitFor": "condition=Ready" };
        assert.deepEqual(kubernetesObject(objectOf({ kind: "Pod", metadata: { annotations: only } })).metadata, {
            name: "bookinfo",
        });
    });

    it("quotes what kubectl's YAML 1.1 would read as something else", () => {
        const data = { a: "on", b: "yes", c: "0o17", d: "1:30", e: "null", f: "1e3", g: "~" };
        const object = objectOf({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "words" }, data });
        const content = renderManifests(planOf({ resources: [object] }))[1]!.content;
        assert.deepEqual((parse(content, { version: "1.1" }) as { data: unknown }).data, data);
        assert.match(content, /a: "on"\n {2}b: "yes"/);
    });

    it("turns a release's settings into helm's flags", () => {
        const release = objectOf({
            name: "gateway",
            chart: "oci://registry.example.com/charts/gateway",
            namespace: "istio-ingress",
            createNamespace: true,
            atomic: true,
            skipAwait: true,
            timeout: 600,
        });
        const expected =
            "upgrade --install gateway oci://registry.example.com/charts/gateway --namespace istio-ingress " +
            "--create-namespace --values v.yaml --atomic --timeout 600s";
        assert.equal(helmArguments(release, "v.yaml").join(" "), expected);
    });
});
