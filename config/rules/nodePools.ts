import { removeCommand, setCommand, type Problem } from "../problems";
import type { NodePoolSettings } from "../schema/cluster";
import { usableAddresses } from "./network";
import type { Rule } from "./rule";

/** Pods an instance can hold for each VNIC after its first, and at most: OKE, "VCN-native pod networking". */
const PODS_PER_VNIC = 31;

const FIXED_SHAPE_VNICS: Record<string, number> = { ".1": 2, ".2": 2, ".4": 4, ".8": 8, ".16": 16, ".24": 24 };

/** Judges each node pool of a new cluster by itself. */
function eachPool(judge: (pool: NodePoolSettings, key: string, vcnNative: boolean) => Problem[]): Rule {
    return ({ cluster }) =>
        cluster?.source === "new"
            ? cluster.nodePools.flatMap((pool, index) =>
                  judge(pool, `cluster.nodePools[${index}]`, cluster.cni === "OCI_VCN_IP_NATIVE"),
              )
            : [];
}

const noVirtualNodes = eachPool(({ shape }, key) =>
    shape.startsWith("Pod.")
        ? [
              {
                  key: `${key}.shape`,
                  message: `is ${shape}, a shape of virtual nodes; Istio's sidecars cannot run there, use managed nodes`,
                  fix: [setCommand(`${key}.shape`, "VM.Standard.E5.Flex")],
              },
          ]
        : [],
);

const flexibleShapesHaveSize = eachPool((pool, key) => {
    const sizes = ["ocpus", "memoryInGbs"] as const;
    if (pool.shape.endsWith(".Flex")) {
        return sizes
            .filter((size) => pool[size] === undefined)
            .map((size) => ({
                key: `${key}.${size}`,
                message: `is missing; the flexible shape ${pool.shape} needs it`,
                fix: [setCommand(`${key}.${size}`, size === "ocpus" ? 2 : 16)],
            }));
    }
    return sizes
        .filter((size) => pool[size] !== undefined)
        .map((size) => ({
            key: `${key}.${size}`,
            message: `is ${pool[size]}, but ${pool.shape} has a fixed size`,
            fix: [removeCommand(`${key}.${size}`)],
        }));
});

const memoryPerOcpu = eachPool(({ ocpus, memoryInGbs }, key) => {
    if (ocpus === undefined || memoryInGbs === undefined || (memoryInGbs >= ocpus && memoryInGbs <= 64 * ocpus)) {
        return [];
    }
    return [
        {
            key: `${key}.memoryInGbs`,
            message: `is ${memoryInGbs} for ${ocpus} OCPUs, must be from ${ocpus} to ${64 * ocpus} (1 to 64 GB each)`,
            fix: [setCommand(`${key}.memoryInGbs`, 8 * ocpus)],
        },
    ];
});

const podsFitShape = eachPool((pool, key, vcnNative) => {
    const vnics = vnicsOf(pool);
    const most = vnics && Math.min((vnics - 1) * PODS_PER_VNIC, 110);
    if (!vcnNative || most === undefined || pool.maxPodsPerNode <= most) {
        return [];
    }
    const shape = pool.ocpus === undefined ? pool.shape : `${pool.shape} with ${pool.ocpus} OCPUs`;
    return [
        {
            key: `${key}.maxPodsPerNode`,
            message: `is ${pool.maxPodsPerNode}, but ${shape} has ${vnics} VNICs, enough for ${most} pods`,
            fix: [setCommand(`${key}.maxPodsPerNode`, most)],
        },
    ];
});

const cyclingMoves = eachPool(({ cycling }, key) => {
    const none = (amount?: string) => amount !== undefined && Number.parseInt(amount) === 0;
    return none(cycling?.maximumSurge) && none(cycling?.maximumUnavailable)
        ? [
              {
                  key: `${key}.cycling.maximumSurge`,
                  message: "is 0 like maximumUnavailable, so no node could ever be replaced",
                  fix: [setCommand(`${key}.cycling.maximumSurge`, "1")],
              },
          ]
        : [];
});

const uniqueNames: Rule = ({ cluster }) => {
    const names = cluster?.source === "new" ? cluster.nodePools.map(({ name }) => name) : [];
    return names.flatMap((name, index) =>
        names.indexOf(name) < index
            ? [
                  {
                      key: `cluster.nodePools[${index}].name`,
                      message: `is ${name}, the name of cluster.nodePools[${names.indexOf(name)}] already`,
                      fix: [setCommand(`cluster.nodePools[${index}].name`, `${name}-${index + 1}`)],
                  },
              ]
            : [],
    );
};

const poolsFitSubnets: Rule = ({ cluster, network }) => {
    if (cluster?.source !== "new" || network?.source !== "new") {
        return [];
    }
    const nodes = sum(cluster.nodePools.map(({ size }) => size));
    const pods = sum(cluster.nodePools.map(({ size, maxPodsPerNode }) => size * maxPodsPerNode));
    const needs = { workers: nodes, ...(cluster.cni === "OCI_VCN_IP_NATIVE" ? { pods } : {}) };
    return Object.entries(needs).flatMap(([role, count]) => {
        const range = network.subnets[role as keyof typeof needs];
        const usable = usableAddresses(range);
        const message = `is ${range} with ${usable} addresses, but the node pools need ${count}`;
        const key = `network.subnets.${role}`;
        return count > usable ? [{ key, message, fix: [setCommand(key, "<a larger range>")] }] : [];
    });
};

export const nodePoolRules = [
    noVirtualNodes,
    flexibleShapesHaveSize,
    memoryPerOcpu,
    podsFitShape,
    cyclingMoves,
    uniqueNames,
    poolsFitSubnets,
];

/** VNICs a shape can have; undefined for shapes this program does not know. */
function vnicsOf({ shape, ocpus }: NodePoolSettings): number | undefined {
    if (shape.endsWith(".Flex")) {
        return ocpus === undefined ? undefined : Math.min(Math.max(2, Math.floor(ocpus)), 24);
    }
    return /^VM\.Standard[12]\.\d+$/.test(shape) ? FIXED_SHAPE_VNICS[shape.slice(shape.lastIndexOf("."))] : undefined;
}

function sum(numbers: number[]): number {
    return numbers.reduce((total, number) => total + number, 0);
}
