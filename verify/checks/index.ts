import type { Check, Subject } from "../check";
import { addonChecks } from "./addons";
import { alarmChecks } from "./alarms";
import { breakerChecks } from "./circuitBreaker";
import { egressChecks } from "./egress";
import { gatewayChecks } from "./gateway";
import { installChecks } from "./install";
import { logChecks } from "./logging";
import { objectChecks } from "./objects";
import { securityChecks } from "./security";
import { serviceChecks } from "./services";
import { sessionChecks } from "./session";
import { tlsChecks } from "./tls";
import { tokenChecks } from "./tokens";
import { tracingChecks } from "./tracing";
import { trafficChecks } from "./traffic";

const OF_ALL = [
    installChecks,
    serviceChecks,
    gatewayChecks,
    tlsChecks,
    trafficChecks,
    sessionChecks,
    breakerChecks,
    egressChecks,
    securityChecks,
    tokenChecks,
    addonChecks,
    tracingChecks,
    logChecks,
    alarmChecks,
    objectChecks,
];

/** Every check that applies to a stack. */
export function allChecks(subject: Subject): Check[] {
    return OF_ALL.flatMap((checksOf) => checksOf(subject));
}
