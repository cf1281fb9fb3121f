import { ConfigFile } from "@pulumi/kubernetes/yaml/v2";
import type * as pulumi from "@pulumi/pulumi";

/** The release whose schemas the kinds here are typed from. Istio 1.31 is built with it. */
export const GATEWAY_API_VERSION = "1.6.0";

/** Its standard channel, as the project publishes it. */
export const GATEWAY_API_MANIFEST = `https://github.com/kubernetes-sigs/gateway-api/releases/download/v${GATEWAY_API_VERSION}/standard-install.yaml`;

/** The kinds of the Gateway API, which neither Kubernetes nor Istio's charts bring. `manifest` is a URL or a file. */
export function gatewayApiCrds(name: string, manifest: string, opts?: pulumi.ComponentResourceOptions): ConfigFile {
    return new ConfigFile(name, { file: manifest }, opts);
}
