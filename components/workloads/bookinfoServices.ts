import type { Exposure, MeshService, PathMatch } from "../mesh/meshService";

/** One Deployment of Bookinfo. */
export interface BookinfoVersion {
    /** Label `version` of its pods. */
    version: "v1" | "v2" | "v3";
    /** The container needs scratch space where its server writes at start. */
    scratchDirectories: string[];
    /** Environment variables of the container. @default none */
    environment?: Record<string, string>;
}

/** In the order of the guide's diagram. */
export const BOOKINFO_NAMES = ["productpage", "details", "reviews", "ratings"] as const;

/** One service of Bookinfo. */
export interface BookinfoService {
    /** Name of the Service, and start of the names of its Deployments. */
    name: (typeof BOOKINFO_NAMES)[number];
    /** Its Deployments. */
    versions: BookinfoVersion[];
    /** Annotations of the pods. @default none */
    podAnnotations?: Record<string, string>;
    /** What of it the outside may call. @default nothing */
    page?: Omit<Exposure, "hosts">;
}

export const BOOKINFO_PORT = 9080;

export const BOOKINFO_NAMESPACE = "bookinfo";

/** Reviews runs on WebSphere Liberty, which writes its logs and its working files while it starts. */
const liberty = {
    scratchDirectories: ["/tmp", "/opt/ibm/wlp/output"],
    environment: { LOG_DIR: "/tmp/logs" },
};

const plain = { scratchDirectories: ["/tmp"] };

/** What of productpage the outside may call. */
const PUBLIC_PATHS: PathMatch[] = [
    { exact: "/productpage" },
    { prefix: "/static" },
    { exact: "/login" },
    { exact: "/logout" },
    { prefix: "/api/v1/products" },
];

/** How productpage is open. */
const PAGE = {
    paths: PUBLIC_PATHS,
    // Readers everywhere, and the form that signs in.
    operations: [
        { methods: ["GET", "HEAD"], paths: PUBLIC_PATHS },
        { methods: ["POST"], paths: [{ exact: "/login" }] },
    ],
    application: "bookinfo",
};

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
        page: PAGE,
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

/** Names of the Deployments and of their images. */
export const BOOKINFO_IMAGES = BOOKINFO_SERVICES.flatMap(({ name, versions }) =>
    versions.map(({ version }) => `${name}-${version}` as const),
);

/** The calls between services, from the guide's diagram of the application. */
export const BOOKINFO_CALLS: Record<string, string[]> = {
    productpage: ["details", "reviews"],
    reviews: ["ratings"],
};

/** Bookinfo as routes and policies see it, with productpage open at `hosts`. */
export function bookinfoMeshServices(namespace: string, hosts: string[]): MeshService[] {
    return BOOKINFO_SERVICES.map(({ name, versions, page }) => ({
        name,
        host: name,
        namespace,
        port: BOOKINFO_PORT,
        containerPort: BOOKINFO_PORT,
        protocol: "http",
        versions: Object.fromEntries(versions.map(({ version }) => [version, { version }])),
        selector: { app: name },
        serviceAccount: `bookinfo-${name}`,
        ...(page && { exposure: { hosts, ...page } }),
    }));
}
