import type { ExternalService } from "../../components/traffic/egress/externalService";
import { troubleFrom } from "../answers";
import { failed, passed, skipped, type Check, type Subject } from "../check";
import { secondsOf } from "../durations";
import { ask, fromTheMesh } from "../senders";

const GUIDE = "Accessing External Services with Egress";

/** Hosts to be kept from, if the settings do not list them: the guide's, and one that everybody knows. */
const STRANGERS = ["httpbin.org", "example.com"];

/** Calls that leave the mesh: listed hosts answer, others do as the mode says. */
export function egressChecks(subject: Subject): Check[] {
    const { egress } = subject.settings;
    const listed = subject.mesh.external.filter(({ hosts }) => hosts.some((host) => !host.includes("*")));
    const stranger = STRANGERS.find(
        (each) => !subject.mesh.external.some(({ hosts }) => hosts.some((host) => host === "*" || host.endsWith(each))),
    );
    return [
        ...listed.flatMap((service) => answered(service, subject)),
        ...listed.flatMap((service) => timeout(service, subject)),
        ...(egress.mode === "REGISTRY_ONLY" && stranger !== undefined ? [blocked(stranger, subject)] : []),
    ];
}

/** What of an external service can be asked for: its ports of HTTP, and of HTTPS. */
function answered(service: ExternalService, subject: Subject): Check[] {
    const host = service.hosts.find((each) => !each.includes("*"))!;
    const ports = service.ports ?? [{ port: 443, protocol: "HTTPS" }];
    return ports
        .filter(({ protocol }) => protocol === "HTTP" || protocol === "HTTPS")
        .map(({ port, protocol }) => ({
            group: "egress",
            name: `${service.name}: ${protocol} to ${host}`,
            expected: "an answer of the host",
            guide: GUIDE,
            run: () =>
                fromTheMesh(subject, async (sender) => {
                    const url = `${protocol.toLowerCase()}://${host}:${port}/`;
                    const answer = await ask(subject.cluster, sender, url);
                    const { status, body, seconds } = answer;
                    const seen = status === 0 ? body : `status ${status} after ${seconds.toFixed(1)} s`;
                    // 502 and 503 are answers of the proxy: no such host is listed, or it cannot be reached.
                    return status !== 0 && status !== 502 && status !== 503
                        ? passed(seen)
                        : failed(seen, [
                              ...(await troubleFrom(subject.cluster, sender, answer)),
                              unreachable(service.name),
                          ]);
                }),
        }));
}

/** The guide's host, which answers `/delay/<seconds>` when as many have gone by, ten at most. */
const SLOW_HOST = "httpbin.org";
const LONGEST = 10;

/** Seconds by which a timeout may be late on a loaded node. */
const LATE = 1;

/** A timeout, where the host can be asked to be slow. */
function timeout({ name, hosts, timeout: given, ports }: ExternalService, subject: Subject): Check[] {
    const limit = given === undefined ? LONGEST : secondsOf(given);
    const http = ports?.find(({ protocol }) => protocol === "HTTP");
    if (!hosts.includes(SLOW_HOST) || limit >= LONGEST || !http) {
        return [];
    }
    return [
        {
            group: "egress",
            name: `${name}: timeout`,
            expected: `504 after ${given}`,
            guide: GUIDE,
            run: () =>
                fromTheMesh(subject, async (sender) => {
                    const url = `http://${SLOW_HOST}:${http.port}/delay/${LONGEST}`;
                    const { status, body, seconds } = await ask(subject.cluster, sender, url, { seconds: LONGEST + 5 });
                    const seen = status === 0 ? body : `status ${status} after ${seconds.toFixed(1)} s`;
                    const cause = {
                        what: "The proxies do not have this timeout.",
                        fix: "Run pulumi up; without a sidecar, the sender has no timeout at all.",
                        command: "kubectl get virtualservices -A -o yaml",
                    };
                    return status === 504 && seconds <= limit + LATE ? passed(seen) : failed(seen, [cause]);
                }),
        },
    ];
}

const unreachable = (name: string) => ({
    what: "The host is not registered in the mesh, or cannot be reached from the nodes.",
    fix: "Check its ServiceEntry, then routes, NAT gateway and security rules of the nodes' subnet.",
    command: `kubectl get serviceentries -A | grep ${name}`,
});

function blocked(host: string, subject: Subject): Check {
    return {
        group: "egress",
        name: `HTTP to ${host}, which is not listed`,
        expected: "502 of the sidecar",
        guide: GUIDE,
        run: () =>
            fromTheMesh(subject, async (sender) => {
                const { status, body } = await ask(subject.cluster, sender, `http://${host}/`);
                if (/resolve/.test(body)) {
                    return skipped(`the pods' name server does not know ${host}`);
                }
                if (status !== 502 && bypasses(subject)) {
                    return skipped("networks of egress.bypass do not go through sidecars");
                }
                const cause = {
                    what: "The mesh lets unlisted hosts through.",
                    fix: "Compare egress.mode with the mesh's outboundTrafficPolicy, and check that the sender has a sidecar.",
                    command: "kubectl get configmap istio -n istio-system -o yaml",
                };
                return status === 502 ? passed("502") : failed(status === 0 ? body : String(status), [cause]);
            }),
    };
}

function bypasses({ settings }: Subject): boolean {
    const { cidrs, allExcept, workloads } = settings.egress.bypass;
    return [...cidrs, ...allExcept, ...Object.values(workloads).flat()].length > 0;
}
