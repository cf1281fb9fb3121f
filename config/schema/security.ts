import { z } from "zod";

export const securitySchema = z.strictObject({}).prefault({}).describe("Who may call whom, and how that is encrypted.");

export type SecuritySettings = z.infer<typeof securitySchema>;
