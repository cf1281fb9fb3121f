/** Istio's kinds as typed Pulumi resources; the types of their specs are generated (`npm run generate:istio`). */
export type { NamedMetadata } from "../../customObject";
export type { Inputs } from "../../inputs";
export * from "./kinds";
export type * from "./specs";
