import type { MeshService, PathMatch } from "../mesh/meshService";

/** One Deployment of Bookinfo. */
export interface BookinfoVersion {
    version: "v1" | "v2" | "v3";
    /** The container needs scratch space where its server writes at start. */
    scratchDirectories: string[];
    environment?: Record<string, string>;
}

export interface BookinfoService {
    name: "productpage" | "details" | "reviews" | "ratings";
    versions: BookinfoVersion[];
    /** Annotations of the pods. */
    podAnnotations?: Record<string, string>;
}

export const BOOKINFO_PORT = 9080;

/** Reviews runs on WebSphere Liberty, which writes its logs and its working files while it starts. */
const liberty = {
    scratchDirectories: ["/tmp", "/opt/ibm/wlp/output"],
    environment: { LOG_DIR: "/tmp/logs" },
};

const plain = { scratchDirectories: ["/tmp"] };

/** The application of the guide's diagram: four services, of which reviews has three versions. */
export const BOOKINFO_SERVICES: BookinfoService[] = [
    {
        name: "productpage",
        versions: [{ version: "v1", ...plain }],
        podAnnotations: {
            "prometheus.io/scrape": "true",
            "prometheus.io/port": String(BOOKINFO_PORT),
            "prometheus.io/path": "/metrics",
        },
    },
    { name: "details", versions: [{ version: "v1", ...plain }] },
    {
        name: "reviews",
        versions: [
            { version: "v1", ...liberty },
            { version: "v2", ...liberty },
            { version: "v3", ...liberty },
        ],
    },
    { name: "ratings", versions: [{ version: "v1", ...plain }] },
];

/** What of productpage the outside may call. */
const PUBLIC_PATHS: PathMatch[] = [
    { exact: "/productpage" },
    { prefix: "/static" },
    { exact: "/login" },
    { exact: "/logout" },
    { prefix: "/api/v1/products" },
];

/** Readers everywhere, and the form that signs in. */
const PUBLIC_OPERATIONS = [
    { methods: ["GET", "HEAD"], paths: PUBLIC_PATHS },
    { methods: ["POST"], paths: [{ exact: "/login" }] },
];

/** The calls between services, from the guide's diagram of the application. */
export const BOOKINFO_CALLS: Record<string, string[]> = {
    productpage: ["details", "reviews"],
    reviews: ["ratings"],
};

/** Bookinfo as routes and policies see it, with productpage open at `hosts`. */
export function bookinfoMeshServices(namespace: string, hosts: string[]): MeshService[] {
    return BOOKINFO_SERVICES.map(({ name, versions }) => ({
        name,
        host: name,
        namespace,
        port: BOOKINFO_PORT,
        protocol: "http",
        versions: Object.fromEntries(versions.map(({ version }) => [version, { version }])),
        selector: { app: name },
        serviceAccount: `bookinfo-${name}`,
        ...(name === "productpage" && { exposure: { hosts, paths: PUBLIC_PATHS, operations: PUBLIC_OPERATIONS } }),
    }));
}
