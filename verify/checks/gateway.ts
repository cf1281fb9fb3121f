import { textOf } from "../../components/mesh/meshService";
import type { Service } from "../../mesh/services";
import { troubleAtGateway } from "../answers";
import { failed, passed, skipped, type Cause, type Check, type Subject } from "../check";
import type { Cluster } from "../cluster";
import {
    askAt,
    concrete,
    fromService,
    NOBODY,
    openedBy,
    refusesUs,
    WITHOUT_CERTIFICATE,
    type Opened,
} from "../entrances";
import type { Answer } from "../http";

const GUIDE = "Configuring Ingress using Istio Gateway";

/** Nobody has a path like this. */
const NOWHERE = "/oke-mesh-verify-nowhere";

/** The gateway from outside: what is exposed answers, nothing else does. */
export function gatewayChecks(subject: Subject): Check[] {
    const exposed = subject.mesh.services.filter(({ exposure, protocol }) => exposure && protocol !== "tcp");
    return [
        address(subject),
        ...openedBy(subject.mesh).map((each) => open(each, subject)),
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

function open(opened: Opened, subject: Subject): Check {
    const { name, host, path } = opened;
    const isPage = path === "/productpage";
    return {
        group: "gateway",
        name: `${name} at ${host}`,
        expected: isPage ? `200 at ${path}` : `an answer of ${name} at ${path}`,
        guide: GUIDE,
        run: async () => {
            if (refusesUs(opened, subject)) {
                return skipped(WITHOUT_CERTIFICATE);
            }
            const answer = await askAt(opened, subject);
            const isOk = isPage ? answer.status === 200 : fromService(answer) && answer.status < 500;
            // Requests without a token are refused where the gateway asks for one.
            const { requestAuthentication } = subject.settings.security;
            const isRefused = [401, 403].includes(answer.status) && requestAuthentication.length > 0;
            return isOk || isRefused
                ? passed(seenIn(answer))
                : failed(seenIn(answer), await causesOf(answer, subject.cluster));
        },
    };
}

/** Paths and hosts that nobody opens. */
function closed(exposed: Service[], subject: Subject): Check[] {
    const { hosts, traffic } = subject.mesh;
    const { http } = subject.settings.gateway.ports;
    const hostsOf = (services: Service[]) => new Set(services.flatMap(({ exposure }) => exposure?.hosts ?? []));
    // Rules with a path open it, too.
    const everywhere = hostsOf(
        exposed.filter(({ name, exposure }) => {
            const ruled = (traffic[name]?.match ?? []).flatMap(({ paths = [] }) => paths);
            return [...(exposure?.paths ?? []), ...ruled].some((path) => "regex" in path || textOf(path) === "/");
        }),
    );
    const partly = hostsOf(exposed);
    const plain = hosts.find(({ host, tls }) => !tls && partly.has(host) && !everywhere.has(host));
    const checks: Check[] = [];
    if (plain) {
        checks.push({
            group: "gateway",
            name: `other paths at ${plain.host}`,
            expected: "404",
            guide: GUIDE,
            run: () => isClosed(subject, http, concrete(plain.host), NOWHERE),
        });
    }
    if (hosts.length > 0 && !hosts.some(({ host }) => host === "*")) {
        checks.push({
            group: "gateway",
            name: "other hosts",
            expected: "404",
            guide: GUIDE,
            run: () => isClosed(subject, http, NOBODY, "/productpage"),
        });
    }
    return checks;
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

async function causesOf(answer: Answer, cluster: Cluster): Promise<Cause[]> {
    const { status, error } = answer;
    if (status === 0) {
        const what = `The gateway cannot be reached: ${error}.`;
        const fix =
            "Check that it runs, that its load balancer's backends are healthy, and that allowedCidrs include this machine.";
        return [{ what, fix, command: "kubectl get pods,service -n istio-system -l istio=ingressgateway" }];
    }
    if (status === 404) {
        const what = "The gateway knows no such host or path.";
        const fix = "Look whether its Gateway and routes exist and istiod has accepted them; then run pulumi up.";
        return [{ what, fix, command: "istioctl analyze --all-namespaces" }];
    }
    const known = await troubleAtGateway(cluster, answer);
    return known.length > 0 ? known : [{ what: `The service answered ${status}.`, fix: "Read its log." }];
}
