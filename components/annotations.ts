/** Annotations of this program's own, on objects and pods it makes. */
export const ANNOTATIONS = {
    /** On a gateway's Secret: the day its certificate expires. */
    certificateExpiry: "oke-mesh/certificate-ends",
    /** On pods: what they started with. A change restarts them. */
    istioVersion: "oke-mesh/istio-version",
    apmKey: "oke-mesh/apm-key",
    proxyBootstrap: "oke-mesh/proxy-bootstrap",
    bypass: "oke-mesh/bypass",
} as const;
