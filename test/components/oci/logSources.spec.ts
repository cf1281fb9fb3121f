import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
    accessLogSource,
    applicationLogSource,
    istiodLogSource,
    type LogSource,
} from "../../../components/oci/logSources";
import { parse } from "./fluentd";

const applications = [{ namespace: "bookinfo", containers: ["details", "productpage", "ratings", "reviews"] }];
const sources: Record<string, LogSource> = {
    access: accessLogSource("JSON"),
    application: applicationLogSource(applications),
    istiod: istiodLogSource("istio-system"),
};

describe("files that agents read", () => {
    const id = "3f1d7c2a9b".repeat(6);
    const files: [file: string, kind: string | undefined][] = [
        ["productpage-v1-54bb874995-8gkq6_bookinfo_istio-proxy", "access"],
        ["istio-ingressgateway-7c9d5f8b6-x2x7q_istio-system_istio-proxy", "access"],
        ["productpage-v1-54bb874995-8gkq6_bookinfo_productpage", "application"],
        ["reviews-v2-5b667bcbf8-c6k2x_bookinfo_reviews", "application"],
        ["istiod-6d5c8f7b9-n4v7z_istio-system_discovery", "istiod"],
        ["productpage-v1-54bb874995-8gkq6_bookinfo_istio-init", undefined],
        ["reviews-v2-5b667bcbf8-c6k2x_shop_reviews", undefined],
        ["otel-collector-5d4f-abcde_istio-system_otel-collector", undefined],
        ["prometheus-server-0_istio-system_prometheus-server", undefined],
        ["coredns-7b98449c4-hx2kz_kube-system_coredns", undefined],
    ];
    for (const [file, kind] of files) {
        it(`${file}: ${kind ?? "none"}`, () => {
            const reading = Object.entries(sources).filter(([, { paths }]) =>
                paths.some((path) => globbed(path).test(`/var/log/containers/${file}-${id}.log`)),
            );
            assert.deepEqual(
                reading.map(([name]) => name),
                kind ? [kind] : [],
            );
        });
    }
});

describe("lines that agents parse", () => {
    const first = {
        method: "GET",
        path: "/productpage",
        response_code: 200,
        response_flags: "-",
        bytes_sent: 15067,
        duration: 49,
        authority: "bookinfo.example.com",
        request_id: "6f2a54b1-9c38-97e6-8a01-6d2ff6ce5a3b",
        upstream_cluster: "outbound|9080||productpage.bookinfo.svc.cluster.local;",
        downstream_remote_address: "10.0.2.17:31844",
        start_time: "2026-11-23T16:31:07.361Z",
    };
    const second = { response_code: 503, response_flags: "UH", response_code_details: "no_healthy_upstream" };

    for (const [encoding, file] of [
        ["JSON", "envoy-json.txt"],
        ["TEXT", "envoy-text.txt"],
    ] as const) {
        it(`access logs as ${encoding}: all lines, fields and times`, () => {
            const lines = linesOf(file);
            const events = lines.map((line) => parse(accessLogSource(encoding).parser, line));
            assert.ok(events.every((event) => event !== undefined));
            has(events[0]!.record, first);
            assert.equal(events[0]!.time?.toISOString(), "2026-11-23T16:31:07.361Z");
            has(events[1]!.record, second);
            // A TCP connection: no method, and response code 0.
            has(events[2]!.record, { response_code: 0, bytes_sent: 2334 });
            // What the search for failed requests asks for.
            const failed = events.filter((event) => Number(event?.record.response_code) >= 500);
            assert.equal(failed.length, encoding === "JSON" ? 1 : 2);
        });

        it(`access logs as ${encoding}: not what a proxy says of itself`, () => {
            for (const line of linesOf("envoy-own.txt")) {
                assert.equal(parse(accessLogSource(encoding).parser, line), undefined);
            }
        });
    }

    it("the text format gives the fields that JSON has", () => {
        const [json] = linesOf("envoy-json.txt").map((line) => parse(accessLogSource("JSON").parser, line));
        const [text] = linesOf("envoy-text.txt").map((line) => parse(accessLogSource("TEXT").parser, line));
        assert.deepEqual(Object.keys(text!.record).sort(), Object.keys(json!.record).sort());
    });

    for (const [kind, file] of [
        ["application", "bookinfo.txt"],
        ["istiod", "istiod.txt"],
    ] as const) {
        it(`${kind} logs: every line as it is`, () => {
            for (const line of linesOf(file)) {
                const event = parse(sources[kind]!.parser, line);
                assert.equal(event?.record.message, line.split(" ").slice(3).join(" "));
                assert.ok(["stdout", "stderr"].includes(String(event?.record.stream)));
                assert.equal(event?.time?.toISOString(), `${line.slice(0, 23)}Z`);
            }
        });
    }
});

function has(record: Record<string, unknown>, expected: Record<string, unknown>): void {
    const found = Object.fromEntries(Object.keys(expected).map((key) => [key, record[key]]));
    assert.deepEqual(found, expected);
}

function linesOf(file: string): string[] {
    return readFileSync(join(__dirname, "../../fixtures/logs", file), "utf8")
        .trimEnd()
        .split("\n");
}

function globbed(path: string): RegExp {
    return new RegExp(`^${path.replaceAll(".", "\\.").replaceAll("*", "[^/]*")}$`);
}
