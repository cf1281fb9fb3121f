/** Loads the SDK modules that index.ts loads, and nothing else. */
import "@pulumi/pulumi";
import "@pulumi/kubernetes/apiextensions";
import "@pulumi/kubernetes/apps/v1";
import "@pulumi/kubernetes/core/v1";
import "@pulumi/kubernetes/helm/v3";
import "@pulumi/kubernetes/policy/v1";
import "@pulumi/kubernetes/provider";
import "@pulumi/oci/bastion";
import "@pulumi/oci/containerengine";
import "@pulumi/oci/core";
import "@pulumi/oci/identity";
import "@pulumi/oci/provider";
import { report } from "./report";

report();
