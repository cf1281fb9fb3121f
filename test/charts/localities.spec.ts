import { strict as assert } from "node:assert";
import { destinationRule } from "../../components/traffic/destinationRules";
import { asDevStack, described } from "../config/settings";
import { service } from "../components/traffic/shop";
import { onIstioctl, validated } from "./istioctl";

const LOCALITIES = ["*", "a", "a/*", "a/b", "a/b/*", "a/b/c", "a/c/*", "a/c/d", "b"];

type Entry = { from: string; to: Record<string, number> };

/** Pairs in both orders: Istio notices some overlaps in one of them only. */
const PAIRS = LOCALITIES.flatMap((one) => LOCALITIES.map((other): [string, string] => [one, other]));
const DISTRIBUTIONS: Entry[][] = [
    ...PAIRS.map(([one, other]) => [one, other].map((from) => ({ from, to: { b: 100 } }))),
    ...PAIRS.filter(([one, other]) => one !== other).map(([one, other]) => [
        { from: "b", to: { [one]: 50, [other]: 50 } },
    ]),
];

describe("localities", function () {
    asDevStack();
    onIstioctl();

    /** The distributions that Istio refuses, by their index. */
    async function refusedByIstio(all: Entry[][]): Promise<number[]> {
        const objects = all.map((distribute, index) => ({
            apiVersion: "networking.istio.io/v1",
            kind: "DestinationRule",
            metadata: { name: `rule-${index}`, namespace: "shop" },
            spec: destinationRule(service, {
                loadBalancer: { locality: { distribute } },
                outlierDetection: { consecutive5xxErrors: 5 },
            }),
        }));
        const found = (await validated(objects)).said.matchAll(/rule-(\d+)/g);
        return [...new Set([...found].map(([, index]) => Number(index)))].sort((one, other) => one - other);
    }

    it("that Istio refuses never reach its webhook", async () => {
        const accepted = (distribute: Entry[]) => {
            const reviews = {
                loadBalancer: { locality: { distribute } },
                outlierDetection: { consecutive5xxErrors: 5 },
            };
            const settings = { cluster: { source: "kubeconfig" }, traffic: { services: { reviews } } };
            return described(settings).length === 0;
        };
        const refused = await refusedByIstio(DISTRIBUTIONS);
        assert.ok(refused.length > 20, `Istio refuses ${refused.length} only`);
        const passed = DISTRIBUTIONS.filter((each, index) => accepted(each) && refused.includes(index));
        assert.deepEqual(passed, []);
        assert.ok(DISTRIBUTIONS.filter(accepted).length > 20);
    });
});
