/** Spares tests the stacks that the SDK takes of every promise, for its report of leaks, and of every resource: half of their time. */
import pulumi = require("@pulumi/pulumi");
import debuggable = require("@pulumi/pulumi/runtime/debuggable");

Object.assign(debuggable, { debuggablePromise: (promise: unknown) => promise });
Object.assign(pulumi.Resource, { callsites: () => [] });
