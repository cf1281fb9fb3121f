import type { output } from "@pulumi/kubernetes/types";
import { idOf, nameOf, namespaceOf, type Planned } from "../objects";
import { listenerWords, pathWord, type Target, type Listener, type Entrance } from "./entrance";

type IngressSpec = output.networking.v1.IngressSpec;

/** Kubernetes Ingresses. Istio serves them at 80, and at 443 the hosts that have a certificate. */
export function ingressEntrances(ingresses: Planned<IngressSpec>[]): Entrance[] {
    return ingresses.map((ingress) => ({
        id: idOf(ingress),
        name: nameOf(ingress),
        kind: "Kubernetes Ingress",
        urns: [ingress.urn],
        listeners: ingress.spec.rules.flatMap((rule): Listener[] => {
            const host = rule.host ?? "*";
            const listener = { redirects: false, targets: targetsOf(rule, namespaceOf(ingress)) };
            const plain = { ...listener, words: listenerWords(80, "HTTP", [host]) };
            const credential = secretFor(host, ingress.spec);
            return credential === undefined
                ? [plain]
                : [plain, { ...listener, words: listenerWords(443, "HTTPS", [host]), credential }];
        }),
    }));
}

/** The Secret of the entry that names the host, or of one for all hosts. */
function secretFor(host: string, { tls }: Partial<IngressSpec>): string | undefined {
    return tls?.find(({ hosts }: { hosts?: string[] }) => hosts === undefined || hosts.includes(host))?.secretName;
}

function targetsOf({ http }: output.networking.v1.IngressRule, namespace: string): Target[] {
    const targets = new Map<string, Target>();
    for (const { path, pathType, backend } of http.paths) {
        const service = `${namespace}/${backend.service.name}`;
        const paths = targets.get(service)?.paths ?? [];
        const own = pathWord(path, pathType !== "Exact");
        targets.set(service, { service, port: String(backend.service.port.number), paths: [...paths, own] });
    }
    return [...targets.values()];
}
