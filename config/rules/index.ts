import { resolveMesh, saysMesh } from "../../mesh/mesh";
import type { Problem } from "../problems";
import type { Settings } from "../schema";
import { addressRules } from "./address";
import { clientAddressRules } from "./clientAddresses";
import { clusterRules } from "./cluster";
import { egressRules } from "./egress";
import { gatewayRules } from "./gateway";
import { gatewayTlsRules } from "./gatewayTls";
import { ingressKindRules } from "./ingressKinds";
import { listRules } from "./lists";
import { networkRules } from "./network";
import { networkSizeRules } from "./networkSizes";
import { nodePoolRules } from "./nodePools";
import { observabilityRules } from "./observability";
import { rateLimitRules } from "./rateLimits";
import { revisionRules } from "./revisions";
import type { Rule } from "./rule";
import { resourceRules } from "./resources";
import { securityRules } from "./security";
import { serviceRules } from "./services";
import { sharedHostRules } from "./sharedHosts";
import { shapeRules } from "./shapes";
import { sizeRules } from "./sizes";
import { tcpEgressRules } from "./tcpEgress";
import { trafficRules } from "./traffic";

const RULES: Rule[] = [
    ...clusterRules,
    ...revisionRules,
    ...networkRules,
    ...networkSizeRules,
    ...listRules,
    ...nodePoolRules,
    ...shapeRules,
    ...gatewayRules,
    ...addressRules,
    ...gatewayTlsRules,
    ...clientAddressRules,
    ...sizeRules,
    ...resourceRules,
    ...observabilityRules,
    ...serviceRules,
    ...sharedHostRules,
    ...trafficRules,
    ...rateLimitRules,
    ...ingressKindRules,
    ...egressRules,
    ...tcpEgressRules,
    ...securityRules,
];

/** Every problem that the settings have with each other. */
export function checkRules(settings: Partial<Settings>): Problem[] {
    const mesh = saysMesh(settings) ? resolveMesh(settings) : undefined;
    return RULES.flatMap((rule) => rule(settings, mesh));
}
