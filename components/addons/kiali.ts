import { Secret } from "@pulumi/kubernetes/core/v1";
import type { Release } from "@pulumi/kubernetes/helm/v3";
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random";
import type { Resources } from "../resources";
import { addonRelease, type AddonArgs } from "./addon";
import { addonIngress, type AddonIngress } from "./addonIngress";
import { GRAFANA } from "./grafana";
import { PROMETHEUS } from "./prometheus";
import { TRACE_VIEWER } from "./traceViewer";
import { wrongArgument } from "../wrongArgument";

export const KIALI = {
    service: "kiali",
    port: 20001,
    signingKey: { secret: "kiali-login-token", key: "signing-key" },
} as const;

/** How users sign in to Kiali. */
export type KialiSignIn = "token" | "openid" | "anonymous";

export const DEFAULT_SIGN_IN = "token" satisfies KialiSignIn;

/** Arguments of Kiali. */
export interface KialiArgs extends AddonArgs {
    /**
     * How users sign in: `token` with a Kubernetes token, `openid` at an identity provider, `anonymous` not at all, which
     * is for local clusters only. @default "token"
     */
    signIn?: KialiSignIn;
    /** The identity provider, which `signIn: openid` needs. @default none */
    openid?: OpenId;
    /** Where the ingress gateway serves it. @default nowhere */
    ingress?: AddonIngress;
}

/** An identity provider. */
export interface OpenId {
    /** Issuer, such as `https://idcs-abc.identity.oraclecloud.com`. */
    issuerUri: string;
    /** Kiali's client there. */
    clientId: string;
}

/** What else is installed, and so what Kiali shows. */
export interface KialiSurroundings {
    namespace: pulumi.Input<string>;
    grafana: boolean;
    /** Address of Grafana in a browser: what Kiali links to. @default no links */
    grafanaUrl?: string;
    /** Zipkin is none that Kiali reads: https://kiali.io/docs/configuration/external-services/tracing/ */
    jaeger: boolean;
}

/**
 * The values of Kiali's chart that this program sets. The chart hands all of them to Kiali, whose names they bear.
 * https://github.com/kiali/helm-charts/tree/v2.31.0/kiali-server and https://kiali.io/docs/configuration/
 */
export interface KialiValues {
    auth: { strategy: KialiSignIn; openid?: { client_id: string; issuer_uri: string } };
    login_token: { signing_key: string };
    server?: { web_fqdn: string; web_port: string; web_schema: "https" };
    deployment: {
        image_pull_policy: "IfNotPresent";
        resources: Resources;
        network_policy: { enabled: false };
    };
    external_services: {
        prometheus: { url: pulumi.Input<string> };
        grafana: { enabled: false } | GrafanaService;
        tracing: { enabled: false } | TracingService;
    };
}

interface GrafanaService {
    enabled: true;
    internal_url: pulumi.Input<string>;
    external_url?: string;
    datasource_uid: string;
    auth: { type: "basic"; username: string; password: string };
}

interface TracingService {
    enabled: true;
    provider: "jaeger";
    internal_url: pulumi.Input<string>;
    use_grpc: true;
}

/** The chart's own, written down: what is not set would change with the chart. */
const DEFAULT_RESOURCES: Resources = {
    requests: { cpu: "10m", memory: "64Mi" },
    limits: { memory: "1Gi" },
};

/** The chart mounts the Secrets that values such as `secret:grafana-admin:admin-password` name; Kiali reads the files. */
const fromSecret = (secret: string, key: string) => `secret:${secret}:${key}`;

/** Kiali over the other add-ons, with a generated key that signs its sessions. */
export function kiali(
    name: string,
    args: KialiArgs,
    surroundings: KialiSurroundings,
    opts: pulumi.CustomResourceOptions,
): Release {
    const { namespace } = surroundings;
    const { secret, key } = KIALI.signingKey;
    // As long as the one that the chart would generate again at every upgrade.
    const signingKey = new RandomPassword(`${name}-signing-key`, { length: 32, special: false }, opts);
    const keySecret = new Secret(
        `${name}-login-token`,
        { metadata: { name: secret, namespace }, type: "Opaque", stringData: { [key]: signingKey.result } },
        opts,
    );
    const release = addonRelease(
        name,
        "kiali",
        { namespace, version: args.version, values: kialiValues(args, surroundings), extraValues: args.extraValues },
        pulumi.mergeOptions(opts, { dependsOn: keySecret }),
    );
    if (args.ingress) {
        addonIngress(name, { ...args.ingress, namespace, destination: KIALI }, release, opts);
    }
    return release;
}

function kialiValues(args: Omit<KialiArgs, "extraValues">, surroundings: KialiSurroundings): KialiValues {
    const { namespace, grafana, grafanaUrl, jaeger } = surroundings;
    const { signIn = DEFAULT_SIGN_IN, openid, ingress } = args;
    if (signIn === "openid" && !openid) {
        throw wrongArgument("kiali.openid", "is missing; signIn openid needs it");
    }
    const at = (service: string, port: number) => pulumi.interpolate`http://${service}.${namespace}:${port}`;
    const { secret, userKey, passwordKey } = GRAFANA.admin;
    return {
        auth: {
            strategy: signIn,
            ...(signIn === "openid" &&
                openid && { openid: { client_id: openid.clientId, issuer_uri: openid.issuerUri } }),
        },
        login_token: { signing_key: fromSecret(KIALI.signingKey.secret, KIALI.signingKey.key) },
        // Kiali would guess its address, which an identity provider sends users back to, from headers that anybody may set.
        ...(ingress && { server: { web_fqdn: ingress.host, web_port: String(ingress.port), web_schema: "https" } }),
        deployment: {
            image_pull_policy: "IfNotPresent",
            resources: args.resources ?? DEFAULT_RESOURCES,
            // The chart's opens Kiali's ports to every pod of the cluster. Policies add up, so a narrower one would not hold.
            network_policy: { enabled: false },
        },
        external_services: {
            prometheus: { url: at(PROMETHEUS.service, PROMETHEUS.port) },
            grafana: grafana
                ? {
                      enabled: true,
                      internal_url: at(GRAFANA.service, GRAFANA.port),
                      ...(grafanaUrl !== undefined && { external_url: grafanaUrl }),
                      datasource_uid: GRAFANA.dataSourceUid,
                      auth: {
                          type: "basic",
                          username: fromSecret(secret, userKey),
                          password: fromSecret(secret, passwordKey),
                      },
                  }
                : { enabled: false },
            // Over gRPC: Jaeger after 2.20 drops the HTTP calls that Kiali makes.
            tracing: jaeger
                ? {
                      enabled: true,
                      provider: "jaeger",
                      internal_url: at(TRACE_VIEWER.service, TRACE_VIEWER.grpcPort),
                      use_grpc: true,
                  }
                : { enabled: false },
        },
    };
}
