import { strict as assert } from "node:assert";
import { LOCAL, asDevStack, NEW_CLUSTER, problemsIn } from "./settings";
import { accept, refuse, type Accepted, type Refused } from "./tables";

const BLOCKS = ["192.0.2.0/24"];
const RULE = "security.authorization.policies[0].rules[0]";
const UNSEEN =
    "is about addresses of clients, but the gateway sees those of nodes or the load balancer: an allow list would lock everybody out, a deny list deny nobody. Set gateway.clientAddresses (docs/gateway.md)";
const packets = (source: string, other: string) =>
    `is about the source of packets, which is the proxy in front of the gateway with gateway.clientAddresses.source ${source}: clients are ${other}`;
const twice = (source: string) =>
    `says what gateway.clientAddresses says too, and would override or contradict it; with gateway.clientAddresses.source ${source} leave it out`;

const gateway = (settings: object, more: object = LOCAL) => ({ ...more, gateway: settings });
const sees = (clientAddresses: object, more: object = {}) => ({ clientAddresses, ...more });
const PROXY = { source: "proxy-protocol" };
const PRESERVE = { source: "preserve-source" };
const FORWARDED = { source: "forwarded-headers", trustedHops: 1 };

/** A policy of one rule, and what the gateway knows. */
const policy = (rule: object, settings: object = {}, more: object = LOCAL, target: object = { gateway: true }) => ({
    ...gateway(settings, more),
    security: { authorization: { policies: [{ name: "office", ...target, rules: [rule] }] } },
});

const refused: Refused = [
    ["a list of clients", policy({ from: { remoteIpBlocks: BLOCKS } }), [`${RULE}.from.remoteIpBlocks ${UNSEEN}`]],
    [
        "one behind OCI's load balancer",
        policy({ from: { remoteIpBlocks: BLOCKS } }, {}, NEW_CLUSTER),
        [`${RULE}.from.remoteIpBlocks ${UNSEEN}`],
    ],
    [
        "sources of packets behind it",
        policy({ from: { ipBlocks: BLOCKS } }, {}, NEW_CLUSTER),
        [`${RULE}.from.ipBlocks ${UNSEEN}`],
    ],
    [
        "conditions on either",
        policy({
            when: [
                { key: "source.ip", notValues: BLOCKS },
                { key: "remote.ip", values: ["192.0.2.1"] },
            ],
        }),
        [`${RULE}.when[0].key ${UNSEEN}`, `${RULE}.when[1].key ${UNSEEN}`],
    ],
    [
        "a policy for the whole mesh",
        policy({ from: { ipBlocks: BLOCKS } }, {}, LOCAL, { namespace: "istio-system" }),
        [`${RULE}.from.ipBlocks ${UNSEEN}`],
    ],
    [
        "one that selects the gateway's pods",
        policy({ from: { ipBlocks: BLOCKS } }, { serviceType: "ClusterIP" }, LOCAL, {
            namespace: "istio-system",
            selector: { istio: "ingressgateway" },
        }),
        [`${RULE}.from.ipBlocks ${UNSEEN}`],
    ],
    [
        "an address policy with a local traffic policy that is only an extra value",
        policy({ from: { ipBlocks: BLOCKS } }, { extraValues: { service: { externalTrafficPolicy: "Local" } } }),
        [`${RULE}.from.ipBlocks ${UNSEEN}`],
    ],
    [
        "sources of packets with the PROXY protocol",
        policy({ from: { ipBlocks: BLOCKS } }, sees(PROXY)),
        [`${RULE}.from.ipBlocks ${packets("proxy-protocol", "remoteIpBlocks")}`],
    ],
    [
        "both, of which one cannot be",
        policy({ from: { ipBlocks: BLOCKS, remoteIpBlocks: BLOCKS } }, sees(PROXY)),
        [`${RULE}.from.ipBlocks ${packets("proxy-protocol", "remoteIpBlocks")}`],
    ],
    [
        "a condition on the source of packets with forwarded headers",
        policy({ when: [{ key: "source.ip", values: BLOCKS }] }, sees(FORWARDED)),
        [`${RULE}.when[0].key ${packets("forwarded-headers", "remote.ip")}`],
    ],
    [
        "sources that a load balancer of type lb cannot preserve",
        gateway(sees(PRESERVE), NEW_CLUSTER),
        [
            "gateway.clientAddresses.source is preserve-source, which needs gateway.loadBalancer.type nlb: a load balancer of type lb opens connections of its own, but tells of clients with proxy-protocol",
        ],
    ],
    [
        "the traffic policy said twice",
        gateway(sees(PRESERVE, { extraValues: { service: { externalTrafficPolicy: "Cluster" } } })),
        [`gateway.extraValues.service.externalTrafficPolicy ${twice("preserve-source")}`],
    ],
    [
        "a network load balancer that preserves sources and sends headers",
        gateway(
            sees(PROXY, {
                loadBalancer: { type: "nlb" },
                extraValues: { service: { externalTrafficPolicy: "Local" } },
            }),
            NEW_CLUSTER,
        ),
        [`gateway.extraValues.service.externalTrafficPolicy ${twice("proxy-protocol")}`],
    ],
    [
        "the load balancer's annotation said twice",
        gateway(
            sees(PROXY, {
                extraValues: {
                    service: {
                        annotations: {
                            "service.beta.kubernetes.io/oci-load-balancer-connection-proxy-protocol-version": "1",
                        },
                    },
                },
            }),
            NEW_CLUSTER,
        ),
        [
            `gateway.extraValues.service.annotations["service.beta.kubernetes.io/oci-load-balancer-connection-proxy-protocol-version"] ${twice("proxy-protocol")}`,
        ],
    ],
    [
        "the proxies' annotation, which would lose one of the two",
        gateway(sees(FORWARDED, { extraValues: { podAnnotations: { "proxy.istio.io/config": '{"concurrency":2}' } } })),
        [`gateway.extraValues.podAnnotations["proxy.istio.io/config"] ${twice("forwarded-headers")}`],
    ],
    [
        "the topology of the whole mesh",
        {
            ...gateway(sees(PROXY)),
            istio: {
                extraValues: {
                    istiod: { meshConfig: { defaultConfig: { gatewayTopology: { numTrustedProxies: 1 } } } },
                },
            },
        },
        [`istio.extraValues.istiod.meshConfig.defaultConfig.gatewayTopology ${twice("proxy-protocol")}`],
    ],
    [
        "a way that there is not",
        gateway(sees({ source: "none" })),
        ['gateway.clientAddresses.source is "none", must be proxy-protocol, preserve-source or forwarded-headers'],
    ],
    [
        "headers without a count",
        gateway(sees({ source: "forwarded-headers" })),
        ["gateway.clientAddresses.trustedHops is missing, must be a number"],
    ],
    [
        "a count of none",
        gateway(sees({ source: "forwarded-headers", trustedHops: 0 })),
        ["gateway.clientAddresses.trustedHops is 0, must be at least 1"],
    ],
    [
        "a count where nobody counts",
        gateway(sees({ source: "proxy-protocol", trustedHops: 1 })),
        [
            "gateway.clientAddresses.trustedHops goes with gateway.clientAddresses.source forwarded-headers, but gateway.clientAddresses.source is proxy-protocol",
        ],
    ],
];

const accepted: Accepted = [
    ["clients by the PROXY protocol", policy({ from: { remoteIpBlocks: BLOCKS } }, sees(PROXY))],
    ["clients by forwarded headers", policy({ when: [{ key: "remote.ip", values: BLOCKS }] }, sees(FORWARDED))],
    // Nothing in front: the client is the source of packets by either name.
    ["preserved sources", policy({ from: { ipBlocks: BLOCKS } }, sees(PRESERVE))],
    ["preserved sources by the other name", policy({ from: { remoteIpBlocks: BLOCKS } }, sees(PRESERVE))],
    [
        "addresses within the cluster",
        policy({ from: { ipBlocks: BLOCKS } }, sees(PRESERVE, { serviceType: "ClusterIP" })),
    ],
    ["addresses at a service", policy({ from: { ipBlocks: BLOCKS } }, {}, LOCAL, { service: "reviews" })],
    ["addresses in a namespace", policy({ from: { ipBlocks: BLOCKS } }, {}, LOCAL, { namespace: "bookinfo" })],
    [
        "addresses at other pods of the system's namespace",
        policy({ from: { ipBlocks: BLOCKS } }, {}, LOCAL, { namespace: "istio-system", selector: { app: "kiali" } }),
    ],
    ["a network load balancer that preserves", gateway(sees(PRESERVE, { loadBalancer: { type: "nlb" } }), NEW_CLUSTER)],
    [
        "a load balancer of type lb that spares a hop",
        gateway(sees(PROXY, { extraValues: { service: { externalTrafficPolicy: "Local" } } }), NEW_CLUSTER),
    ],
    [
        "annotations for something else",
        gateway(sees(PRESERVE, { extraValues: { podAnnotations: { "proxy.istio.io/config": '{"concurrency":2}' } } })),
    ],
];

describe("addresses of clients", () => {
    asDevStack();

    refuse(refused);
    accept(accepted);

    const fixOf = (settings: Record<string, unknown>) => problemsIn(settings).flatMap(({ fix }) => fix);

    it("suggest what OCI's load balancer can do, and the list that goes with it", () => {
        assert.deepEqual(fixOf(policy({ from: { ipBlocks: BLOCKS } }, {}, NEW_CLUSTER)), [
            "pulumi config set --path 'gateway.clientAddresses.source' proxy-protocol",
            `pulumi config set --path '${RULE}.from.remoteIpBlocks[0]' '<network>'`,
            `pulumi config rm --path '${RULE}.from.ipBlocks'`,
        ]);
    });

    it("leave it open where they cannot know what stands in front", () => {
        assert.deepEqual(fixOf(policy({ from: { remoteIpBlocks: BLOCKS } })), [
            "pulumi config set --path 'gateway.clientAddresses.source' '<proxy-protocol, preserve-source or forwarded-headers>'",
        ]);
    });
});
