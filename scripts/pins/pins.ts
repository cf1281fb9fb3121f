import { istioDashboards } from "../../components/addons/grafana";
import { ADDON_CHARTS } from "../../components/addons/versions";
import { CERT_MANAGER } from "../../components/certificates/certManager";
import { GATEWAY_API_MANIFEST } from "../../components/gatewayApi/crds";
import { COLLECTOR } from "../../components/istio/tracing/collector";
import {
    BOOKINFO_TAG,
    CHART_REPOSITORY,
    IMAGE_HUB,
    ISTIO_VERSION,
    NEWEST_PATCHES,
} from "../../components/istio/versions";
import { BOOKINFO_SERVICES } from "../../components/workloads/bookinfoServices";
import { CLIENTS } from "../../components/workloads/clientWorkloads";

/** Something that another project publishes and this program pins by version. */
export type Pin =
    | { kind: "chart"; name: string; repository: string; version: string }
    | { kind: "image"; name: string }
    | { kind: "file"; url: string }
    /** The newest patch of a minor of Istio. */
    | { kind: "patch"; minor: string; version: string };

const istioCharts = ["base", "istiod", "gateway", "cni"].map((chart) => ({
    chart,
    repository: CHART_REPOSITORY,
    version: ISTIO_VERSION,
}));

const charts = [...istioCharts, ...Object.values(ADDON_CHARTS), COLLECTOR, CERT_MANAGER];

const images = [
    ...["pilot", "proxyv2", "install-cni"].map((image) => `${IMAGE_HUB}/${image}:${ISTIO_VERSION}`),
    ...BOOKINFO_SERVICES.flatMap(({ name, versions }) =>
        versions.map(({ version }) => `${IMAGE_HUB}/examples-bookinfo-${name}-${version}:${BOOKINFO_TAG}`),
    ),
    ...Object.values(CLIENTS).map(({ image }) => image),
];

const files = [GATEWAY_API_MANIFEST, ...Object.values(istioDashboards(ISTIO_VERSION)).map(({ url }) => url)];

/** Every chart, image, file and release that the program pins. */
export const PINS: Pin[] = [
    ...charts.map(({ chart, repository, version }): Pin => ({ kind: "chart", name: chart, repository, version })),
    ...images.map((name): Pin => ({ kind: "image", name })),
    ...files.map((url): Pin => ({ kind: "file", url })),
    ...Object.entries(NEWEST_PATCHES.patches).map(([minor, version]): Pin => ({ kind: "patch", minor, version })),
];
