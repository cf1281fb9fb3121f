/** A workload's identity in the mesh, as policies name it: its Kubernetes ServiceAccount, vouched for by its certificate. */
export function principal(
    trustDomain: string,
    { namespace, serviceAccount }: { namespace: string; serviceAccount: string },
): string {
    return `${trustDomain}/ns/${namespace}/sa/${serviceAccount}`;
}
