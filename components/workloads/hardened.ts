/** What Kubernetes' restricted Pod Security Standard asks of a pod. https://kubernetes.io/docs/concepts/security/pod-security-standards/ */
export const restrictedPod = { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } };

/** What it asks of each container. */
export const restrictedContainer = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };
