import { carries } from "../../mesh/objects";
import { meshOf, type Mesh, type MeshService, type Version } from "../../mesh/mesh";
import { isRefused, type Access } from "../../mesh/posture/access";
import { knownAfterApply } from "../../kubernetesObject";
import type { Plan } from "../../model";
import type { Arrow, ArrowKind, Box, Frame, Picture } from "./picture";

/** Nobody reads more, and Mermaid stops at 500 arrows. */
const mostServices = 40;

const CLIENTS = "clients";
const EGRESS = "egress gateway";
const OTHERS = "other hosts";

/**
 * The mesh: clients, gateways, services with the shares of their versions, faults and copies of requests, who calls whom,
 * and what is called outside. Without boxes if there is neither gateway nor service.
 */
export function meshPicture(plan: Plan): Picture {
    const mesh = meshOf(plan);
    const routed = mesh.services.filter(({ id }) => mesh.routes.some(({ service }) => service === id));
    const others = mesh.services.filter((service) => !routed.includes(service));
    const services = [...routed, ...others].slice(0, mostServices);
    const left = mesh.services.length - services.length;
    const boxes = [
        ...(mesh.gateways.length > 0 ? [box(CLIENTS, "outside", ["clients"])] : []),
        ...mesh.gateways.map(({ id, name, kind, listeners, urns }) =>
            box(gatewayId(id), "gateway", [name, kind, ...listeners], { urns }),
        ),
        ...services.flatMap((service) => serviceBoxes(service, mesh)),
        ...accountBoxes(mesh, services),
        ...(left > 0 ? [box("more", "plain", [`… and ${left} more services`])] : []),
        ...(mesh.places.some(({ injected }) => injected) ? externalBoxes(mesh) : []),
    ];
    const drawn = new Set(boxes.map(({ id }) => id));
    const frames = mesh.places
        .filter(({ namespace }) => boxes.some(({ frame }) => frame === namespace))
        .map(({ namespace, injected, mode }): Frame => ({
            id: namespace,
            title: injected ? `${namespace}, mutual TLS ${mode}` : `${namespace}, no sidecars`,
        }));
    const ends = new Set([...drawn, ...frames.map(({ id }) => id)]);
    const arrows = [
        ...mesh.gateways.map(({ id }) => arrow(CLIENTS, gatewayId(id), "flow")),
        ...mesh.routes.map(({ gateway, service, paths }) => {
            const kind = kindOf(mesh.fromGateway.get(service));
            const words = [paths, kind === "refused" ? "refused" : ""].filter(Boolean);
            return arrow(gatewayId(gateway), service, kind, words);
        }),
        ...services.flatMap((service) => shareArrows(service, mesh)),
        ...callArrows(mesh),
        ...outsideArrows(mesh),
        ...externalArrows(mesh),
    ].filter(({ from, to }) => ends.has(from) && ends.has(to));
    return {
        about: aboutOf(mesh),
        boxes,
        arrows: arrows.map((each) => ({ ...each, length: columnsOf(each.from, boxes, arrows) })),
        frames,
    };
}

/** An arrow that is longer than a picture is high. */
const mostColumns = 10;

/** The columns of a frame, which an arrow from it has to pass; 1 for a box. */
function columnsOf(frame: string, boxes: Box[], arrows: Arrow[]): number {
    const inside = new Set(boxes.filter((each) => each.frame === frame).map(({ id }) => id));
    const depths = new Map<string, number>();
    const depth = (id: string): number => {
        if (!depths.has(id)) {
            // What calls back to it counts once.
            depths.set(id, 1);
            const next = arrows.filter(({ from, to }) => from === id && inside.has(to));
            depths.set(id, 1 + Math.max(0, ...next.map(({ to }) => depth(to))));
        }
        return depths.get(id)!;
    };
    return Math.min(mostColumns, Math.max(1, ...[...inside].map(depth)));
}

function box(id: string, kind: Box["kind"], lines: string[], more: Partial<Box> = {}): Box {
    return { id, kind, lines, urns: [], ...more };
}

function arrow(from: string, to: string, kind: ArrowKind, lines: string[] = []): Arrow {
    return { from, to, kind, lines, urns: [] };
}

function gatewayId(id: string): string {
    return `gateway ${id}`;
}

/** A service and its versions; a single version is part of the service's box. */
function serviceBoxes({ id, name, ports, routing, urns }: MeshService, mesh: Mesh): Box[] {
    const versions = versionsOf(id, mesh);
    const [only] = versions;
    const frame = namespaceOf(id, mesh);
    const { faults, limits } = routing;
    const alone = isAlone(id, mesh);
    const about = [ports ? `port ${ports}` : "", alone && only && only.name !== name ? only.name : ""];
    const lines = [name, about.filter(Boolean).join(", "), ...faults, ...limits].filter(Boolean);
    const isMeshed = mesh.places.every(({ namespace, injected }) => namespace !== frame || injected);
    const kind = faults.length > 0 ? "troubled" : isMeshed ? "service" : "plain";
    return [
        // Routes show on the arrows to versions.
        box(id, kind, lines, {
            frame,
            urns: [...urns, ...routing.rules, ...(alone ? [...routing.routes, ...only!.urns] : [])],
        }),
        ...(alone ? [] : versions).map((version) =>
            box(version.id, "version", [version.name], { frame, urns: version.urns }),
        ),
    ];
}

/** Callers managed outside this stack, which only policies name. */
function accountBoxes({ accounts, calls }: Mesh, services: MeshService[]): Box[] {
    const drawn = new Set(services.map(({ id }) => id));
    return accounts
        .filter(({ id }) => calls.some(({ from, to }) => from === id && drawn.has(to)))
        .slice(0, mostServices)
        .map(({ id, name, namespace }) => box(id, "account", [name], { frame: namespace }));
}

function versionsOf(id: string, { versions }: Mesh): Version[] {
    return versions.filter(({ service }) => service === id);
}

/** Whether a service has one version, to which all requests go. */
function isAlone(id: string, mesh: Mesh): boolean {
    return versionsOf(id, mesh).length === 1;
}

function namespaceOf(id: string, { places }: Mesh): string | undefined {
    return places.find(({ namespace }) => id.startsWith(`${namespace}/`))?.namespace;
}

/** From a service to its versions: which requests, and copies of which. */
function shareArrows({ id, routing: { shares } }: MeshService, mesh: Mesh): Arrow[] {
    const routed = shares.some(({ copies }) => !copies);
    return (isAlone(id, mesh) ? [] : versionsOf(id, mesh)).flatMap((version) => {
        const own = shares.filter(({ labels }) => carries(version.labels, labels));
        const requests = own.filter(({ copies, words }) => !copies && words !== "0%").map(({ words }) => words);
        const copies = own.filter((share) => share.copies).map(({ words }) => words);
        const kind = !routed || requests.length > 0 ? "flow" : "idle";
        return [
            ...(kind === "idle" && copies.length > 0 ? [] : [arrow(id, version.id, kind, requests.filter(Boolean))]),
            ...(copies.length > 0 ? [arrow(id, version.id, "mirror", copies)] : []),
        ];
    });
}

/** Beyond this many permissions, the matrix shows them better. */
const mostAllowed = 40;

function callArrows({ calls }: Mesh): Arrow[] {
    const known = calls.filter((call) => call.known);
    const allowed = calls.filter((call) => !call.known);
    return [
        ...known.map(({ from, to, access }) => arrow(from, to, kindOf(access), accessWords(access))),
        ...(allowed.length > mostAllowed ? [] : allowed).map(({ from, to, access }) =>
            arrow(from, to, "allowed", accessWords(access)),
        ),
    ];
}

function kindOf(access: Access | undefined): ArrowKind {
    return access !== undefined && isRefused(access) ? "refused" : "flow";
}

/** What limits a call, if it can be said in a word or two. */
function accessWords(access: Access): string[] {
    return typeof access === "object" && access.only.length < 20 ? [access.only] : access === "none" ? ["refused"] : [];
}

/** From namespaces without sidecars to those with: what comes in plain text. */
function outsideArrows({ places, fromOutside }: Mesh): Arrow[] {
    const outside = places.filter(({ injected }) => !injected);
    const meshed = places.filter(({ injected }) => injected);
    return outside.flatMap(({ namespace: from }) =>
        meshed.flatMap(({ namespace: to }) => {
            const cells = [...fromOutside].filter(([id]) => id.startsWith(`${to}/`)).map(([, access]) => access);
            if (cells.length === 0) {
                return [];
            }
            const [refused, passing] = [cells.filter(isRefused), cells.filter((cell) => !isRefused(cell))];
            const words = passing.length > 0 ? "plain text" : refused.includes("cut off") ? "cut off" : "refused";
            return [arrow(from, to, passing.length > 0 ? "plain" : "refused", [words])];
        }),
    );
}

function externalBoxes({ externals, refusesOthers, bypasses }: Mesh): Box[] {
    return [
        ...(externals.some(({ viaGateway }) => viaGateway) ? [box(EGRESS, "gateway", ["egress gateway"])] : []),
        ...externals.map(({ name, hosts, ports, limits, urns }) =>
            box(
                `host ${name}`,
                "external",
                [...hosts.map((host) => (host === knownAfterApply ? name : host)), ...ports, ...limits],
                { urns },
            ),
        ),
        box(OTHERS, "external", [
            refusesOthers || externals.length > 0 ? "any other host" : "any host outside",
            ...(refusesOthers ? ["refused"] : []),
            ...bypasses,
        ]),
    ];
}

function externalArrows({ places, externals, refusesOthers, bypasses }: Mesh): Arrow[] {
    const callers = places.filter(({ injected }) => injected).map(({ namespace }) => namespace);
    const open = !refusesOthers || bypasses.length > 0;
    return [
        ...callers.flatMap((from) => [
            ...externals.map(({ name, viaGateway }) => arrow(from, viaGateway ? EGRESS : `host ${name}`, "flow")),
            arrow(from, OTHERS, open ? "flow" : "refused"),
        ]),
        ...externals.filter(({ viaGateway }) => viaGateway).map(({ name }) => arrow(EGRESS, `host ${name}`, "flow")),
    ];
}

function aboutOf({ gateways, services, versions }: Mesh): string {
    const names = services.map(({ name }) => name).join(", ");
    const ways = gateways.map(({ name, listeners }) => `${name} (${listeners.join("; ")})`).join(", ");
    return `${ways || "No gateway"}; services ${names || "none"} in ${versions.length} versions.`;
}
