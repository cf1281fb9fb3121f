/** Spares tests the stack that the SDK keeps of each promise for its report of leaks: half of their time. */
import debuggable = require("@pulumi/pulumi/runtime/debuggable");

Object.assign(debuggable, { debuggablePromise: (promise: unknown) => promise });
