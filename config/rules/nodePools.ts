import { removeCommand, setCommand, type Problem } from "../problems";
import type { NodePoolSettings } from "../schema/cluster";
import type { Rule } from "./rule";

/** Pods an instance can hold for each VNIC after its first, and at most: OKE, "VCN-native pod networking". */
const PODS_PER_VNIC = 31;

const FIXED_SHAPE_VNICS: Record<string, number> = { ".1": 2, ".2": 2, ".4": 4, ".8": 8, ".16": 16, ".24": 24 };

/** Judges each node pool of a new cluster by itself. */
export function eachPool(judge: (pool: NodePoolSettings, key: string, vcnNative: boolean) => Problem[]): Rule {
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
                  message: `is ${shape}, a shape of virtual nodes, which cannot run Istio's sidecars; use managed nodes`,
                  fix: [setCommand(`${key}.shape`, "VM.Standard.E5.Flex")],
              },
          ]
        : [],
);

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

/**
 * Labels that a kubelet may not give its own node, so that the node could not join, or that it sets to what the node is, such
 * as its zone: pods are spread by those.
 * https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#noderestriction
 */
const labelsOfNodes = eachPool(({ labels }, key) =>
    Object.keys(labels)
        .filter((label) => /(^|\.)(kubernetes|k8s)\.io\//.test(label))
        .filter((label) => !/^(.*\.)?(kubelet|node)\.kubernetes\.io\//.test(label))
        .map((label) => ({
            key: `${key}.labels["${label}"]`,
            message: "is reserved for Kubernetes, which sets it to what the node is or refuses the node",
            fix: [removeCommand(`${key}.labels["${label}"]`)],
        })),
);

/** Nodes that a pool always has, and at most. */
export const fewestNodes = ({ size, autoscaling }: NodePoolSettings) => autoscaling?.min ?? size;
export const mostNodes = ({ size, autoscaling }: NodePoolSettings) => autoscaling?.max ?? size;

const rangeHoldsSize = eachPool(({ size, autoscaling }, key) => {
    if (autoscaling === undefined) {
        return [];
    }
    const { min, max } = autoscaling;
    if (max < min) {
        const at = `${key}.autoscaling.max`;
        return [{ key: at, message: `is ${max}, below ${key}.autoscaling.min ${min}`, fix: [setCommand(at, min)] }];
    }
    const nearest = Math.min(Math.max(size, min), max);
    const message = `is ${size}, outside of ${key}.autoscaling, ${min} to ${max}: the pool starts with that size`;
    return nearest === size ? [] : [{ key: `${key}.size`, message, fix: [setCommand(`${key}.size`, nearest)] }];
});

/** The autoscaler itself needs a node to run on. */
const someNodeStays: Rule = ({ cluster }) =>
    cluster?.source === "new" &&
    cluster.nodePools.some(({ autoscaling }) => autoscaling) &&
    cluster.nodePools.every((pool) => fewestNodes(pool) === 0)
        ? cluster.nodePools
              .flatMap(({ autoscaling }, index) =>
                  autoscaling
                      ? [
                            {
                                key: `cluster.nodePools[${index}].autoscaling.min`,
                                message: "is 0, and no other pool keeps a node, which the autoscaler and istiod run on",
                                fix: [setCommand(`cluster.nodePools[${index}].autoscaling.min`, 1)],
                            },
                        ]
                      : [],
              )
              .slice(0, 1)
        : [];

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

export const nodePoolRules = [
    noVirtualNodes,
    podsFitShape,
    cyclingMoves,
    rangeHoldsSize,
    someNodeStays,
    labelsOfNodes,
    uniqueNames,
];

/** VNICs a shape can have; undefined for shapes this program does not know. */
function vnicsOf({ shape, ocpus }: NodePoolSettings): number | undefined {
    if (shape.endsWith(".Flex")) {
        return ocpus === undefined ? undefined : Math.min(Math.max(2, Math.floor(ocpus)), 24);
    }
    return /^VM\.Standard[12]\.\d+$/.test(shape) ? FIXED_SHAPE_VNICS[shape.slice(shape.lastIndexOf("."))] : undefined;
}
