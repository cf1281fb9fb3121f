import { endMesh } from "./mesh";

/** After the last suite. */
export const mochaHooks = { afterAll: endMesh };
