import { MutatingWebhookConfiguration } from "@pulumi/kubernetes/admissionregistration/v1";
import type { input } from "@pulumi/kubernetes/types";
import type * as pulumi from "@pulumi/pulumi";
import { DEFAULT_TAG, istiodName } from "./revisions";
import { ISTIO_NAMESPACE } from "./versions";

type Expression = input.meta.v1.LabelSelectorRequirement;

const isAbsent = (key: string): Expression => ({ key, operator: "DoesNotExist" });
const isOneOf = (key: string, ...values: string[]): Expression => ({ key, operator: "In", values });

const INJECTION = "istio-injection";
const REVISION = "istio.io/rev";
const POD = "sidecar.istio.io/inject";
const NOT_REFUSED: Expression = { key: POD, operator: "NotIn", values: ["false"] };

/**
 * A name for a revision that stays while the revision changes: the webhook that has its istiod inject sidecars where the
 * tag is named. It is made here and not by istiod's chart, since a tag moves from one istiod to another in one update
 * then; between releases it could only be removed first, and pods would start without sidecars in between.
 * Source: revision-tags-mwc.yaml of https://github.com/istio/istio/tree/release-1.31/manifests/charts/istio-control
 */
export function revisionTag(
    name: string,
    tag: string,
    revision: string,
    opts: pulumi.CustomResourceOptions,
): MutatingWebhookConfiguration {
    return new MutatingWebhookConfiguration(
        name,
        {
            metadata: {
                name: `istio-revision-tag-${tag}`,
                labels: {
                    app: "sidecar-injector",
                    "app.kubernetes.io/part-of": "istio",
                    "istio.io/tag": tag,
                    // By this label istiod finds the webhooks that it writes its CA into.
                    [REVISION]: revision,
                },
            },
            webhooks: [...byTag(tag), ...(tag === DEFAULT_TAG ? byDefault : [])].map(({ prefix, namespace, pod }) => ({
                name: `${prefix}.sidecar-injector.istio.io`,
                clientConfig: {
                    service: { name: istiodName(revision), namespace: ISTIO_NAMESPACE, path: "/inject", port: 443 },
                },
                rules: [{ operations: ["CREATE"], apiGroups: [""], apiVersions: ["v1"], resources: ["pods"] }],
                namespaceSelector: { matchExpressions: namespace },
                objectSelector: { matchExpressions: pod },
                sideEffects: "None",
                failurePolicy: "Fail",
                reinvocationPolicy: "Never",
                admissionReviewVersions: ["v1"],
            })),
        },
        opts,
    );
}

/** Pods of namespaces that name the tag, and pods that name it themselves. */
const byTag = (tag: string) => [
    { prefix: "rev.namespace", namespace: [isOneOf(REVISION, tag), isAbsent(INJECTION)], pod: [NOT_REFUSED] },
    {
        prefix: "rev.object",
        namespace: [isAbsent(REVISION), isAbsent(INJECTION)],
        pod: [NOT_REFUSED, isOneOf(REVISION, tag)],
    },
];

/** Pods of namespaces with sidecars, and pods that want one, where none of them names a revision. */
const byDefault = [
    { prefix: "namespace", namespace: [isOneOf(INJECTION, "enabled")], pod: [NOT_REFUSED] },
    {
        prefix: "object",
        namespace: [isAbsent(INJECTION), isAbsent(REVISION)],
        pod: [isOneOf(POD, "true"), isAbsent(REVISION)],
    },
];
