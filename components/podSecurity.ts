/** Kubernetes' Pod Security Standards: https://kubernetes.io/docs/concepts/security/pod-security-standards/ */
export type PodSecurity = "baseline" | "restricted";

/** Labels of a namespace that refuses pods below a standard; none without one. */
export function podSecurityLabels(level: PodSecurity | undefined): Record<string, string> {
    return level === undefined ? {} : { "pod-security.kubernetes.io/enforce": level };
}
