import type { Digests } from "./globalValues";
import { ISTIO_VERSION } from "./versions";
import { wrongArgument } from "../wrongArgument";

/** An istiod: one of several, or the one that is upgraded in place. */
export interface Revision {
    /** How pods, namespaces and webhooks name it. */
    name: string;
    /** Istio release of its chart and images. */
    version: string;
    /** Digests of its images, instead of the version as their tag. @default none */
    digests?: Digests;
}

/** Which istiods run, and who is served by which. https://istio.io/latest/docs/setup/upgrade/canary/ */
export interface RevisionsArgs {
    /** Istio release of the istiod that is upgraded in place; `none` if there are revisions alone. @default ISTIO_VERSION */
    version?: string;
    /** Digests of its images, instead of the version as their tag. @default none */
    digests?: Digests;
    /** Istiods beside it, by revision. @default none */
    revisions?: Record<string, Omit<Revision, "name">>;
    /** Revision that serves whatever names none. @default "default": the istiod that is upgraded in place */
    defaultRevision?: string;
    /** What is tried out ahead of the rest. @default nothing: the tag `canary` stands for the default revision */
    canary?: {
        /** Revision that the tag `canary` stands for. */
        revision: string;
    };
}

/** What Istio calls the istiod that is upgraded in place. */
export const IN_PLACE = "default";

/** `version` without an istiod that is upgraded in place. */
export const NONE = "none";

/** Tag of the default revision: what `istio-injection: enabled` stands for. */
export const DEFAULT_TAG = "default";

/** Tag of the revision that is tried out. */
export const CANARY_TAG = "canary";

/** Every istiod, the one that is upgraded in place first. */
export function runningRevisions({ version = ISTIO_VERSION, digests, revisions = {} }: RevisionsArgs): Revision[] {
    const others = Object.entries(revisions).map(([name, revision]) => ({ name, ...revision }));
    return version === NONE ? others : [{ name: IN_PLACE, version, digests }, ...others];
}

/** The istiod that serves whatever names none. */
export function defaultRevision(args: RevisionsArgs): Revision {
    return revisionNamed(args, args.defaultRevision ?? IN_PLACE);
}

/** The istiod that the tag `canary` stands for. */
export function canaryRevision(args: RevisionsArgs): Revision {
    return args.canary ? revisionNamed(args, args.canary.revision) : defaultRevision(args);
}

/** The newest version that runs: Istio's kinds serve older istiods too. */
export function newestVersion(args: RevisionsArgs): string {
    const versions = runningRevisions(args).map(({ version }) => version);
    return versions.reduce((newest, version) => (compareVersions(version, newest) > 0 ? version : newest));
}

/** Below zero if the first is older. */
export function compareVersions(one: string, other: string): number {
    return one.localeCompare(other, "en", { numeric: true });
}

/** Name of its release, its Deployment and its Service. */
export function istiodName(revision: string): string {
    return revision === IN_PLACE ? "istiod" : `istiod-${revision}`;
}

/** Labels of a namespace whose pods get sidecars: those of a tag's revision, or the default revision's. */
export function injectionLabels(tag?: string): Record<string, string> {
    // Istio ignores the second beside the first.
    return tag === undefined ? { "istio-injection": "enabled" } : { "istio.io/rev": tag };
}

function revisionNamed(args: RevisionsArgs, wanted: string): Revision {
    const found = runningRevisions(args).find(({ name }) => name === wanted);
    if (!found) {
        const running = runningRevisions(args).map(({ name }) => name);
        const propertyPath = wanted === args.canary?.revision ? "canary.revision" : "defaultRevision";
        throw wrongArgument(propertyPath, `is ${wanted}, must be one of ${running.join(", ")}`);
    }
    return found;
}
