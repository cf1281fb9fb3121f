import type { ExposedService } from "../../../components/mesh/meshService";

/** A service that is exposed whole. */
export const service: ExposedService = {
    name: "shop",
    host: "shop",
    namespace: "shop",
    port: 80,
    protocol: "http",
    versions: {},
    selector: { app: "shop" },
    serviceAccount: "shop",
    exposure: { hosts: ["shop.example.com"], paths: [{ prefix: "/" }] },
};
