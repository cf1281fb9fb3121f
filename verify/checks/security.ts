import { textOf } from "../../components/mesh/meshService";
import { LEGACY_NAMESPACE } from "../../components/workloads/clientWorkloads";
import { postureOf, type Posture } from "../../plan/mesh/posture/posture";
import type { Service } from "../../mesh/services";
import { troubleFrom } from "../answers";
import { failed, passed, skipped, type Check, type Finding, type Subject } from "../check";
import type { Container } from "../cluster";
import { urlOf } from "../measured";
import { ask, senderIn } from "../senders";

const GUIDE = "Securing Istio";

/** Who may call whom: each caller that can send requests, at each service, and a client without a sidecar. */
export function securityChecks(subject: Subject): Check[] {
    const posture = postureOf(subject.plan);
    // The guide's curl has a Service, but nothing listens there.
    const targets = subject.mesh.services.filter(
        ({ name, from, protocol }) => protocol === "http" && !(from === "clients" && name === "curl"),
    );
    if (!posture) {
        return [];
    }
    const plain: Check[] = subject.settings.clients.legacy
        ? targets.map((target) => plainText(target, posture, subject))
        : [];
    return [...subject.mesh.services.flatMap((caller) => calls(caller, targets, posture, subject)), ...plain];
}

/** A workload of the posture: by its name, or with its namespace where two have one name. */
const knownAs = ({ name, namespace }: Service, workloads: string[]) =>
    [name, `${name}.${namespace}`].find((each) => workloads.includes(each));

/** What the policies of the plan let a caller do at a service; undefined where that depends on the request. */
function expected(caller: string, target: Service, posture: Posture): "all" | "none" | "cut off" | undefined {
    const name = knownAs(target, posture.targets);
    const row = posture.access[posture.callers.indexOf(caller)];
    const access = name === undefined ? undefined : row?.[posture.targets.indexOf(name)];
    return typeof access === "string" ? access : undefined;
}

function calls(caller: Service, targets: Service[], posture: Posture, subject: Subject): Check[] {
    const name = knownAs(caller, posture.callers);
    if (name === undefined) {
        return [];
    }
    return targets.flatMap((target): Check[] => {
        const access = expected(name, target, posture);
        // Other policies may refuse what ALLOW policies let through, by what only the request knows.
        if (access === undefined || target === caller || posture.refusals.length > 0) {
            return [];
        }
        return [
            {
                group: "security",
                name: `${caller.name} calls ${target.name}`,
                expected: access === "all" ? "not denied" : "403 RBAC: access denied",
                guide: `${GUIDE}, "Configuring Authorization"`,
                run: async () => {
                    const sender = await senderIn(subject.cluster, caller.namespace, caller.selector);
                    if (!sender) {
                        return skipped(`no pod of ${caller.name} has curl`);
                    }
                    return judgeCall(sender, target, access, subject);
                },
            },
        ];
    });
}

function pageOf(service: Service): string {
    const [first = { prefix: "/" }] = service.exposure?.paths ?? [];
    return urlOf(service, textOf(first));
}

async function judgeCall(
    sender: Container,
    target: Service,
    access: "all" | "none" | "cut off",
    { cluster }: Pick<Subject, "cluster">,
): Promise<Finding> {
    const answer = await ask(cluster, sender, pageOf(target));
    const { status, body } = answer;
    const denied = status === 403 && /RBAC: access denied/.test(body);
    // Other failures of a connection, such as a name that is not known, are no refusal.
    const isCut = status === 0 && /reset|empty reply/i.test(body);
    const noAnswer = isCut ? `cut off: ${body}` : body;
    const seen = status === 0 ? noAnswer : `${status}${denied ? " RBAC: access denied" : ""}`;
    const isRight = { all: !denied && status !== 0, none: denied, "cut off": isCut }[access];
    const open = {
        what: "The call is allowed, although no policy of the settings allows it.",
        fix: "A policy is missing, or one was added: see the check of objects, then run pulumi up.",
        command: "kubectl get authorizationpolicies,peerauthentications -A",
    };
    const closed = {
        what: "The call is refused, although the settings allow it.",
        fix: "A policy was added, a sidecar is missing, or the caller runs as another ServiceAccount.",
        command: "kubectl get authorizationpolicies,peerauthentications -A",
    };
    const unreached = {
        what: "The service was not reached at all.",
        fix: "Look at the checks of services: its Service may be missing, or have no pods.",
    };
    const plain = {
        what: "A client without sidecar is heard: mutual TLS is not required.",
        fix: "Compare the PeerAuthentications with security.mtls, and check that the service's pods have sidecars.",
        command: "kubectl get peerauthentications -A",
    };
    const likely = status === 0 && !isCut ? unreached : { all: closed, none: open, "cut off": plain }[access];
    if (isRight) {
        return passed(seen);
    }
    return failed(seen, access === "cut off" ? [likely] : [...(await troubleFrom(cluster, sender, answer)), likely]);
}

/** The guide's sleep in legacy: STRICT cuts it off, PERMISSIVE lets it in. */
function plainText(target: Service, posture: Posture, subject: Subject): Check {
    const access = expected("no sidecar", target, posture) ?? "all";
    return {
        group: "security",
        name: `a client without sidecar calls ${target.name}`,
        expected: { all: "not denied", none: "403 RBAC: access denied", "cut off": "cut off" }[access],
        guide: `${GUIDE}, "Configuring Mutual TLS"`,
        run: async () => {
            const sender = await senderIn(subject.cluster, LEGACY_NAMESPACE, { app: "curl" });
            return sender ? judgeCall(sender, target, access, subject) : skipped("no curl in legacy");
        },
    };
}
