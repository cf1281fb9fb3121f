/** What Kubernetes' restricted Pod Security Standard requires of a pod. https://kubernetes.io/docs/concepts/security/pod-security-standards/ */
export const restrictedPod = { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } };

/** What it requires of each container. */
export const restrictedContainer = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };
