import type { Resource } from "./model";

/** URNs that a registration waits for: its dependencies, parent and provider. */
export function waitsFor(resource: Resource): string[] {
    const context = [resource.parent, resource.provider, resource.deletedWith].filter((urn) => urn !== null);
    return [...resource.dependencies, ...context];
}

/**
 * Resources in the order the program constructs them, but never before their dependencies. Registrations arrive in an
 * order that depends on how promises interleave, so that order must not be visible.
 */
export function inOrder(resources: Resource[], constructed: string[]): Resource[] {
    const rank = new Map(constructed.map((urn, index) => [urn, index]));
    const last = constructed.length;
    const byRank = [...resources].sort(
        (a, b) => (rank.get(a.urn) ?? last) - (rank.get(b.urn) ?? last) || compare(a.urn, b.urn),
    );
    const byUrn = new Map(byRank.map((resource) => [resource.urn, resource]));
    const ordered = new Set<Resource>();
    const place = (resource: Resource, waiting: Set<Resource>) => {
        if (ordered.has(resource) || waiting.has(resource)) {
            return;
        }
        waiting.add(resource);
        for (const urn of waitsFor(resource)) {
            const other = byUrn.get(urn);
            if (other) {
                place(other, waiting);
            }
        }
        ordered.add(resource);
    };
    for (const resource of byRank) {
        place(resource, new Set());
    }
    return [...ordered];
}

/** Code unit order, independent of the locale. */
export function compare(a: string, b: string): number {
    return a < b ? -1 : a > b ? 1 : 0;
}
