const { register, REGISTER_INSTANCE } = require("ts-node");

// The policy host has ts-node check the types of all that it loads, which takes many seconds of each preview.
process[REGISTER_INSTANCE].enabled(false);
register({ transpileOnly: true });

const { PolicyPack } = require("@pulumi/policy");
const pulumi = require("@pulumi/pulumi");
const { policiesFor } = require("./pack.ts");

// The host has the stack's settings, which the program checks.
new PolicyPack("oke-mesh", { policies: policiesFor(new pulumi.Config().getObject("policies") ?? {}) });
