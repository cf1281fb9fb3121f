/**
 * The Istio version this program is built and tested with. Charts, images and typed kinds follow it.
 * The newest patch whose tag was seen, with the same kinds as 1.31.1: go list -m -versions istio.io/api
 */
export const ISTIO_VERSION = "1.31.4";

/**
 * The newest patch of each minor, by the tags of the Go module istio.io/api, which Istio sets with each release. `npm run
 * check:pins` compares them with the tags of the day.
 */
export const NEWEST_PATCHES = {
    seen: "2026-11-28",
    patches: { "1.30": "1.30.8", "1.31": "1.31.4" } as Record<string, string>,
};

/**
 * Where Istio publishes its charts from 1.31 on; it holds the older ones too. The former bucket has none newer
 * than 1.30 and is switched off in December 2026: https://istio.io/latest/blog/2026/retirement-of-gcp/
 */
export const CHART_REPOSITORY = "https://blob.istio.io/istio-release/charts";

/** Tag of Bookinfo's images, which Istio publishes beside its own. */
export const BOOKINFO_TAG = "1.20.3";

/** Where Istio publishes its images. registry.istio.io and gcr.io/istio-release have none from 1.31 on. */
export const IMAGE_HUB = "docker.io/istio";

/** Namespace of the control plane and, for the guide's selectors and TLS Secrets, of the ingress gateway. */
export const ISTIO_NAMESPACE = "istio-system";

/** Kubernetes minors that each Istio minor supports: https://istio.io/latest/docs/releases/supported-releases/ */
export const SUPPORTED_KUBERNETES: Record<string, { min: number; max: number }> = {
    "1.30": { min: 32, max: 36 },
    "1.31": { min: 32, max: 36 },
};
