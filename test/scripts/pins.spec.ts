import { strict as assert } from "node:assert";
import { ADDON_CHARTS } from "../../components/addons/versions";
import { ISTIO_VERSION, NEWEST_PATCHES, SUPPORTED_KUBERNETES } from "../../components/istio/versions";
import { checkPin, isBad, type Get } from "../../scripts/pins/check";
import { PINS, type Pin } from "../../scripts/pins/pins";
import { namesRegistry } from "../support/images";

const chart: Pin = { kind: "chart", name: "jaeger", repository: "https://charts.example.com", version: "4.11.1" };
const image: Pin = { kind: "image", name: "docker.io/curlimages/curl:8.16.0" };
const patch: Pin = { kind: "patch", minor: "1.31", version: "1.31.4" };

/** Answers by address; what is not there does not answer. */
function publisher(answers: Record<string, { status?: number; text?: string; challenge?: string }>): Get {
    return (url, headers = {}) => {
        const answer = answers[headers.Authorization ? `${headers.Authorization} ${url}` : url];
        return answer ? Promise.resolve({ status: 200, text: "", ...answer }) : Promise.reject(new Error("no answer"));
    };
}

const index = (...versions: string[]) =>
    JSON.stringify({ entries: { jaeger: versions.map((version) => ({ version })), other: [{ version: "9.0.0" }] } });

describe("a pinned chart", () => {
    const found = (text: string) => checkPin(chart, publisher({ "https://charts.example.com/index.yaml": { text } }));

    it("is published if the index has its version", async () => {
        assert.deepEqual(await found(index("4.11.0", "4.11.1")), { pin: chart, state: "published" });
    });

    it("may be outdated, which is not a failure", async () => {
        const finding = await found(index("4.11.1", "4.13.0", "5.0.0-rc1"));
        assert.deepEqual(finding, { pin: chart, state: "published", newest: "4.13.0" });
        assert.equal(isBad(finding), false);
    });

    it("is missing if the index has other versions only", async () => {
        const finding = await found(index("4.11.0", "4.12.0"));
        assert.deepEqual([finding.state, isBad(finding)], ["missing", true]);
    });

    it("is not reported as missing if the publisher does not respond", async () => {
        const finding = await checkPin(chart, publisher({}));
        assert.deepEqual([finding.state, isBad(finding)], ["unknown", false]);
    });

    it("may have a v before its version", async () => {
        const cm: Pin = { ...chart, version: "v1.21.1" };
        const get = publisher({ "https://charts.example.com/index.yaml": { text: index("v1.21.1", "v1.22.0") } });
        assert.deepEqual(await checkPin(cm, get), { pin: cm, state: "published", newest: "v1.22.0" });
    });
});

describe("a pinned image", () => {
    const url = "https://registry-1.docker.io/v2/curlimages/curl/manifests/8.16.0";
    const challenge = 'Bearer realm="https://auth.example.com/token",service="registry",scope="repository:curl:pull"';
    const token = "https://auth.example.com/token?service=registry&scope=repository%3Acurl%3Apull";
    const answers = { [url]: { status: 401, challenge }, [token]: { text: '{"token":"t"}' } };

    for (const [status, state] of [
        [200, "published"],
        [404, "missing"],
        [429, "unknown"],
    ] as const) {
        it(`is ${state} where its registry answers ${status} to whoever asks for a token first`, async () => {
            const finding = await checkPin(image, publisher({ ...answers, [`Bearer t ${url}`]: { status } }));
            assert.deepEqual(finding, { pin: image, state });
        });
    }
});

describe("the newest patch of a minor", () => {
    const tags = (...versions: string[]) =>
        checkPin(patch, publisher({ "https://proxy.golang.org/istio.io/api/@v/list": { text: versions.join("\n") } }));

    it("is the newest if there is no later tag of its minor", async () => {
        const finding = await tags("v1.31.3", "v1.31.4", "v1.32.0", "v1.31.5-beta.1");
        assert.deepEqual(finding, { pin: patch, state: "published" });
    });

    it("must be raised when a later one is released", async () => {
        const finding = await tags("v1.31.4", "v1.31.10");
        assert.deepEqual([finding.newest, isBad(finding)], ["v1.31.10", true]);
    });
});

describe("what is pinned", () => {
    it("has every add-on's chart, and images that name their registry", () => {
        const charts = PINS.flatMap((pin) => (pin.kind === "chart" ? [pin.name] : []));
        const expected = Object.values(ADDON_CHARTS).map((each) => each.chart);
        assert.deepEqual(
            expected.filter((name) => !charts.includes(name)),
            [],
        );
        const images = PINS.flatMap((pin) => (pin.kind === "image" ? [pin.name] : []));
        assert.ok(images.length > 10);
        assert.deepEqual(
            images.filter((name) => !namesRegistry(name)),
            [],
        );
    });

    it("has the newest patch of each minor that may run, and of the default", () => {
        assert.deepEqual(Object.keys(NEWEST_PATCHES.patches), Object.keys(SUPPORTED_KUBERNETES));
        assert.ok(Object.values(NEWEST_PATCHES.patches).includes(ISTIO_VERSION));
        assert.match(NEWEST_PATCHES.seen, /^\d{4}-\d{2}-\d{2}$/);
    });
});
