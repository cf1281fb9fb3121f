import { z } from "zod";

export const egressSchema = z.strictObject({}).prefault({}).describe("What leaves the mesh.");

export type EgressSettings = z.infer<typeof egressSchema>;
