import { strict as assert } from "node:assert";
import { Bookinfo, type BookinfoArgs } from "../../../components/workloads/bookinfo";
import { at, type Plan, type Resource } from "../../../plan/model";
import { ofType, one } from "../../../plan/query";
import { record } from "../../../plan/record/record";
import { diff } from "../../../plan/report/diff";
import { planOf } from "../../stacks/plans";
import { violations, type PodSpec } from "./restricted";

const args: BookinfoArgs = {
    namespace: "bookinfo",
    hub: "iad.ocir.io/tenancy/istio",
    tag: "1.20.3",
    imagePullSecrets: [],
    replicas: 1,
    istioVersion: "1.31.1",
};

const planned = (changes: Partial<BookinfoArgs> = {}): Promise<Plan> =>
    record({}, () => void new Bookinfo("bookinfo", { ...args, ...changes }, {}));

interface Metadata {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
}

const metadataOf = ({ inputs }: Resource) => inputs.metadata as unknown as Metadata;
const nameOf = (resource: Resource) => metadataOf(resource).name;
const templateOf = ({ inputs }: Resource) =>
    at(inputs, "spec", "template") as { metadata: Metadata; spec: PodSpec & { serviceAccountName: string } };

/** Services and their versions, from the guide's diagram of the application. */
const SERVICES = ["productpage", "details", "reviews", "ratings"];
const DEPLOYMENTS = ["productpage-v1", "details-v1", "reviews-v1", "reviews-v2", "reviews-v3", "ratings-v1"];

describe("Bookinfo", () => {
    let plan: Plan;
    let deployments: Resource[];
    before(async () => {
        plan = await planned();
        deployments = ofType(plan, "Deployment");
    });

    // Guide, step 1. `istio.io/rev` beside it would be ignored.
    it("lives in a namespace of its own with sidecar injection on", () => {
        assert.deepEqual(one(plan, "Namespace").inputs.metadata, {
            name: "bookinfo",
            labels: { "istio-injection": "enabled" },
        });
        const namespaced = plan.resources.filter(({ custom, type }) => custom && !type.endsWith(":Namespace"));
        assert.deepEqual([...new Set(namespaced.map((each) => metadataOf(each).namespace))], ["bookinfo"]);
    });

    it("has four Services on 9080, which Istio takes for HTTP by the port's name", () => {
        const specs = ofType(plan, "Service").map((service) => [nameOf(service), service.inputs.spec]);
        assert.deepEqual(
            specs,
            SERVICES.map((app) => [app, { ports: [{ name: "http", port: 9080 }], selector: { app } }]),
        );
    });

    // Authorization policies of the guide name them: cluster.local/ns/<namespace>/sa/bookinfo-productpage.
    it("has an identity for each service", () => {
        const accounts = ofType(plan, "ServiceAccount").map(nameOf);
        assert.deepEqual(
            accounts,
            SERVICES.map((service) => `bookinfo-${service}`),
        );
        const used = deployments.map((each) => [nameOf(each), templateOf(each).spec.serviceAccountName]);
        assert.deepEqual(
            used,
            DEPLOYMENTS.map((name) => [name, `bookinfo-${name.split("-")[0]}`]),
        );
    });

    it("has six Deployments, labelled by app and version as routes expect", () => {
        assert.deepEqual(deployments.map(nameOf), DEPLOYMENTS);
        for (const deployment of deployments) {
            const [app, version] = nameOf(deployment).split("-");
            assert.deepEqual(at(deployment.inputs, "spec", "selector"), { matchLabels: { app, version } });
            assert.deepEqual(templateOf(deployment).metadata.labels, { app, version });
        }
    });

    it("runs the samples' images from the registry it is given", () => {
        assert.deepEqual(
            deployments.flatMap((each) => templateOf(each).spec.containers.map(({ image }) => image)),
            DEPLOYMENTS.map((name) => `iad.ocir.io/tenancy/istio/examples-bookinfo-${name}:1.20.3`),
        );
    });

    it("runs images of one content each where digests say so", async () => {
        const digests = { "reviews-v2": `sha256:${"a".repeat(64)}` };
        const reviews = one(await planned({ digests }), "Deployment", "bookinfo-reviews-v2");
        assert.equal(
            templateOf(reviews).spec.containers[0]?.image,
            `iad.ocir.io/tenancy/istio/examples-bookinfo-reviews-v2@${digests["reviews-v2"]}`,
        );
    });

    it("refuses pods with privileges where the mesh needs none", async () => {
        assert.deepEqual(metadataOf(one(await planned({ podSecurity: "restricted" }), "Namespace")).labels, {
            "istio-injection": "enabled",
            "pod-security.kubernetes.io/enforce": "restricted",
        });
    });

    it("names image pull Secrets in every pod", async () => {
        const pods = ofType(await planned({ imagePullSecrets: ["ocir"] }), "Deployment").map(templateOf);
        assert.deepEqual(
            pods.map(({ spec }) => spec.imagePullSecrets),
            DEPLOYMENTS.map(() => [{ name: "ocir" }]),
        );
    });

    // https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
    it("keeps to Kubernetes' restricted Pod Security Standard", () => {
        const broken = deployments.flatMap((each) =>
            violations(templateOf(each).spec).map((rule) => `${nameOf(each)}: ${rule}`),
        );
        assert.deepEqual(broken, []);
    });

    it("gives the application no token for the Kubernetes API", () => {
        const tokens = deployments.map((each) => templateOf(each).spec.automountServiceAccountToken);
        assert.deepEqual([...new Set(tokens)], [false]);
    });

    it("asks for CPU and memory, limits memory, and is probed at a port it has", () => {
        for (const { name, ports, resources, ...probes } of deployments.flatMap((e) => templateOf(e).spec.containers)) {
            assert.deepEqual(Object.keys(resources?.requests ?? {}), ["cpu", "memory"], name);
            assert.ok(resources?.limits?.memory, name);
            for (const probe of ["startupProbe", "readinessProbe", "livenessProbe"] as const) {
                const port = probes[probe]?.httpGet?.port;
                assert.ok(
                    ports?.some((each) => each.name === port && each.containerPort === 9080),
                    `${name}: ${probe}`,
                );
            }
        }
    });

    // Both are where the sample's own manifest mounts them; without them the server does not start as another user.
    it("lets reviews write where its server writes while it starts", () => {
        for (const { spec } of deployments.filter((each) => nameOf(each).startsWith("reviews")).map(templateOf)) {
            const [container] = spec.containers;
            assert.deepEqual(
                container?.volumeMounts?.map(({ mountPath }) => mountPath),
                ["/tmp", "/opt/ibm/wlp/output"],
            );
            assert.deepEqual(container?.env, [{ name: "LOG_DIR", value: "/tmp/logs" }]);
        }
        for (const { spec } of deployments.map(templateOf)) {
            const mounted = spec.containers.flatMap(({ volumeMounts }) => volumeMounts ?? []).map(({ name }) => name);
            assert.deepEqual(
                mounted,
                (spec.volumes ?? []).map(({ name }) => name),
            );
        }
    });

    it("has productpage's metrics scraped, with the prometheus.io annotations of the sample", () => {
        const { metadata } = templateOf(one(plan, "Deployment", "bookinfo-productpage-v1"));
        const scraping = Object.entries(metadata.annotations ?? {}).filter(([key]) => key.startsWith("prometheus.io/"));
        assert.deepEqual(Object.fromEntries(scraping), {
            "prometheus.io/scrape": "true",
            "prometheus.io/port": "9080",
            "prometheus.io/path": "/metrics",
        });
    });
});

describe("replicas of Bookinfo", () => {
    // A budget for a single replica would block every drain of its node.
    it("have neither budget nor spread while there is one", async () => {
        const plan = await planned({ replicas: 1 });
        assert.deepEqual(ofType(plan, "PodDisruptionBudget"), []);
        const spreads = ofType(plan, "Deployment").map((each) => templateOf(each).spec.topologySpreadConstraints);
        assert.deepEqual([...new Set(spreads)], [undefined]);
    });

    it("have a budget and a spread each from two on, for their own pods only", async () => {
        const plan = await planned({ replicas: 2 });
        const budgets = ofType(plan, "PodDisruptionBudget");
        assert.deepEqual(budgets.map(nameOf), DEPLOYMENTS);
        for (const [index, deployment] of ofType(plan, "Deployment").entries()) {
            const { metadata, spec } = templateOf(deployment);
            const selector = { matchLabels: metadata.labels };
            assert.equal(at(deployment.inputs, "spec", "replicas"), 2);
            assert.deepEqual(budgets[index]?.inputs.spec, { minAvailable: 1, selector });
            assert.deepEqual(
                spec.topologySpreadConstraints?.map(({ labelSelector }) => labelSelector),
                [selector, selector],
            );
        }
    });
});

describe("a new Istio version", () => {
    it("changes nothing of Bookinfo but its pod templates, so that the pods restart", async () => {
        const { added, removed, changed, outputs } = diff(await planned(), await planned({ istioVersion: "1.31.2" }));
        assert.deepEqual([added, removed, outputs], [[], [], []]);
        const path = 'inputs.spec.template.metadata.annotations["oke-mesh/istio-version"]';
        assert.deepEqual(
            changed.map(({ resource, changes }) => [nameOf(resource), changes]),
            DEPLOYMENTS.map((name) => [name, [{ path, before: "1.31.1", after: "1.31.2" }]]),
        );
    });

    it("changes the three releases and the six Deployments of a stack, and nothing else", async () => {
        const older = await record({ stack: "local", override: { istio: { version: "1.30.5" } } });
        const { added, removed, changed } = diff(older, await planOf("local"));
        assert.deepEqual([added, removed], [[], []]);
        const release = (name: string, ...more: string[]) => [name, [...more, "inputs.version"]];
        assert.deepEqual(
            changed.map(({ resource, changes }) => [resource.name, changes.map(({ path }) => path)]),
            [
                release("istio-base"),
                release("istio-istiod"),
                release("istio-ingressgateway-release", 'inputs.values.podAnnotations["oke-mesh/istio-version"]'),
                ...DEPLOYMENTS.map((name) => [
                    `bookinfo-${name}`,
                    ['inputs.spec.template.metadata.annotations["oke-mesh/istio-version"]'],
                ]),
            ],
        );
    });
});

describe("the check for the restricted standard", () => {
    const allowed: PodSpec = {
        securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
        containers: [
            { name: "c", securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } } },
        ],
    };
    const container = allowed.containers[0]!;
    const withContext = (context: object): PodSpec => ({
        ...allowed,
        containers: [{ ...container, securityContext: { ...container.securityContext, ...context } }],
    });

    it("accepts a pod that keeps to it", () => assert.deepEqual(violations(allowed), []));

    const refused: [what: string, pod: PodSpec][] = [
        ["the host's network", { ...allowed, hostNetwork: true }],
        ["a hostPath volume", { ...allowed, volumes: [{ name: "v", hostPath: { path: "/" } }] }],
        ["a host port", { ...allowed, containers: [{ ...container, ports: [{ name: "p", hostPort: 80 }] }] }],
        ["privileges", withContext({ privileged: true })],
        ["privilege escalation left open", withContext({ allowPrivilegeEscalation: undefined })],
        ["capabilities kept", withContext({ capabilities: {} })],
        ["capabilities added", withContext({ capabilities: { drop: ["ALL"], add: ["NET_ADMIN"] } })],
        ["root as user", withContext({ runAsUser: 0 })],
        ["root allowed by a container", withContext({ runAsNonRoot: false })],
        ["root allowed by the pod", { ...allowed, securityContext: { seccompProfile: { type: "RuntimeDefault" } } }],
        ["no seccomp profile", { ...allowed, securityContext: { runAsNonRoot: true } }],
        ["an unconfined container", withContext({ seccompProfile: { type: "Unconfined" } })],
        ["an init container that keeps capabilities", { ...allowed, initContainers: [{ name: "i" }] }],
    ];
    for (const [what, pod] of refused) {
        it(`refuses ${what}`, () => assert.notDeepEqual(violations(pod), []));
    }
});
