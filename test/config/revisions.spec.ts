import { accept, refuse } from "./tables";
import { asDevStack, NEW_CLUSTER } from "./settings";

const withIstio = (istio: object, more: object = {}) => ({ ...NEW_CLUSTER, istio, ...more });

/** 1.31 beside 1.30. */
const BESIDE = { version: "1.30.8", revisions: { "1-31-4": { version: "1.31.4" } } };

describe("revisions in the settings", () => {
    asDevStack();

    refuse([
        [
            "no istiod at all",
            withIstio({ version: "none" }),
            ["istio.version is none, and istio.revisions has no other istiod"],
        ],
        [
            "the end of an istiod that serves by default",
            withIstio({ ...BESIDE, version: "none" }),
            ["istio.defaultRevision is default, but istio.version is none. Move what it serves to 1-31-4 first"],
        ],
        [
            "the end of a revision that serves by default",
            withIstio({ version: "1.30.8", defaultRevision: "1-31-4" }),
            [
                "istio.defaultRevision is 1-31-4, but istio.revisions does not have it. Move what it serves to default first",
            ],
        ],
        [
            "the end of a revision that namespaces still use",
            withIstio({ version: "1.30.8", canary: { revision: "1-31-4", namespaces: ["bookinfo"] } }),
            [
                "istio.canary.revision is 1-31-4, but istio.revisions does not have it. Move what it serves to default first",
            ],
        ],
        [
            "namespaces that are not in the mesh",
            withIstio({ ...BESIDE, canary: { revision: "1-31-4", namespaces: ["bookinfo", "shop", "legacy"] } }),
            ["legacy", "shop"].map(
                (name, index) =>
                    `istio.canary.namespaces[${2 - index}] is ${name}, which is not in this stack's mesh; its namespaces are bookinfo`,
            ),
        ],
        [
            "istiods two minor versions apart",
            withIstio({ version: "1.31.4", revisions: { old: { version: "1.29.6" } } }),
            [
                "istio.revisions.old.version is 1.29.6; this program knows the Kubernetes versions for Istio 1.30 and 1.31",
                "istio.version is 1.31.4, 2 minor versions after istio.revisions.old.version 1.29.6. Istiods and proxies of one mesh may be one apart: upgrade to a version between them first",
            ],
        ],
        [
            "a revision whose Kubernetes is another",
            withIstio(BESIDE, { cluster: { ...NEW_CLUSTER.cluster, kubernetesVersion: "v1.31.1" } }),
            ["1.30.8", "1.31.4"].map(
                (version) =>
                    `cluster.kubernetesVersion is v1.31.1, but Istio ${version} supports Kubernetes 1.32 to 1.36`,
            ),
        ],
        [
            "the name of a tag",
            withIstio({ revisions: { canary: { version: "1.31.4" } } }),
            ["istio.revisions.canary is not a name allowed here, it must be another name than default and canary"],
        ],
    ]);

    accept([
        ["an istiod beside another", withIstio(BESIDE)],
        [
            "a namespace and the gateways at the new one",
            withIstio({ ...BESIDE, canary: { revision: "1-31-4", namespaces: ["bookinfo"], gateways: true } }),
        ],
        ["revisions alone", withIstio({ ...BESIDE, version: "none", defaultRevision: "1-31-4" })],
        [
            "the way back for a namespace",
            withIstio({
                ...BESIDE,
                defaultRevision: "1-31-4",
                canary: { revision: "default", namespaces: ["bookinfo"] },
            }),
        ],
    ]);
});
