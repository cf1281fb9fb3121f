import type { Rule } from "../rule";
import { encryptedCluster, protectedCluster } from "./cluster";
import { gatewayTls, wildcardHosts } from "./gateway";
import { imageRegistry, pinnedVersions } from "./images";
import { allowAll, envoyFilters, strictMtls } from "./mesh";
import { loadBalancerGroup, openSecurityRule, publicApiEndpoint, tags } from "./network";
import { plainSecrets } from "./secrets";

/** Every rule, in the order of reports. */
export const RULES: Rule[] = [
    publicApiEndpoint,
    openSecurityRule,
    loadBalancerGroup,
    protectedCluster,
    encryptedCluster,
    tags,
    wildcardHosts,
    gatewayTls,
    strictMtls,
    allowAll,
    envoyFilters,
    pinnedVersions,
    imageRegistry,
    plainSecrets,
];
