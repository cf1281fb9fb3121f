"use strict";

// Whatever the last suite leaves, takenDown removes. CLUSTER_SPECS: these files only, separated by spaces.
const all = ["test/cluster/!(takenDown).spec.ts", "test/cluster/takenDown.spec.ts"];

module.exports = {
    require: [
        "ts-node/register/transpile-only",
        "./test/support/withoutStackTraces.ts",
        "./test/cluster/support/hooks.ts",
    ],
    spec: process.env.CLUSTER_SPECS ? process.env.CLUSTER_SPECS.split(" ") : all,
    timeout: 600000,
    retries: 1,
    slow: 30000,
};
