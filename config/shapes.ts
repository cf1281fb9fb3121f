import { distance } from "fastest-levenshtein";

/** OCPUs and memory in GB that a flexible shape has at most. */
interface Limits {
    ocpus: number;
    memoryInGbs: number;
}

const FLEXIBLE: Record<string, Limits | undefined> = {
    "VM.DenseIO.E4.Flex": undefined,
    "VM.DenseIO.E5.Flex": undefined,
    "VM.Optimized3.Flex": { ocpus: 18, memoryInGbs: 256 },
    "VM.Standard.A1.Flex": { ocpus: 80, memoryInGbs: 512 },
    "VM.Standard.A2.Flex": { ocpus: 78, memoryInGbs: 946 },
    "VM.Standard.A4.Flex": undefined,
    "VM.Standard.E3.Flex": undefined,
    "VM.Standard.E4.Flex": undefined,
    "VM.Standard.E5.Flex": undefined,
    "VM.Standard.E6.Flex": undefined,
    "VM.Standard3.Flex": { ocpus: 32, memoryInGbs: 512 },
};

const sized = (family: string, sizes: (number | string)[]) => sizes.map((size) => `${family}.${size}`);

const FIXED = [
    ...sized("VM.Standard1", [1, 2, 4, 8, 16]),
    ...sized("VM.Standard2", [1, 2, 4, 8, 16, 24]),
    ...sized("VM.Standard.E2", [1, 2, 4, 8]),
    ...sized("VM.DenseIO2", [8, 16, 24]),
    ...sized("VM.GPU2", [1]),
    ...sized("VM.GPU3", [1, 2, 4]),
    ...sized("VM.GPU.A10", [1, 2]),
    ...sized("BM.Standard2", [52]),
    ...sized("BM.Standard3", [64]),
    ...sized("BM.Standard.A1", [160]),
    ...sized("BM.Standard.A4", [48]),
    ...sized("BM.Standard.E2", [64]),
    ...sized("BM.Standard.E3", [128]),
    ...sized("BM.Standard.E4", [128]),
    ...sized("BM.Standard.E5", [192]),
    ...sized("BM.Standard.E6", [256]),
    ...sized("BM.DenseIO2", [52]),
    ...sized("BM.DenseIO.E4", [128]),
    ...sized("BM.DenseIO.E5", [128]),
    ...sized("BM.Optimized3", [36]),
    ...sized("BM.HPC2", [36]),
    ...sized("BM.GPU2", [2]),
    ...sized("BM.GPU3", [8]),
    ...sized("BM.GPU4", [8]),
    ...sized("BM.GPU.A10", [4]),
    ...sized("BM.GPU.A100-v2", [8]),
    ...sized("BM.GPU.L40S", [4]),
    ...sized("BM.GPU.H100", [8]),
    ...sized("BM.GPU.H200", [8]),
];

/**
 * Compute shapes for OKE's managed nodes.
 * https://docs.oracle.com/en-us/iaas/Content/Compute/References/computeshapes.htm
 */
const KNOWN = [...Object.keys(FLEXIBLE), ...FIXED];

/** Limits of a flexible shape, where this program knows them. */
export function limitsOf(shape: string): Limits | undefined {
    return FLEXIBLE[shape];
}

export function isKnownShape(shape: string): boolean {
    return KNOWN.includes(shape);
}

/**
 * The shape that was most likely meant by one that does not exist. None for a shape that exists, and for one of a family
 * and generation younger than this table, such as VM.Standard.E7.Flex.
 */
export function intendedShape(shape: string): string | undefined {
    if (isKnownShape(shape) || isNewer(shape)) {
        return undefined;
    }
    const wanted = shape.trim().toLowerCase();
    const candidates = [wanted, `${wanted}.flex`].flatMap((name) =>
        KNOWN.map((known) => ({ known, far: distance(name, known.toLowerCase()) })),
    );
    const [near] = candidates.sort((one, other) => one.far - other.far);
    return near !== undefined && near.far <= 3 ? near.known : undefined;
}

/** Whether a shape differs from known ones by a higher number only, and could have come since. */
function isNewer(shape: string): boolean {
    const skeleton = (name: string) => name.replace(/\d+/g, "#");
    const generation = (name: string) => Number(/\d+/.exec(name)?.[0]);
    const family = KNOWN.filter((known) => skeleton(known) === skeleton(shape)).map(generation);
    return family.length > 0 && generation(shape) > Math.max(...family);
}
