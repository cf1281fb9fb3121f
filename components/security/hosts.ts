/**
 * Hosts as policies have to name them: a Host header may carry any port, and a policy for the bare name would not hold then.
 * A name with an asterisk in front cannot have one behind as well. https://istio.io/latest/docs/ops/best-practices/security/
 */
export function withAnyPort(hosts: string[]): string[] {
    return hosts.flatMap((host) => (host.startsWith("*") ? [host] : [host, `${host}:*`]));
}
