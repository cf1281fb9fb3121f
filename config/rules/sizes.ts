import { runningRevisions } from "../../components/istio/revisions";
import { LEGACY_CLIENTS } from "../../components/workloads/clientWorkloads";
import { BOOKINFO_IMAGES } from "../../components/workloads/bookinfoServices";
import { setCommand } from "../problems";
import type { Settings } from "../schema";
import type { NodePoolSettings } from "../schema/cluster";
import { fewestNodes, mostNodes } from "./nodePools";
import { onMesh, type Rule } from "./rule";
import { SYSTEM_NAMESPACES } from "./systemNamespaces";

/** Pods that OKE itself runs on each node (CNI, kube-proxy, proxymux, CSI driver), and once in the cluster (DNS, add-ons). */
const SYSTEM_PODS = { perNode: 4, perCluster: 9 };

const rangesAreRanges: Rule = (settings) =>
    (["istio", "gateway"] as const).flatMap((section) => {
        const { min = 1, max = 1 } = settings[section]?.replicas ?? {};
        const key = `${section}.replicas.max`;
        const message = `is ${max}, below ${section}.replicas.min ${min}`;
        return max < min ? [{ key, message, fix: [setCommand(key, min)] }] : [];
    });

/** Two replicas on one node survive nothing. */
const replicasHaveNodes: Rule = (settings) => {
    const nodes = nodeCount(settings);
    if (nodes === undefined) {
        return [];
    }
    const growing = firstPool(settings)?.autoscaling !== undefined;
    const replicas = {
        "istio.replicas.min": settings.istio?.replicas.min ?? 1,
        "gateway.replicas.min": settings.gateway?.replicas.min ?? 1,
        "bookinfo.replicas": settings.bookinfo?.enabled ? settings.bookinfo.replicas : 1,
    };
    return Object.entries(replicas)
        .filter(([, count]) => count > 1 && nodes < 2)
        .map(([key, count]) => ({
            key,
            message: `is ${count}, but the node pools have ${nodes === 1 ? "one node" : "no node"}: replicas need nodes to spread over`,
            fix: [...(growing ? [] : [setCommand("cluster.nodePools[0].size", 3)]), setCommand(key, 1)],
        }));
};

const podsFitCluster = onMesh(({ clients, external }, settings) => {
    const { cluster, istio, gateway, bookinfo, addons, egress } = settings;
    if (cluster?.source !== "new" || !istio) {
        return [];
    }
    const nodes = cluster.nodePools.reduce((total, pool) => total + mostNodes(pool), 0);
    const room = cluster.nodePools.reduce((total, pool) => total + mostNodes(pool) * pool.maxPodsPerNode, 0);
    const application = bookinfo.enabled ? BOOKINFO_IMAGES.length * bookinfo.replicas : 0;
    const system = SYSTEM_PODS.perCluster + SYSTEM_PODS.perNode * nodes;
    const extras = Object.values(addons).filter(({ enabled }) => enabled).length;
    const legacy = clients?.legacyNamespace === undefined ? 0 : LEGACY_CLIENTS.length;
    const callers = (clients?.workloads.length ?? 0) + legacy;
    const way = external.some(({ via }) => via === "gateway") ? egress.gateway.replicas.max : 0;
    const istiods = runningRevisions(istio).length * istio.replicas.max;
    const needed = system + istiods + gateway.replicas.max + way + application + callers + extras;
    return needed > room
        ? [
              {
                  key: "cluster.nodePools",
                  message: `have room for ${room} pods, but the cluster's own, the mesh's and Bookinfo's come to ${needed}`,
                  fix: [largerPool(cluster.nodePools[0])],
              },
          ]
        : [];
});

const ownNamespace: Rule = ({ bookinfo }) =>
    bookinfo?.enabled && ["default", ...SYSTEM_NAMESPACES].includes(bookinfo.namespace)
        ? [
              {
                  key: "bookinfo.namespace",
                  message: `is ${bookinfo.namespace}, which exists already; Bookinfo's namespace is created and deleted with it`,
                  fix: [setCommand("bookinfo.namespace", "bookinfo")],
              },
          ]
        : [];

export const sizeRules = [rangesAreRanges, replicasHaveNodes, podsFitCluster, ownNamespace];

/** Nodes that the pools of this program always have; undefined where it does not make them. */
function nodeCount({ cluster }: Partial<Settings>): number | undefined {
    return cluster?.source === "new"
        ? cluster.nodePools.reduce((total, pool) => total + fewestNodes(pool), 0)
        : undefined;
}

function firstPool({ cluster }: Partial<Settings>): NodePoolSettings | undefined {
    return cluster?.source === "new" ? cluster.nodePools[0] : undefined;
}

function largerPool(pool: NodePoolSettings | undefined): string {
    const key = pool?.autoscaling ? "cluster.nodePools[0].autoscaling.max" : "cluster.nodePools[0].size";
    return setCommand(key, (pool ? mostNodes(pool) : 0) + 1);
}
