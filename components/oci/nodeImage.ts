import * as containerengine from "@pulumi/oci/containerengine";
import * as pulumi from "@pulumi/pulumi";

export type Architecture = "x86_64" | "aarch64";

/** An image on offer for nodes, such as `Oracle-Linux-8.10-aarch64-2026.02.28-0-OKE-1.35.2-1402`. */
export interface NodeImage {
    imageId: string;
    sourceName: string;
}

/** What a node needs of its image. */
export interface NodeImageNeed {
    /** With its leading v, such as v1.34.2. The image must be for this exact version. */
    kubernetesVersion: string;
    architecture: Architecture;
}

/** The images OKE offers now for a Kubernetes version, of all architectures. */
export function nodeImages(
    args: { compartmentId: pulumi.Input<string>; kubernetesVersion: string },
    opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<NodeImage[]> {
    return containerengine.getNodePoolOptionOutput(
        { nodePoolOptionId: "all", compartmentId: args.compartmentId, nodePoolK8sVersion: args.kubernetesVersion },
        opts,
    ).sources;
}

/** The architecture of a shape: A1, A2 and A4 are Arm, all others x86. */
export function architectureOf(shape: string): Architecture {
    return /\.Standard\.A\d+\b/.test(shape) ? "aarch64" : "x86_64";
}

const IMAGE_NAME = new RegExp(
    [
        /^Oracle-Linux-(?<major>\d+)\.\d+/, // GPU images carry more between here and the date, and so do not match
        /(?:-(?<architecture>aarch64|x86_64))?/, // x86 names leave it out
        /-(?<date>\d{4}\.\d{2}\.\d{2})-(?<revision>\d+)/,
        /-OKE-(?<kubernetes>\d+\.\d+\.\d+)-(?<build>\d+)$/,
    ]
        .map((part) => part.source)
        .join(""),
);

/**
 * The newest image for a Kubernetes version and an architecture, never one for GPUs.
 * Oracle Linux 8 is preferred to other releases: it is what Oracle documents for Istio, and its kernel has every module.
 */
export function newestImage(images: NodeImage[], need: NodeImageNeed, resource?: pulumi.Resource): string {
    const candidates = images.flatMap((image) => {
        const name = IMAGE_NAME.exec(image.sourceName)?.groups;
        const fits =
            name !== undefined &&
            `v${name.kubernetes}` === need.kubernetesVersion &&
            (name.architecture ?? "x86_64") === need.architecture;
        const [year, month, day] = name?.date?.split(".").map(Number) ?? [];
        const rank = [Number(name?.major === "8"), year, month, day, Number(name?.revision), Number(name?.build)];
        return fits ? [{ imageId: image.imageId, rank }] : [];
    });
    const [newest] = candidates.sort((one, other) => compare(other.rank, one.rank));
    if (newest === undefined) {
        const names = images.map(({ sourceName }) => `  ${sourceName}`).sort();
        const offer = names.length > 0 ? `On offer are:\n${names.join("\n")}` : "None are on offer.";
        throw new pulumi.ResourceError(
            `OKE has no ${need.architecture} node image for Kubernetes ${need.kubernetesVersion}: ` +
                `choose a version it has images for, or name an image in the node pool's imageId. ${offer}`,
            resource,
            true,
        );
    }
    return newest.imageId;
}

function compare(one: (number | undefined)[], other: (number | undefined)[]): number {
    const differences = one.map((value, index) => (value ?? 0) - (other[index] ?? 0));
    return differences.find((difference) => difference !== 0) ?? 0;
}
