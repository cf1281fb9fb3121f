import { strict as assert } from "node:assert";
import { architectureOf, newestImage, type Architecture } from "../../../components/oci/nodeImage";

const OFFER = [
    "Oracle-Linux-8.10-aarch64-2026.02.28-0-OKE-1.35.2-1402",
    "Oracle-Linux-8.10-2026.02.28-0-OKE-1.35.2-1402",
    "Oracle-Linux-8.10-2025.09.16-0-OKE-1.34.2-1330",
    "Oracle-Linux-8.10-2025.11.20-0-OKE-1.34.2-1345",
    "Oracle-Linux-8.10-2025.11.20-0-OKE-1.34.2-1389",
    "Oracle-Linux-8.10-2025.11.20-1-OKE-1.34.2-1350",
    "Oracle-Linux-8.10-aarch64-2025.09.16-0-OKE-1.34.2-1330",
    "Oracle-Linux-8.10-aarch64-2025.10.23-0-OKE-1.34.2-999",
    "Oracle-Linux-8.10-Gen2-GPU-2026.03.31-0-OKE-1.34.2-1500",
    "Oracle-Linux-8.10-2026.01.31-0-OKE-1.34.1-1400",
    "Oracle-Linux-9.7-2026.03.31-0-OKE-1.34.2-1501",
    "Oracle-Linux-9.7-2026.03.31-0-OKE-1.33.1-1501",
    "Oracle-Linux-9.7-Gen2-GPU-2026.04.30-0-OKE-1.33.1-1502",
    "Oracle-Linux-8.10-2026.04.30-0",
].map((sourceName) => ({ imageId: `id of ${sourceName}`, sourceName }));

describe("newestImage", () => {
    const choices: [string, string, Architecture, string][] = [
        [
            "the newest date, then revision, for x86",
            "v1.34.2",
            "x86_64",
            "Oracle-Linux-8.10-2025.11.20-1-OKE-1.34.2-1350",
        ],
        [
            "Arm for Arm, by date and not by build",
            "v1.34.2",
            "aarch64",
            "Oracle-Linux-8.10-aarch64-2025.10.23-0-OKE-1.34.2-999",
        ],
        [
            "the exact version, not its neighbours",
            "v1.34.1",
            "x86_64",
            "Oracle-Linux-8.10-2026.01.31-0-OKE-1.34.1-1400",
        ],
        [
            "another release when 8 is not on offer",
            "v1.33.1",
            "x86_64",
            "Oracle-Linux-9.7-2026.03.31-0-OKE-1.33.1-1501",
        ],
        ["a version above", "v1.35.2", "aarch64", "Oracle-Linux-8.10-aarch64-2026.02.28-0-OKE-1.35.2-1402"],
    ];
    for (const [what, kubernetesVersion, architecture, expected] of choices) {
        it(`is ${what}`, () => {
            for (const offer of [OFFER, [...OFFER].reverse()]) {
                assert.equal(newestImage(offer, { kubernetesVersion, architecture }), `id of ${expected}`);
            }
        });
    }

    it("compares builds as numbers", () => {
        const names = [
            "Oracle-Linux-8.10-2025.09.16-0-OKE-1.34.2-999",
            "Oracle-Linux-8.10-2025.09.16-0-OKE-1.34.2-1330",
        ];
        const offer = names.map((sourceName) => ({ imageId: sourceName, sourceName }));
        assert.equal(newestImage(offer, { kubernetesVersion: "v1.34.2", architecture: "x86_64" }), names[1]);
    });

    // The answer to "no image" is another version or image, and only the list says which.
    it("lists the available images if none matches, also if only GPU images remain", () => {
        const need = { kubernetesVersion: "v1.34.2", architecture: "x86_64" as const };
        const gpu = OFFER.filter(({ sourceName }) => sourceName.includes("GPU"));
        assert.throws(
            () => newestImage(gpu, need),
            /no x86_64 node image for Kubernetes v1\.34\.2.*imageId.*Gen2-GPU-2026\.03\.31-0-OKE-1\.34\.2-1500/s,
        );
        assert.throws(() => newestImage([], need), /None are on offer/);
    });
});

describe("architectureOf", () => {
    const shapes: [string, Architecture][] = [
        ["VM.Standard.A1.Flex", "aarch64"],
        ["VM.Standard.A2.Flex", "aarch64"],
        ["VM.Standard.A4.Flex", "aarch64"],
        ["BM.Standard.A1.160", "aarch64"],
        ["VM.Standard.E5.Flex", "x86_64"],
        ["VM.Standard3.Flex", "x86_64"],
        ["VM.GPU.A10.1", "x86_64"],
    ];
    for (const [shape, architecture] of shapes) {
        it(`of ${shape} is ${architecture}`, () => assert.equal(architectureOf(shape), architecture));
    }
});
