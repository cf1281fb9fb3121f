import type { Check, Subject } from "../check";
import { egressChecks } from "./egress";
import { gatewayChecks } from "./gateway";
import { installChecks } from "./install";
import { objectChecks } from "./objects";
import { securityChecks } from "./security";
import { serviceChecks } from "./services";
import { tlsChecks } from "./tls";
import { trafficChecks } from "./traffic";

const OF_ALL = [
    installChecks,
    serviceChecks,
    gatewayChecks,
    tlsChecks,
    trafficChecks,
    egressChecks,
    securityChecks,
    objectChecks,
];

/** Every check that applies to a stack. */
export function allChecks(subject: Subject): Check[] {
    return OF_ALL.flatMap((checksOf) => checksOf(subject));
}
