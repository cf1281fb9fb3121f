import { at } from "../../model";
import { idOf, nameOf, namespaceOf, word, type KubernetesObject } from "../objects";
import { items } from "../../words";
import { listenerWords, pathWord, type Lead, type Listener, type WayIn } from "./way";

/** Kubernetes Ingresses. Istio serves them at 80, and at 443 what they have a certificate for. */
export function ingressWays(ingresses: KubernetesObject[]): WayIn[] {
    return ingresses.map((ingress) => ({
        id: idOf(ingress),
        name: nameOf(ingress),
        listeners: items(at(ingress, "spec", "rules")).flatMap((rule): Listener[] => {
            const host = word(at(rule, "host"), "*");
            const leads = leadsOf(rule, namespaceOf(ingress));
            const listener = { redirects: false, leads };
            const plain = { ...listener, words: listenerWords(80, "HTTP", [host]) };
            const credential = secretFor(host, ingress);
            return credential === undefined
                ? [plain]
                : [plain, { ...listener, words: listenerWords(443, "HTTPS", [host]), credential }];
        }),
    }));
}

/** The Secret of the entry that names the host, or of one for all hosts. */
function secretFor(host: string, ingress: KubernetesObject): string | undefined {
    const entry = items(at(ingress, "spec", "tls")).find((tls) => {
        const hosts = items(at(tls, "hosts"));
        return hosts.length === 0 || hosts.includes(host);
    });
    return entry === undefined ? undefined : word(at(entry, "secretName"));
}

function leadsOf(rule: unknown, namespace: string): Lead[] {
    const leads = new Map<string, Lead>();
    for (const path of items(at(rule, "http", "paths"))) {
        const service = `${namespace}/${word(at(path, "backend", "service", "name"))}`;
        const port = word(at(path, "backend", "service", "port", "number"));
        const paths = leads.get(service)?.paths ?? [];
        const own = pathWord(at(path, "path"), at(path, "pathType") !== "Exact");
        leads.set(service, { service, port, paths: [...paths, own] });
    }
    return [...leads.values()];
}
