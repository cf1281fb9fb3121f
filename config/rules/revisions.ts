import { compareVersions, IN_PLACE, NONE, runningRevisions } from "../../components/istio/revisions";
import { ISTIO_VERSION } from "../../components/istio/versions";
import { removeCommand, setCommand, step, type Problem } from "../problems";
import { onMesh, type Rule } from "./rule";

/** The minor of a version, such as 1.31. */
export const minorOf = (version: string): string => version.split(".").slice(0, 2).join(".");

/** Setting of a revision's version. */
export const versionKey = (revision: string): string =>
    revision === IN_PLACE ? "istio.version" : `istio.revisions${step(revision)}.version`;

const someIstiodRuns: Rule = ({ istio }) =>
    istio && runningRevisions(istio).length === 0
        ? [
              {
                  key: "istio.version",
                  message: `is ${NONE}, and istio.revisions has no other istiod`,
                  fix: [removeCommand("istio.version")],
              },
          ]
        : [];

/** What is removed while something is still assigned to it comes back. */
const assignedRevisionsRun: Rule = ({ istio }) => {
    const running = istio ? runningRevisions(istio).map(({ name }) => name) : [];
    const assigned = {
        "istio.defaultRevision": istio?.defaultRevision,
        "istio.canary.revision": istio?.canary?.revision,
    };
    return Object.entries(assigned).flatMap(([key, revision]): Problem[] => {
        if (revision === undefined || running.length === 0 || running.includes(revision)) {
            return [];
        }
        const missing = revision === IN_PLACE ? `istio.version is ${NONE}` : "istio.revisions does not have it";
        const message = `is ${revision}, but ${missing}. Move what it serves to ${running.join(" or ")} first`;
        return [{ key, message, fix: [setCommand(versionKey(revision), ISTIO_VERSION)] }];
    });
};

/** The last one comes first, because a command that removes an entry moves those behind it. */
const canaryNamespaces = onMesh(({ namespaces }, { istio }) =>
    (istio?.canary?.namespaces ?? [])
        .map((namespace, index) => ({ namespace, key: `istio.canary.namespaces[${index}]` }))
        .filter(({ namespace }) => !namespaces.includes(namespace))
        .map(({ namespace, key }) => ({
            key,
            message: `is ${namespace}, which is not in this stack's mesh; its namespaces are ${namespaces.join(", ") || "none"}`,
            fix: [removeCommand(key)],
        }))
        .reverse(),
);

/** https://istio.io/latest/docs/releases/supported-releases/#control-planedata-plane-skew */
const oneMinorApart: Rule = ({ istio }) => {
    const [oldest, ...newer] = (istio ? runningRevisions(istio) : []).sort((a, b) =>
        compareVersions(a.version, b.version),
    );
    if (!oldest) {
        return [];
    }
    const minor = (version: string) => Number(version.split(".")[1]);
    return newer.flatMap(({ name, version }): Problem[] => {
        const apart = minor(version) - minor(oldest.version);
        const key = versionKey(name);
        const message = `is ${version}, ${apart} minor versions after ${versionKey(oldest.name)} ${oldest.version}. Istiods and proxies of one mesh may be one apart: upgrade to a version between them first`;
        return apart > 1 ? [{ key, message, fix: [setCommand(key, oldest.version)] }] : [];
    });
};

export const revisionRules = [someIstiodRuns, assignedRevisionsRun, canaryNamespaces, oneMinorApart];
