import { z } from "zod";

export const trafficSchema = z.strictObject({}).prefault({}).describe("How requests are routed.");

export type TrafficSettings = z.infer<typeof trafficSchema>;
