import * as identity from "@pulumi/oci/identity";
import * as logging from "@pulumi/oci/logging";
import * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import { ISTIO_NAMESPACE } from "../istio/versions";
import {
    accessLogSource,
    applicationLogSource,
    istiodLogSource,
    type AccessLogEncoding,
    type ApplicationContainers,
    type LogSource,
} from "./logSources";
import { failedRequests } from "./logSearches";
import { DEFAULT_IDENTITY_DOMAIN, logUploadStatements } from "./logUploadPolicy";
import { identityName } from "./names";
import { findDynamicGroup, newNodeDynamicGroup } from "./nodeDynamicGroup";
import type { Tags } from "./tags";
import { wrongArgument } from "../wrongArgument";

/** Days that lines are kept. */
export const RETENTION_DAYS = 30;

/** Arguments of `ContainerLogging`. */
export interface ContainerLoggingArgs {
    /** OCID of the compartment of the nodes and of these resources. */
    compartmentId: pulumi.Input<string>;
    /** OCID of the tenancy: where dynamic groups live. */
    tenancyId: pulumi.Input<string>;
    /** Provider of the tenancy's home region, where alone groups and policies can be written. @default the component's own */
    homeProvider?: pulumi.ProviderResource;
    /** Start of every name shown in the console, without spaces. @default the component's name */
    displayName?: string;
    /** OCID of a log group that exists. @default a new one */
    logGroupId?: pulumi.Input<string>;
    /** Name of a dynamic group that exists and matches the nodes. @default a new one in the Default domain */
    dynamicGroupName?: string;
    /** Identity domain of that group; a new one goes to Default only. @default Default */
    identityDomain?: string;
    /** Defined tags of the nodes, `Namespace.Key: value`: a new group then matches only them. @default all of the compartment */
    nodeTags?: Record<string, string>;
    /** Retention in days: 30, 60, 90, 120, 150 or 180. @default 30 */
    retentionDays?: number;
    /** Format of the proxies' access logs. @default JSON */
    accessLogEncoding?: AccessLogEncoding;
    /** Containers of the application. Without any there is no application log. @default none */
    applications?: ApplicationContainers[];
    /** Namespace of istiod. @default istio-system */
    istioNamespace?: string;
    /** OCID of the cluster whose control plane logs are collected too. @default none */
    controlPlaneOf?: pulumi.Input<string>;
    /** Free-form tags of all these resources. @default none */
    freeformTags?: Tags;
    /** Defined tags of all these resources, `Namespace.Key: value`. @default none */
    definedTags?: Tags;
}

/**
 * Logs of containers in OCI Logging: the agent that comes with OKE's images reads them on each node and sends each kind to
 * a log of its own. Guide: "Observing Logs with OCI Logging".
 * https://docs.oracle.com/en-us/iaas/Content/ContEng/Tasks/contengviewingworkernodelogs.htm
 *
 * @example
 * ```ts
 * new ContainerLogging("logging", {
 *     compartmentId,
 *     tenancyId,
 *     applications: [{ namespace: "shop", containers: ["cart"] }],
 * });
 * ```
 */
export class ContainerLogging extends Component {
    /** OCID of the log group. */
    readonly logGroupId: pulumi.Output<string>;
    /** OCIDs of the logs, by content. */
    readonly logIds: Record<string, pulumi.Output<string>> = {};
    /** OCID of the dynamic group of the nodes. */
    readonly dynamicGroupId: pulumi.Output<string>;

    constructor(name: string, args: ContainerLoggingArgs, opts?: pulumi.ComponentResourceOptions) {
        super("oci:ContainerLogging", name, opts);
        const { compartmentId, tenancyId, homeProvider, dynamicGroupName, nodeTags, freeformTags, definedTags } = args;
        const displayName = args.displayName ?? name;
        const identityDomain = args.identityDomain ?? DEFAULT_IDENTITY_DOMAIN;
        const tags = { freeformTags, definedTags };
        // These resources have names that must be unique in the tenancy, the compartment or the log group: a second one
        // of the same name is refused (409), so the old one is deleted first.
        const uniqueName = { ...this.childOptions, deleteBeforeReplace: true };

        const logGroup: LogGroup =
            args.logGroupId === undefined
                ? {
                      id: new logging.LogGroup(name, { compartmentId, displayName, ...tags }, uniqueName).id,
                      compartmentId,
                  }
                : {
                      id: args.logGroupId,
                      compartmentId: logging.getLogGroupOutput({ logGroupId: args.logGroupId }, { parent: this })
                          .compartmentId,
                  };
        this.logGroupId = pulumi.output(logGroup.id);

        if (identityDomain !== DEFAULT_IDENTITY_DOMAIN && dynamicGroupName === undefined) {
            throw wrongArgument(
                "dynamicGroupName",
                `is missing; a group in the identity domain ${identityDomain} must exist`,
            );
        }
        const description = `Nodes of ${displayName}, which send their containers' logs`;
        const newGroup = {
            tenancyId,
            compartmentId,
            groupName: identityName(`${displayName}-nodes`),
            nodeTags,
            description,
            ...tags,
        };
        const group =
            dynamicGroupName === undefined
                ? newNodeDynamicGroup(`${name}-nodes`, newGroup, { ...uniqueName, provider: homeProvider })
                : findDynamicGroup({ name: dynamicGroupName, identityDomain }, tenancyId, {
                      parent: this,
                      provider: homeProvider,
                  });
        this.dynamicGroupId = group.id;
        new identity.Policy(
            `${name}-upload`,
            {
                // A policy reaches only downwards, and a log group that was there before may be anywhere.
                compartmentId: args.logGroupId === undefined ? compartmentId : tenancyId,
                name: identityName(`${displayName}-log-upload`),
                description: `Lets the nodes of ${displayName} write to their log group`,
                statements: pulumi
                    .all([group.name, compartmentId, logGroup.id, logGroup.compartmentId])
                    .apply(([groupName, nodes, id, owner]) =>
                        logUploadStatements({
                            group: { name: groupName, identityDomain },
                            compartmentId: nodes,
                            logGroup: { id, compartmentId: owner },
                        }),
                    ),
                ...tags,
            },
            { ...uniqueName, provider: homeProvider },
        );

        const { applications = [], istioNamespace = ISTIO_NAMESPACE } = args;
        const sources: Record<string, LogSource> = {
            access: accessLogSource(args.accessLogEncoding ?? "JSON"),
            ...(applications.length > 0 ? { application: applicationLogSource(applications) } : {}),
            istiod: istiodLogSource(istioNamespace),
        };
        const log = (kind: string, inputs: Pick<logging.LogArgs, "logType" | "configuration">) => {
            const common = { displayName: `${displayName}-${kind}`, logGroupId: logGroup.id, isEnabled: true };
            const retentionDuration = args.retentionDays ?? RETENTION_DAYS;
            const { id } = new logging.Log(
                `${name}-${kind}`,
                { ...inputs, ...common, retentionDuration, ...tags },
                uniqueName,
            );
            this.logIds[kind] = id;
            return id;
        };
        for (const [kind, source] of Object.entries(sources)) {
            new logging.UnifiedAgentConfiguration(
                `${name}-${kind}`,
                {
                    compartmentId,
                    displayName: `${displayName}-${kind}`,
                    description: `Reads the ${kind} logs on the nodes of ${displayName}`,
                    isEnabled: true,
                    serviceConfiguration: {
                        configurationType: "LOGGING",
                        destination: { logObjectId: log(kind, { logType: "CUSTOM" }) },
                        sources: [{ sourceType: "LOG_TAIL", name: kind, ...source }],
                    },
                    groupAssociation: { groupLists: [group.id] },
                    ...tags,
                },
                // An update in place would keep the fields of the other parser, because omitted fields mean "no change".
                { ...uniqueName, replaceOnChanges: ["serviceConfiguration.sources[*].parser.parserType"] },
            );
        }
        new logging.LogSavedSearch(
            `${name}-failed-requests`,
            {
                compartmentId,
                name: `${displayName}-failed-requests`,
                description: `Requests in ${displayName} that were answered with 5xx`,
                query: pulumi
                    .all([logGroup.compartmentId, logGroup.id, this.logIds.access!])
                    .apply(([owner, logGroupId, logId]) => failedRequests({ compartmentId: owner, logGroupId, logId })),
                ...tags,
            },
            uniqueName,
        );
        if (args.controlPlaneOf !== undefined) {
            log("control-plane", {
                logType: "SERVICE",
                configuration: {
                    compartmentId,
                    source: {
                        sourceType: "OCISERVICE",
                        service: "oke-k8s-cp-prod",
                        category: "all-service-logs",
                        resource: args.controlPlaneOf,
                    },
                },
            });
        }
        this.registerOutputs({
            logGroupId: this.logGroupId,
            logIds: this.logIds,
            dynamicGroupId: this.dynamicGroupId,
        });
    }
}

interface LogGroup {
    id: pulumi.Input<string>;
    compartmentId: pulumi.Input<string>;
}
