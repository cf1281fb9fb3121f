import { maxSatisfying, rsort, valid } from "semver";
import { parse } from "yaml";
import type { Pin } from "./pins";

/** The result of checking a pin with its publisher. */
export interface Finding {
    pin: Pin;
    /** `missing`: it is not published; `unknown`: the publisher did not answer. */
    state: "published" | "missing" | "unknown";
    /** The newest version, if it is a different one. */
    newest?: string;
}

export interface Answer {
    status: number;
    text: string;
    /** The header `WWW-Authenticate`. */
    challenge?: string;
}

/** Requests an address; rejects if there is no response. */
export type Get = (url: string, headers?: Record<string, string>) => Promise<Answer>;

/** Where the tags of Istio's API module are listed: it has one for each release. */
const ISTIO_TAGS = "https://proxy.golang.org/istio.io/api/@v/list";

export function checkPin(pin: Pin, get: Get): Promise<Finding> {
    const look = {
        chart: () => chart(pin, get),
        image: () => image(pin, get),
        file: () => file(pin, get),
        patch: () => patch(pin, get),
    };
    return look[pin.kind]().catch((): Finding => ({ pin, state: "unknown" }));
}

/** Whether a finding needs action: a pin that does not exist, or an outdated table of patches. */
export function isBad({ pin, state, newest }: Finding): boolean {
    return state === "missing" || (pin.kind === "patch" && newest !== undefined);
}

async function chart(pin: Pin, get: Get): Promise<Finding> {
    if (pin.kind !== "chart") {
        throw new Error("not a chart");
    }
    const { status, text } = await get(`${pin.repository}/index.yaml`);
    if (status !== 200) {
        return { pin, state: "unknown" };
    }
    const { entries } = parse(text) as { entries: Record<string, { version: string }[] | undefined> };
    const versions = (entries[pin.name] ?? []).map(({ version }) => version);
    return { pin, state: versions.includes(pin.version) ? "published" : "missing", ...newer(versions, pin.version) };
}

async function patch(pin: Pin, get: Get): Promise<Finding> {
    if (pin.kind !== "patch") {
        throw new Error("not a patch");
    }
    const { status, text } = await get(ISTIO_TAGS);
    const versions = text.split("\n").filter((tag) => valid(tag));
    if (status !== 200 || versions.length === 0) {
        return { pin, state: "unknown" };
    }
    const ofMinor = versions.filter((version) => version.startsWith(`v${pin.minor}.`));
    const state = ofMinor.includes(`v${pin.version}`) ? "published" : "missing";
    return { pin, state, ...newer(ofMinor, pin.version) };
}

async function file(pin: Pin, get: Get): Promise<Finding> {
    if (pin.kind !== "file") {
        throw new Error("not a file");
    }
    return { pin, state: stateOf((await get(pin.url)).status) };
}

async function image(pin: Pin, get: Get): Promise<Finding> {
    if (pin.kind !== "image") {
        throw new Error("not an image");
    }
    const [, registry = "", repository = "", tag = ""] = /^([^/]+)\/(.+):([^:]+)$/.exec(pin.name) ?? [];
    const host = registry === "docker.io" ? "registry-1.docker.io" : registry;
    const url = `https://${host}/v2/${repository}/manifests/${tag}`;
    const accept = [
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
    ];
    const headers = { Accept: accept.join(", ") };
    const first = await get(url, headers);
    if (first.status !== 401 || first.challenge === undefined) {
        return { pin, state: stateOf(first.status) };
    }
    const token = await anonymousToken(first.challenge, get);
    const { status } = await get(url, { ...headers, Authorization: `Bearer ${token}` });
    return { pin, state: stateOf(status) };
}

/** The token with which a registry allows anonymous pulls. https://distribution.github.io/distribution/spec/auth/token/ */
async function anonymousToken(challenge: string, get: Get): Promise<string> {
    const part = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? "";
    const address = new URL(part("realm"));
    address.searchParams.set("service", part("service"));
    address.searchParams.set("scope", part("scope"));
    const { token } = JSON.parse((await get(address.href)).text) as { token: string };
    return token;
}

function stateOf(status: number): Finding["state"] {
    return status === 200 ? "published" : status === 404 ? "missing" : "unknown";
}

/** The newest release of all, if it is newer than this one. */
function newer(versions: string[], version: string): { newest?: string } {
    const newest = maxSatisfying(versions, "*");
    const [first] = rsort([newest ?? version, version]);
    return newest !== null && first === newest && valid(newest) !== valid(version) ? { newest } : {};
}
