import type { Mesh } from "../mesh/mesh";

/** Mermaid stops drawing at 500 edges, and nobody reads that many. */
const mostServices = 40;

/** A Mermaid diagram of clients -> gateways -> services -> versions. Empty without a gateway or service. */
export function renderMermaid(mesh: Mesh): string {
    const routed = mesh.services.filter(({ id }) => mesh.routes.some(({ service }) => service === id));
    const others = mesh.services.filter((service) => !routed.includes(service));
    const services = [...routed, ...others].slice(0, mostServices);
    const left = mesh.services.length - services.length;
    if (services.length + mesh.gateways.length === 0) {
        return "";
    }
    const id = identifiers();
    const drawn = new Set([...services, ...mesh.gateways].map((node) => node.id));
    return [
        "flowchart LR",
        ...(mesh.gateways.length > 0 ? ['    clients(["clients"])'] : []),
        ...mesh.gateways.flatMap((gateway) => [
            `    ${id(`gateway ${gateway.id}`)}{{"${label(gateway.name, ...gateway.listeners)}"}}`,
            `    clients --> ${id(`gateway ${gateway.id}`)}`,
        ]),
        ...services.map((service) => `    ${id(service.id)}["${label(service.name, `port ${service.ports}`)}"]`),
        ...mesh.routes
            .filter(({ gateway, service }) => drawn.has(gateway) && drawn.has(service))
            .map(({ gateway, service, paths }) => {
                const words = paths ? `|"${label(shortened(paths))}"|` : "";
                return `    ${id(`gateway ${gateway}`)} -->${words} ${id(service)}`;
            }),
        ...mesh.versions
            .filter(({ service }) => drawn.has(service))
            .flatMap((version) => [
                `    ${id(version.id)}("${label(version.name)}")`,
                `    ${id(version.service)} ${arrow(version.share)} ${id(version.id)}`,
            ]),
        ...(left > 0 ? [`    more["… and ${left} more services"]`] : []),
        "",
    ].join("\n");
}

/** A version that plain requests never reach hangs on a dotted line. */
function arrow(share: number | undefined): string {
    if (share === undefined) {
        return "-->";
    }
    return share === 0 ? "-.->" : `-->|"${share}%"|`;
}

/** Names that a diagram may have for its nodes. */
export function identifiers(): (name: string) => string {
    const ids = new Map<string, string>();
    return (name) => ids.get(name) ?? ids.set(name, `n${ids.size}`).get(name)!;
}

/** Lines of a node, safe inside double quotes. */
export function label(...lines: string[]): string {
    return lines.map(escaped).join("<br/>");
}

/** Mermaid writes special characters as `#code;`; markup of any kind must not come through from a name. */
function escaped(text: string): string {
    return text.replace(/[^\p{L}\p{N} .,:/*…_-]/gu, (character) => `#${character.codePointAt(0)};`);
}

/** A text that fits beside an arrow. */
export function shortened(text: string): string {
    return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
