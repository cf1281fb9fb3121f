import { strict as assert } from "node:assert";
import type { Plan } from "../../../plan/model";
import { renderTree } from "../../../plan/report/tree";
import { planOf, recordDemo } from "../fixtures/demo";
import { sesame } from "../fixtures/sesame";

describe("renderTree", () => {
    let plan: Plan;
    before(async () => {
        plan = await recordDemo();
    });

    it("shows the whole plan, beginning with its limits", () => {
        assert.equal(
            renderTree(plan),
            `Plan of demo/dev: a simulation without cloud, cluster or state. Existing resources are not compared.

network Network, 6 resources
├─ Vcn  vcn 10.0.0.0/16 protected
├─ Subnet  workers 10.0.1.0/24 public
├─ NetworkSecurityGroup  nsg
└─ NetworkSecurityGroupSecurityRule ×3  3 ingress
oke Cluster, 2 resources
├─ Cluster  oke v1.34.2 enhanced cluster
├─ NodePool  pool VM.Standard.E5.Flex 3 nodes
└─ kubernetes provider  provider
Namespace  bookinfo sidecar injection
Release  istiod istiod 1.31.1 in istio-system from istio-release.storage.googleapis.com/charts
Deployment  productpage-v1 examples-bookinfo-productpage-v1:1.20.3
Service  productpage LoadBalancer 9080
Secret  credentials
Gateway  bookinfo-gateway 80 HTTP for bookinfo.example.com
VirtualService  productpage bookinfo.example.com 1 route

Resources  15 in 2 components: 8 oci, 7 kubernetes
Providers  oke-provider (kubernetes) for 7
           the packages' default ones for 8
Looked up  kubeconfig of the cluster (once its source exists)
           availability domains of the region
Outputs    address: known after apply, from Service productpage
           domains: looked up
           greeting: moin
           kubeconfig: secret, known after apply, from Cluster oke, NodePool oke-pool
Warnings   Undefined value (absent) will not show as a stack output.
`,
        );
    });

    it("says below its first line which step of the guide it plans, and what to expect", () => {
        const [, , ...lines] = renderTree(planOf({ scenario: "reviews-v3" })).split("\n");
        assert.deepEqual(lines.slice(0, 2), [
            'Scenario   reviews-v3, the guide\'s "Shifting Traffic, step 3"',
            "Expect     Reviews always have red stars.",
        ]);
        assert.match(lines[2] ?? "", /^See {8}PAGE=\$\(pulumi stack output productpageUrl\); for i in/);
    });

    it("uses colours only when told to, and then only colours", () => {
        const coloured = renderTree(plan, { colour: true });
        assert.match(coloured, /\u001b\[1mnetwork\u001b\[22m/);
        assert.equal(coloured.replace(/\u001b\[\d+m/g, ""), renderTree(plan));
    });

    it("folds lines at the width", () => {
        const narrow = renderTree(plan, { width: 60 }).split("\n").slice(2);
        const breakable = narrow.filter((line) => line.trim().includes(" ") && !line.includes("://"));
        assert.ok(
            breakable.every((line) => line.length <= 72),
            breakable.join("\n"),
        );
        assert.ok(narrow.length > renderTree(plan).split("\n").length);
    });

    it("names everything that is masked only as secret", () => {
        assert.equal(renderTree(plan).includes(sesame), false);
        const outputs = { token: { value: { $secret: true as const }, secret: true, from: [] } };
        assert.match(renderTree(planOf({ outputs })), /Outputs {4}token: secret\n/);
    });

    it("says so when nothing is planned", () => {
        assert.match(renderTree(planOf({})), /Resources {2}0 in 0 components: none/);
    });
});
