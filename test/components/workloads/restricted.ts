/** The parts of a pod that Kubernetes' restricted Pod Security Standard and the tests of Bookinfo look at. */
export interface PodSpec {
    hostNetwork?: boolean;
    hostPID?: boolean;
    hostIPC?: boolean;
    automountServiceAccountToken?: boolean;
    imagePullSecrets?: { name: string }[];
    topologySpreadConstraints?: { labelSelector: unknown }[];
    securityContext?: SecurityContext & { sysctls?: { name: string }[] };
    volumes?: ({ name: string } & Record<string, unknown>)[];
    initContainers?: Container[];
    containers: Container[];
}

interface Container {
    name: string;
    image?: string;
    env?: { name: string; value?: string }[];
    ports?: { name: string; containerPort?: number; hostPort?: number }[];
    volumeMounts?: { name: string; mountPath: string }[];
    resources?: { requests?: Record<string, string>; limits?: Record<string, string> };
    startupProbe?: Probe;
    readinessProbe?: Probe;
    livenessProbe?: Probe;
    securityContext?: SecurityContext & {
        privileged?: boolean;
        allowPrivilegeEscalation?: boolean;
        capabilities?: { add?: string[]; drop?: string[] };
        procMount?: string;
    };
}

interface Probe {
    httpGet?: { path: string; port: string };
}

interface SecurityContext {
    runAsNonRoot?: boolean;
    runAsUser?: number;
    seccompProfile?: { type: string };
    seLinuxOptions?: { user?: string; role?: string; type?: string };
    appArmorProfile?: { type: string };
    windowsOptions?: { hostProcess?: boolean };
}

const VOLUME_TYPES = [
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "persistentVolumeClaim",
    "projected",
    "secret",
];
const PROFILES = ["RuntimeDefault", "Localhost"];
const SELINUX_TYPES = [undefined, "", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];
const SYSCTLS = [
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.ping_group_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
];

/**
 * What of a pod the restricted standard forbids, field by field; empty if nothing is.
 * https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
export function violations(pod: PodSpec): string[] {
    const { hostNetwork, hostPID, hostIPC, volumes = [], securityContext: own = {} } = pod;
    const wrongVolumes = volumes.filter(
        (volume) => !Object.keys(volume).every((key) => key === "name" || VOLUME_TYPES.includes(key)),
    );
    return [
        ...(hostNetwork || hostPID || hostIPC ? ["shares a namespace of the host"] : []),
        ...wrongVolumes.map(({ name }) => `volume ${name} is of a type that is not allowed`),
        ...(own.sysctls ?? [])
            .filter(({ name }) => !SYSCTLS.includes(name))
            .map(({ name }) => `sysctl ${name} is unsafe`),
        ...anywhere(own),
        ...[...(pod.initContainers ?? []), ...pod.containers].flatMap((container) =>
            ofContainer(container, own).map((rule) => `container ${container.name} ${rule}`),
        ),
    ];
}

function ofContainer({ ports = [], securityContext: own = {} }: Container, pod: SecurityContext): string[] {
    const { add = [], drop = [] } = own.capabilities ?? {};
    const rules: [broken: boolean, rule: string][] = [
        [ports.some(({ hostPort }) => hostPort), "takes a port of the host"],
        [own.privileged === true, "is privileged"],
        [own.allowPrivilegeEscalation !== false, "may gain privileges"],
        [!drop.includes("ALL"), "keeps capabilities"],
        [add.some((capability) => capability !== "NET_BIND_SERVICE"), "adds capabilities"],
        [![undefined, "Default"].includes(own.procMount), "sees all of /proc"],
        [(own.runAsNonRoot ?? pod.runAsNonRoot) !== true, "may run as root"],
        [!PROFILES.includes((own.seccompProfile ?? pod.seccompProfile)?.type ?? ""), "has no seccomp profile"],
    ];
    return [...rules.filter(([broken]) => broken).map(([, rule]) => rule), ...anywhere(own)];
}

/** What neither a pod nor a container may say. */
function anywhere({ runAsUser, seLinuxOptions = {}, appArmorProfile, windowsOptions }: SecurityContext): string[] {
    const rules: [broken: boolean, rule: string][] = [
        [runAsUser === 0, "runs as root"],
        [!SELINUX_TYPES.includes(seLinuxOptions.type), "has an SELinux type that is not allowed"],
        [Boolean(seLinuxOptions.user || seLinuxOptions.role), "sets an SELinux user or role"],
        [appArmorProfile !== undefined && !PROFILES.includes(appArmorProfile.type), "is not confined by AppArmor"],
        [windowsOptions?.hostProcess === true, "is a process of the host"],
    ];
    return rules.filter(([broken]) => broken).map(([, rule]) => rule);
}
