import * as ipaddr from "ipaddr.js";
import type { Problem } from "../../config/problems";

type Leaf = { path: string; value: unknown };

/** Values that give protection up. */
const WEAK = ["permissive", "disable", "off", "none", "allowany", "anonymous", "sidecar", "clusterip"];

/** Values and settings that protect. */
const STRONG = ["STRICT", "DENY", "CUSTOM", "zero-trust", "guide", "REGISTRY_ONLY", "mutual", "gateway"];
const PROTECTIVE = /\.(allowedCidrs\[\]|internal|protect)$/;

/** Settings that open something when they are true, or protect something. */
const OPENING = /\.(public|failOpen|anonymous|workerInternetAccess)$/;
const GUARDING = /(^security\..*|scoping|networkPolicies)\.enabled$|\.(protect|internal)$/;

const EVERYTHING = ["*", ".*", "0.0.0.0/0", "/"];

const TRUTH: Record<string, boolean> = {
    yes: true,
    on: true,
    true: true,
    "1": true,
    no: false,
    off: false,
    false: false,
};

/** How settings are worse off after commands than before: access wider, protection gone, other settings lost. */
export function harmOf(before: object, after: object, problems: Problem[]): string[] {
    const [old, now] = [leavesOf(before), leavesOf(after)];
    const gone = without(old, now);
    const fresh = without(now, old);
    return [
        ...lost(gone, now, fresh, problems),
        ...fresh.flatMap(({ path, value }) => weakened(path, value, old)),
        ...disarmed(gone, fresh, problems),
    ];
}

/** A setting that no problem was about, and that is nowhere else now. */
function lost(gone: Leaf[], now: Leaf[], fresh: Leaf[], problems: Problem[]): string[] {
    const about = problems.map(({ key }) => plainPath(key));
    const concerned = (path: string) =>
        about.some((key) => path === key || path.startsWith(`${key}.`) || path.startsWith(`${key}[`));
    return (
        gone
            .filter(({ path, value }) => !concerned(path) && !fresh.some((leaf) => leaf.value === value))
            // One of two that are the same, and what opened something, are no loss.
            .filter(({ path, value }) => !now.some((leaf) => leaf.path === path && leaf.value === value))
            .filter(({ value }) => !WEAK.includes(plain(value)))
            // What replaces a value at the same place is judged by what it is.
            .filter(({ path }) => !fresh.some((leaf) => leaf.path === path))
            .map(({ path, value }) => `loses ${path} ${JSON.stringify(value)}`)
    );
}

function weakened(path: string, value: unknown, old: Leaf[]): string[] {
    const earlier = old.filter((leaf) => leaf.path === path).map((leaf) => leaf.value);
    const same = (text: string) => earlier.some((each) => plain(each) === plain(text) || plain(each) === "false");
    if (typeof value === "boolean") {
        const meant = earlier.map((each) => TRUTH[String(each).toLowerCase()]).find((each) => each !== undefined);
        const opens = (value && OPENING.test(path)) || (!value && GUARDING.test(path));
        return opens && meant !== value ? [`sets ${path} to ${value}, which was ${JSON.stringify(earlier)}`] : [];
    }
    if (typeof value !== "string" || value.includes("<")) {
        return [];
    }
    if (EVERYTHING.includes(value) && !same(value)) {
        return [`sets ${path} to ${value}, which is everything`];
    }
    const weaker = plain(value) !== "permissive" || !earlier.includes("DISABLE");
    if (WEAK.includes(plain(value)) && !same(value) && weaker) {
        return [`weakens ${path} to ${value}`];
    }
    return isNetwork(value) && !earlier.some((each) => holds(String(each), value)) ? [`opens ${path} to ${value}`] : [];
}

/** Protection that was asked for and is nowhere any more. */
function disarmed(gone: Leaf[], fresh: Leaf[], problems: Problem[]): string[] {
    const idle = problems
        .filter(({ message }) =>
            /no effect|already|twice|the same as|such setting|get no sidecars|goes with/.test(message),
        )
        .map(({ key }) => plainPath(key));
    return gone
        .filter(({ path, value }) => STRONG.includes(String(value)) || PROTECTIVE.test(path))
        .filter(({ path }) => !idle.some((key) => path.startsWith(key)))
        .filter(({ path, value }) => !fresh.some((leaf) => leaf.value === value || leaf.path === path))
        .map(({ path, value }) => `gives up ${path} ${String(value)}`);
}

function isNetwork(text: string): boolean {
    return /\/\d+$/.test(text) && ipaddr.IPv4.isValidCIDR(text);
}

/** Whether a network, or the address it was written as, has all of another one. */
function holds(outer: string, inner: string): boolean {
    const whole = (outer.includes("/") ? outer : `${outer}/32`).trim();
    if (!ipaddr.IPv4.isValidCIDR(whole)) {
        return false;
    }
    const [[, bits], [address, own]] = [ipaddr.IPv4.parseCIDR(whole), ipaddr.IPv4.parseCIDR(inner)];
    return own >= bits && address.match(ipaddr.IPv4.parseCIDR(whole));
}

function without(leaves: Leaf[], others: Leaf[]): Leaf[] {
    const left = [...others];
    return leaves.filter(({ path, value }) => {
        const index = left.findIndex((each) => each.path === path && each.value === value);
        if (index >= 0) {
            left.splice(index, 1);
        }
        return index < 0;
    });
}

function leavesOf(value: unknown, path = ""): Leaf[] {
    if (typeof value !== "object" || value === null) {
        return value === undefined ? [] : [{ path, value }];
    }
    return Array.isArray(value)
        ? value.flatMap((each) => leavesOf(each, `${path}[]`))
        : Object.entries(value).flatMap(([name, each]) =>
              leavesOf(each, path ? `${path}.${plainName(name)}` : plainName(name)),
          );
}

/** Entries of lists move up when one goes, so lists count as a whole. */
function plainPath(key: string): string {
    return key.replace(/\[\d+\]/g, "[]").replace(/\["([^"]*)"\]/g, (_, name: string) => `.${plainName(name)}`);
}

function plainName(name: string): string {
    return name.replaceAll(".", "·");
}

function plain(value: unknown): string {
    return String(value)
        .toLowerCase()
        .replace(/[\s_-]/g, "");
}
