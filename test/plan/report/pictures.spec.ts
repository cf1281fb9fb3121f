import { strict as assert } from "node:assert";
import type { Plan } from "../../../plan/model";
import type { Difference } from "../../../plan/report/diff";
import { renderMermaid } from "../../../plan/report/mermaid";
import { compared } from "../../../plan/report/pictures/compare";
import { meshPicture } from "../../../plan/report/pictures/mesh";
import { networkPicture } from "../../../plan/report/pictures/network";
import type { Arrow, Box, Picture } from "../../../plan/report/pictures/picture";
import { recorded } from "../../support/recorded";
import { planOf } from "../../stacks/plans";

/** Arrows as text, by the first lines of their ends. */
function arrowsOf({ boxes, arrows, frames }: Picture): string[] {
    const nameOf = (id: string) =>
        boxes.find((box) => box.id === id)?.lines[0] ?? frames.find((frame) => frame.id === id)?.title;
    return arrows.map(
        ({ from, to, kind, lines, both }) =>
            `${nameOf(from)} ${both ? "<->" : "->"} ${nameOf(to)}: ${[kind, ...lines].join(" | ")}`,
    );
}

describe("the picture of the network", () => {
    it("shows what may talk to what in dev, each pair once, and through which gateway", async () => {
        assert.deepEqual(arrowsOf(networkPicture(await planOf("dev"))).sort(), [
            "API endpoint -> internet gateway: flow | any TCP",
            "API endpoint -> pods: flow | all traffic",
            "API endpoint -> workers: flow | TCP 10250",
            "NAT gateway -> internet: flow",
            "internet -> internet gateway: flow",
            "internet gateway -> API endpoint: flow | TCP 6443 from 203.0.113.0/24",
            "internet gateway -> Oracle services: flow",
            "internet gateway -> load balancers: flow | TCP 80",
            "load balancers -> workers: flow | TCP 30000-32767, 10256",
            "pods -> API endpoint: flow | TCP 6443, 12250",
            "pods -> NAT gateway: flow | TCP 443, 80",
            "pods -> service gateway: flow | any TCP",
            "service gateway -> Oracle services: flow",
            "workers -> API endpoint: flow | TCP 6443, 12250",
            "workers -> NAT gateway: flow | TCP 443, 80",
            "workers -> service gateway: flow | any TCP",
            "workers <-> pods: flow | all traffic",
        ]);
    });

    it("shows the bastion of prod, and networks that reach the private endpoint", async () => {
        const arrows = arrowsOf(networkPicture(await planOf("prod")));
        for (const arrow of [
            "203.0.113.0/24 -> bastion: flow | bastion sessions",
            "bastion -> API endpoint: flow | TCP 6443",
            "bastion -> workers: flow | TCP 22",
            "10.100.0.0/16 -> API endpoint: flow | TCP 6443",
        ]) {
            assert.ok(arrows.includes(arrow), arrow);
        }
    });

    it("says what is in each subnet", async () => {
        const { boxes, frames } = networkPicture(await planOf("dev"));
        const subnets = boxes.filter(({ kind }) => kind === "subnet" || kind === "public").map(({ lines }) => lines);
        assert.deepEqual(subnets, [
            ["API endpoint", "10.0.0.0/28, public", "Kubernetes API"],
            ["workers", "10.0.1.0/24, private", "workers: 3 nodes", "all traffic within"],
            ["pods", "10.0.32.0/19, private", "all traffic within"],
            ["load balancers", "10.0.2.0/24, public", "load balancer of the gateway"],
        ]);
        assert.deepEqual(
            frames.map(({ title }) => title),
            ["VCN 10.0.0.0/16"],
        );
    });

    it("does not show traffic for which one of the ends has no rule", async () => {
        const plan = await planOf("dev");
        const without: Plan = {
            ...plan,
            resources: plan.resources.filter(
                ({ name }) => name !== "network-workers-ingress-from-apiEndpoint-tcp-10250",
            ),
        };
        assert.deepEqual(
            arrowsOf(networkPicture(without)).filter((arrow) => arrow.startsWith("API endpoint -> workers")),
            [],
        );
    });

    it("shows the narrower of two rules where one end allows more", async () => {
        const plan = await planOf("dev");
        const [wide, narrow] = ["network-apiEndpoint-egress-to-workers-tcp-10250", "all"];
        const resources = plan.resources.map((each) =>
            each.name === wide ? { ...each, inputs: { ...each.inputs, protocol: narrow, tcpOptions: null } } : each,
        );
        const arrows = arrowsOf(networkPicture({ ...plan, resources }));
        assert.ok(arrows.includes("API endpoint -> workers: flow | TCP 10250"));
    });

    it("is empty where the plan creates none", async () => {
        assert.equal(renderMermaid(networkPicture(await planOf("local"))), "");
    });
});

describe("the picture of the mesh", () => {
    const traffic = {
        scenario: "delay-fault",
        services: {
            reviews: { route: { v1: 80, v3: 20 }, mirror: { to: "v2", percent: 50 }, retries: { attempts: 3 } },
            details: { fault: { abort: 503, percent: 10 } },
        },
    };
    const inside = (picture: Picture) =>
        arrowsOf(picture).filter((arrow) => !/^(clients|bookinfo-gateway|bookinfo,)/.test(arrow));

    it("shows shares, users, copies, faults and retries", async () => {
        const picture = meshPicture(await recorded({ stack: "local", override: { traffic } }));
        assert.deepEqual(inside(picture), [
            "reviews -> reviews-v1: flow | others 80%",
            "reviews -> reviews-v2: flow | end-user: jason",
            "reviews -> reviews-v2: mirror | copies of 50%, others",
            "reviews -> reviews-v3: flow | others 20%",
            "productpage -> details: flow",
            "productpage -> reviews: flow",
            "reviews -> ratings: flow",
        ]);
        const lines = (name: string) => picture.boxes.find((box) => box.lines[0] === name)!;
        assert.deepEqual(lines("ratings").lines.slice(2), ["delay 7s for end-user: jason"]);
        assert.deepEqual(lines("details").lines.slice(2), ["abort 503 of 10%"]);
        assert.deepEqual(
            ["details", "productpage"].map((name) => lines(name).kind),
            ["troubled", "service"],
        );
        assert.ok(lines("reviews").lines.includes("3 retries"));
    });

    it("shows what is refused, and what comes in plain text", async () => {
        const security = { authorization: { mode: "guide", viewers: ["productpage", "details"] } };
        const clients = { clients: { curl: true, legacy: true } };
        const picture = meshPicture(await recorded({ stack: "local", override: { ...clients, security } }));
        assert.deepEqual(
            arrowsOf(picture).filter((arrow) => /refused|GET|plain/.test(arrow)),
            [
                "productpage -> details: flow | GET",
                "productpage -> reviews: refused | refused",
                "reviews -> ratings: refused | refused",
                "legacy, no sidecars -> bookinfo, mutual TLS PERMISSIVE: plain | plain text",
            ],
        );
    });
});

describe("a picture since an earlier one", () => {
    const box = (id: string, lines: string[], urns: string[] = []): Box => ({ id, kind: "service", lines, urns });
    const arrow = (from: string, to: string, lines: string[], kind: Arrow["kind"] = "flow"): Arrow => ({
        ...{ from, to, kind, lines },
        urns: [],
    });
    const picture = (boxes: Box[], arrows: Arrow[]): Picture => ({ about: "", boxes, arrows, frames: [] });
    const same: Difference = { added: [], removed: [], changed: [], outputs: [] };

    const marks = (before: Picture, after: Picture) => {
        const { boxes, arrows } = compared(before, after, same);
        return [...boxes, ...arrows].filter(({ mark }) => mark).map(({ mark, lines }) => [mark, ...lines]);
    };
    const [a, b] = [box("a", ["a"]), box("b", ["b"])];

    const cases: [what: string, before: Picture, after: Picture, marked: (string | undefined)[][]][] = [
        ["nothing", picture([a, b], [arrow("a", "b", ["50%"])]), picture([a, b], [arrow("a", "b", ["50%"])]), []],
        [
            "what is new",
            picture([a], []),
            picture([a, b], [arrow("a", "b", ["1%"])]),
            [
                ["added", "b"],
                ["added", "1%"],
            ],
        ],
        ["what is gone", picture([a, b], [arrow("a", "b", [])]), picture([a], []), [["removed", "b"], ["removed"]]],
        [
            "another share, with the one before",
            picture([a, b], [arrow("a", "b", ["100%"])]),
            picture([a, b], [arrow("a", "b", ["50%"])]),
            [["changed", "50%", "was 100%"]],
        ],
        [
            "a second arrow between two boxes alone",
            picture([a, b], [arrow("a", "b", ["/x"])]),
            picture([a, b], [arrow("a", "b", ["/y"]), arrow("a", "b", ["/x"])]),
            [["added", "/y"]],
        ],
        [
            "copies, but not the end of no requests",
            picture([a, b], [arrow("a", "b", [], "idle")]),
            picture([a, b], [arrow("a", "b", ["copies"], "mirror")]),
            [["added", "copies"]],
        ],
        [
            "objects behind a box",
            picture([box("a", ["a"], ["x"])], []),
            picture([box("a", ["a"], ["y"])], []),
            [["changed", "a"]],
        ],
    ];
    for (const [what, before, after, marked] of cases) {
        it(`marks ${what}`, () => assert.deepEqual(marks(before, after), marked));
    }

    it("writes marks as classes of Mermaid, and into the names of arrows", () => {
        const after = picture([a, b], [arrow("a", "b", [])]);
        const text = renderMermaid(compared(picture([a], []), after, same), { named: true });
        assert.match(text, /n0 e0_flow_added@--> n1\n {4}class n1 added\n/);
    });
});
