import type { LoadBalancing } from "../../components/traffic/serviceTraffic";
import { removeCommand, setCommand, step, type Problem } from "../problems";
import { knownRegion, REGIONS } from "../regions";
import type { Settings } from "../schema";
import { onMesh, type Rule } from "./rule";
import { treated, type Treated } from "./trafficPlaces";

type Locality = NonNullable<LoadBalancing["locality"]>;

/** Judges each service with localities. */
function eachLocality(judge: (place: string, locality: Locality, treated: Treated) => Problem[]): Rule {
    return onMesh((mesh) =>
        treated(mesh).flatMap((each) => {
            const { locality } = each.traffic.loadBalancer ?? {};
            return locality ? judge(`${each.key}.loadBalancer.locality`, locality, each) : [];
        }),
    );
}

/** Without ejection no pod is ever known to have failed: https://istio.io/latest/docs/tasks/traffic-management/locality-load-balancing/ */
const noticesFailures = eachLocality((place, _, { key, traffic: { outlierDetection } }) => {
    const errors = `${key}.outlierDetection.consecutive5xxErrors`;
    const message = outlierDetection
        ? `needs ${key}.outlierDetection, which is off: ${errors} is 0, and there is no consecutiveGatewayErrors`
        : `needs ${key}.outlierDetection, which detects failing pods`;
    const { consecutive5xxErrors, consecutiveGatewayErrors } = outlierDetection ?? { consecutive5xxErrors: 0 };
    return consecutive5xxErrors === 0 && !consecutiveGatewayErrors
        ? [{ key: place, message, fix: [setCommand(errors, 5)] }]
        : [];
});

/** Labels by which Istio itself orders failover between regions. */
const TOPOLOGY = ["topology.kubernetes.io/region", "topology.kubernetes.io/zone", "topology.istio.io/subzone"];

/** https://istio.io/latest/docs/reference/config/networking/destination-rule/#LocalityLoadBalancerSetting */
const oneWay = eachLocality((place, { failover, failoverPriority, distribute }) => {
    if (!failover && !failoverPriority && !distribute) {
        const message = "must have failover, failoverPriority or distribute";
        return [{ key: place, message, fix: [removeCommand(place)] }];
    }
    if (distribute && (failover ?? failoverPriority)) {
        const other = failover ? "failover" : "failoverPriority";
        const message = `has distribute and ${other}: shares apply alone`;
        return [{ key: place, message, fix: [removeCommand(`${place}.<distribute or ${other}>`)] }];
    }
    const both = failover ? (failoverPriority ?? []) : [];
    return both.flatMap((label, index): Problem[] => {
        const key = `${place}.failoverPriority[${index}]`;
        const message = `is ${label}, by which ${place}.failover orders already`;
        return TOPOLOGY.includes(nameOf(label)) ? [{ key, message, fix: [removeCommand(key)] }] : [];
    });
});

const regionsOnce = eachLocality((place, { failover = [] }) =>
    failover.flatMap(({ from, to }, index): Problem[] => {
        const at = `${place}.failover[${index}]`;
        const earlier = failover.findIndex((each) => each.from === from);
        return [
            ...(from === to
                ? [
                      {
                          key: `${at}.to`,
                          message: `is ${to}, the region that failed`,
                          fix: [setCommand(`${at}.to`, "<region>")],
                      },
                  ]
                : []),
            ...(earlier < index
                ? [
                      {
                          key: `${at}.from`,
                          message: `is ${from}, as in ${place}.failover[${earlier}], which Istio applies alone`,
                          fix: [setCommand(`${at}.from`, "<region>")],
                      },
                  ]
                : []),
        ];
    }),
);

/** Istio compares labels of pods, and what it knows of their place: region, zone, subzone, network, cluster, host. */
const labelsOfPods = eachLocality((place, { failoverPriority = [] }) =>
    failoverPriority.flatMap((label, index): Problem[] => {
        const key = `${place}.failoverPriority[${index}]`;
        const fix = [removeCommand(key)];
        if (failoverPriority.findIndex((each) => nameOf(each) === nameOf(label)) < index) {
            return [{ key, message: `is ${label}, a label that is listed twice`, fix }];
        }
        const message = `is ${label}, a label of nodes, which Istio does not compare; give pools of one fault domain the label topology.istio.io/subzone (docs/traffic.md)`;
        return nameOf(label).startsWith("oci.oraclecloud.com/") ? [{ key, message, fix }] : [];
    }),
);

function nameOf(label: string): string {
    return label.replace(/=.*$/, "");
}

/** Istio refuses two entries of which one holds the other: `iad` and `iad/*`. */
function overlapping(localities: string[]): [index: number, earlier: string][] {
    const parts = localities.map((each) => (each === "*" ? "" : `${each.replace(/\/\*$/, "")}/`));
    return localities.flatMap((_, index): [number, string][] => {
        const own = parts[index] ?? "";
        const first = parts.slice(0, index).findIndex((each) => own.startsWith(each) || each.startsWith(own));
        return first < 0 ? [] : [[index, localities[first] ?? ""]];
    });
}

const localitiesApart = eachLocality((place, { distribute = [] }) => {
    const at = `${place}.distribute`;
    const problem = (key: string, found: string, earlier: string, fix: string): Problem => ({
        key,
        message: `is ${found}, which overlaps ${earlier} beside it`,
        fix: [fix],
    });
    const sources = distribute.map(({ from = "" }) => from);
    return [
        ...overlapping(sources).map(([index, earlier]) =>
            problem(
                `${at}[${index}].from`,
                sources[index] ?? "",
                earlier,
                setCommand(`${at}[${index}].from`, "<locality>"),
            ),
        ),
        ...distribute.flatMap(({ to = {} }, index) =>
            overlapping(Object.keys(to)).map(([position, earlier]) =>
                problem(
                    `${at}[${index}].to`,
                    Object.keys(to)[position] ?? "",
                    earlier,
                    removeCommand(`${at}[${index}].to.<one of the two>`),
                ),
            ),
        ),
    ];
});

/** The two oldest regions, whose nodes are labelled with their keys. */
const LABELLED_BY_KEY = ["us-ashburn-1", "us-phoenix-1"];

/**
 * The locality as OKE's cloud controller labels nodes: `iad/US-ASHBURN-AD-1`, `uk-london-1/UK-LONDON-1-AD-1`.
 * https://github.com/oracle/oci-cloud-controller-manager/blob/master/pkg/cloudprovider/providers/oci/zones.go
 */
function asLabelled(locality: string): string {
    const [region = "", zone, ...rest] = locality.split("/");
    const known = knownRegion(region);
    const label = known === undefined ? region : LABELLED_BY_KEY.includes(known) ? REGIONS[known]?.key : known;
    const domain = zone?.replace(/^[^:]*:/, "");
    return [
        label,
        ...(domain === undefined ? [] : [/-ad-\d$/i.test(domain) ? domain.toUpperCase() : domain]),
        ...rest,
    ].join("/");
}

/** A name that no node has gets no requests, and in `distribute.to` takes them from all others. */
const namesOfNodes: Rule = (settings, mesh) =>
    settings.cluster === undefined || settings.cluster.source === "kubeconfig"
        ? []
        : eachLocality((place, locality) =>
              named(place, locality).flatMap(({ key, name, write }): Problem[] => {
                  const label = asLabelled(name);
                  const message = `is ${name}, but OKE labels nodes ${label}`;
                  return label === name ? [] : [{ key, message, fix: write(label) }];
              }),
          )(settings, mesh);

interface Named {
    key: string;
    name: string;
    /** Commands that set another name. */
    write: (name: string) => string[];
}

function named(place: string, { failover = [], distribute = [] }: Locality): Named[] {
    const value = (key: string, name = ""): Named => ({ key, name, write: (other) => [setCommand(key, other)] });
    return [
        ...failover.flatMap(({ from, to }, index) => [
            value(`${place}.failover[${index}].from`, from),
            value(`${place}.failover[${index}].to`, to),
        ]),
        ...distribute.flatMap(({ from, to = {} }, index) => [
            value(`${place}.distribute[${index}].from`, from),
            ...Object.entries(to).map(([name, share]): Named => {
                const at = (other: string) => `${place}.distribute[${index}].to${step(other)}`;
                return {
                    key: at(name),
                    name,
                    write: (other) => [removeCommand(at(name)), setCommand(at(other), share)],
                };
            }),
        ]),
    ];
}

/** OKE labels nodes with a fault domain, but with no subzone: that is what pools of one fault domain may be given. */
const subzonesOfPools: Rule = (settings, mesh) => {
    const subzones = subzonesIn(settings);
    return subzones === undefined
        ? []
        : eachLocality((place, { distribute = [] }) =>
              named(place, { distribute }).flatMap(({ key, name }): Problem[] => {
                  const [, , subzone] = name.split("/");
                  const message = `is ${name}, but no node pool has the label topology.istio.io/subzone ${subzone}; OKE sets none (docs/traffic.md)`;
                  return subzone === undefined || subzone === "*" || subzones.includes(subzone)
                      ? []
                      : [
                            {
                                key,
                                message,
                                fix: [
                                    setCommand(
                                        'cluster.nodePools[0].labels["topology.istio.io/subzone"]',
                                        `<${subzone}>`,
                                    ),
                                ],
                            },
                        ];
              }),
          )(settings, mesh);
};

/** Undefined where pools are made elsewhere. */
function subzonesIn({ cluster }: Partial<Settings>): string[] | undefined {
    return cluster?.source === "new"
        ? cluster.nodePools.flatMap(({ labels }) => labels["topology.istio.io/subzone"] ?? [])
        : undefined;
}

export const localityRules: Rule[] = [
    noticesFailures,
    oneWay,
    regionsOnce,
    labelsOfPods,
    localitiesApart,
    namesOfNodes,
    subzonesOfPools,
];
