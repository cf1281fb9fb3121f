import { z } from "zod";
import { clusterSchema } from "./cluster";
import { ocid } from "./common";
import { gatewaySchema } from "./gateway";
import { bookinfoSchema, istioSchema } from "./istio";
import { networkSchema } from "./network";
import { egressSchema } from "./egress";
import { addonsSchema, alarmsSchema, apmSchema, loggingSchema, tracingSchema } from "./observability";
import { policiesSchema } from "./policies";
import { securitySchema } from "./security";
import { clientsSchema, namespacesSchema, servicesSchema } from "./services";
import { tags } from "./tags";
import { trafficSchema } from "./traffic";

const compartmentId = ocid("compartment|tenancy")
    .optional()
    .describe("OCID of the compartment for all OCI resources. Required unless `cluster.source` is `kubeconfig`.");

/** The top-level keys of a stack file, each under the project's namespace (`oke-mesh:cluster`). */
export const sections = {
    compartmentId,
    network: networkSchema.optional(),
    cluster: clusterSchema,
    istio: istioSchema,
    gateway: gatewaySchema,
    tracing: tracingSchema,
    apm: apmSchema.optional(),
    logging: loggingSchema,
    alarms: alarmsSchema,
    addons: addonsSchema,
    bookinfo: bookinfoSchema,
    clients: clientsSchema,
    namespaces: namespacesSchema,
    services: servicesSchema,
    traffic: trafficSchema,
    egress: egressSchema,
    security: securitySchema,
    policies: policiesSchema,
    tags,
} as const;

export type SectionName = keyof typeof sections;

/** All of a stack's settings, validated, with defaults filled in. Plain data: no Outputs, no secrets. */
export type Settings = { [Name in SectionName]: z.infer<(typeof sections)[Name]> };

export const settingsSchema = z.strictObject(sections);
