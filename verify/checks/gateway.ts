import type { PathMatch } from "../../components/mesh/meshService";
import type { Service } from "../../mesh/services";
import { answerTrouble } from "../causes";
import { failed, passed, skipped, type Cause, type Check, type Subject } from "../check";
import type { Answer } from "../http";

const GUIDE = "Configuring Ingress using Istio Gateway";

/** Nobody has a path or host like this. */
const NOWHERE = "/oke-mesh-verify-nowhere";
const NOBODY = "oke-mesh-verify.invalid";

/** The gateway from outside: what is exposed answers, nothing else does. */
export function gatewayChecks(subject: Subject): Check[] {
    const exposed = subject.mesh.services.filter(({ exposure, protocol }) => exposure && protocol !== "tcp");
    return [
        address(subject),
        ...exposed.flatMap((service) => [
            ...(service.exposure?.hosts ?? []).map((host) => open(service, host, subject)),
        ]),
        ...closed(exposed, subject),
    ];
}

function address({ gateway, settings }: Subject): Check {
    return {
        group: "gateway",
        name: "address",
        expected: settings.gateway.serviceType === "LoadBalancer" ? "an address of the load balancer" : "reachable",
        guide: GUIDE,
        run: async () => {
            const reached = await gateway.reached();
            const none = settings.gateway.serviceType === "LoadBalancer" && /^no address/.test(reached);
            const cause = {
                what: "The Service has no address: the load balancer is being made, or its creation failed.",
                fix: "Read the Service's events: they name the limit, subnet or security group that is wrong.",
                command: "kubectl describe service istio-ingressgateway -n istio-system",
            };
            return none ? failed(reached, [cause]) : passed(reached);
        },
    };
}

/** A host that requests can be for, where any, or any of a domain, is exposed. */
const concrete = (host: string) => (host === "*" ? "any.example.com" : host.replace(/^\*/, "any"));

const concretePath = (path: PathMatch) => ("exact" in path ? path.exact : path.prefix);

/** Whether the service itself answered, or the gateway for it. */
const fromService = ({ headers }: Answer) => headers["x-envoy-upstream-service-time"] !== undefined;

function open(service: Service, host: string, subject: Subject): Check {
    const { name, exposure } = service;
    const [first = { prefix: "/" }] = exposure?.paths ?? [];
    const path = concretePath(first);
    const isPage = path === "/productpage";
    return {
        group: "gateway",
        name: `${name} at ${host}`,
        expected: isPage ? `200 at ${path}` : `an answer of ${name} at ${path}`,
        guide: GUIDE,
        run: async () => {
            const tls = subject.mesh.hosts.find((each) => each.host === host)?.tls;
            if (tls) {
                return skipped("served with HTTPS: see its handshake");
            }
            const answer = await subject.gateway.ask(subject.settings.gateway.ports.http, {
                host: concrete(host),
                path,
            });
            const ok = isPage ? answer.status === 200 : fromService(answer) && answer.status < 500;
            const refused =
                [401, 403].includes(answer.status) && subject.settings.security.requestAuthentication.length > 0;
            return ok || refused ? passed(seenIn(answer)) : failed(seenIn(answer), causesOf(answer));
        },
    };
}

function closed(exposed: Service[], subject: Subject): Check[] {
    const { hosts } = subject.mesh;
    const { http } = subject.settings.gateway.ports;
    const everywhere = (host: string) =>
        exposed.some((service) => service.exposure?.hosts.includes(host) && service.exposure.paths.some((path) => concretePath(path) === "/")); // prettier-ignore
    const plain = hosts.filter(({ host, tls }) => !tls && !everywhere(host));
    const elsewhere = plain.slice(0, 1).map(({ host }): Check => ({
        group: "gateway",
        name: `other paths at ${host}`,
        expected: "404",
        guide: GUIDE,
        run: () => isClosed(subject, http, concrete(host), NOWHERE),
    }));
    const anyHost = hosts.some(({ host }) => host === "*");
    const others: Check = {
        group: "gateway",
        name: "other hosts",
        expected: "404",
        guide: GUIDE,
        run: () => isClosed(subject, http, NOBODY, "/productpage"),
    };
    return [...elsewhere, ...(anyHost || hosts.length === 0 ? [] : [others])];
}

async function isClosed({ gateway }: Subject, port: number, host: string, path: string) {
    const answer = await gateway.ask(port, { host, path });
    const cause = {
        what: "Something that the settings do not list opens the gateway further.",
        fix: "Look for other Gateways and routes, then remove them or add them to the settings.",
        command: "kubectl get gateways,virtualservices,httproutes,ingresses -A",
    };
    return answer.status === 404 && !fromService(answer) ? passed("404") : failed(seenIn(answer), [cause]);
}

function seenIn({ status, error, headers }: Answer): string {
    const location = headers.location === undefined ? "" : ` to ${String(headers.location)}`;
    return status === 0 ? `no answer: ${error}` : `${status}${location}`;
}

function causesOf({ status, body, error }: Answer): Cause[] {
    const known = answerTrouble(status, body);
    if (status === 0) {
        return [
            {
                what: `The gateway cannot be reached: ${error}.`,
                fix: "Check that it runs, that its load balancer's backends are healthy, and that allowedCidrs include this machine.",
                command: "kubectl get pods,service -n istio-system -l istio=ingressgateway",
            },
        ];
    }
    const missing: Cause[] =
        status === 404
            ? [
                  {
                      what: "The gateway knows no such host or path.",
                      fix: "Look whether its Gateway and routes exist and istiod has accepted them; then run pulumi up.",
                      command: "istioctl analyze --all-namespaces",
                  },
              ]
            : [];
    return [...known, ...missing, ...(known.length + missing.length > 0 ? [] : [{ what: `The service answered ${status}.`, fix: "Read its log." }])]; // prettier-ignore
}
