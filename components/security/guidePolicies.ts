import { BOOKINFO_CALLS, type BookinfoService } from "../workloads/bookinfoServices";
import { principal } from "./identity";
import { allowNothing, type Policy } from "./policy";

export type Viewer = BookinfoService["name"];

/**
 * The guide's policies for Bookinfo: allow-nothing, and of the four viewers those that are asked for. In its words, except
 * for the namespace, and for what a browser needs besides GET.
 * Guide: "Configuring Authorization".
 */
export function guidePolicies(namespace: string, trustDomain: string, viewers: Viewer[]): Policy[] {
    return [
        allowNothing(namespace),
        ...viewers.map((viewer) => viewerPolicy(viewer, namespace, trustDomain)),
        ...(viewers.includes("productpage") ? [browsing(namespace)] : []),
    ];
}

function viewerPolicy(viewer: Viewer, namespace: string, trustDomain: string): Policy {
    const callers = Object.entries(BOOKINFO_CALLS).filter(([, called]) => called.includes(viewer));
    const principals = callers.map(([caller]) =>
        principal(trustDomain, { namespace, serviceAccount: `bookinfo-${caller}` }),
    );
    return {
        name: `${viewer}-viewer`,
        namespace,
        spec: {
            selector: { matchLabels: { app: viewer } },
            action: "ALLOW",
            rules: [
                {
                    ...(principals.length > 0 && { from: [{ source: { principals } }] }),
                    to: [{ operation: { methods: ["GET"] } }],
                },
            ],
        },
    };
}

/** The guide's GET alone would refuse the form that signs in, which its steps with the user jason need, and monitors' HEAD. */
function browsing(namespace: string): Policy {
    return {
        name: "productpage-browsing",
        namespace,
        spec: {
            selector: { matchLabels: { app: "productpage" } },
            action: "ALLOW",
            rules: [
                {
                    to: [{ operation: { methods: ["POST"], paths: ["/login"] } }, { operation: { methods: ["HEAD"] } }],
                },
            ],
        },
    };
}
