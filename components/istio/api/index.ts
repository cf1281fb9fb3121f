/** Istio's kinds as typed Pulumi resources; the types of their specs are generated (`npm run generate:istio`). */
export type { Inputs } from "./inputs";
export type { IstioMetadata, IstioObjectArgs } from "./istioObject";
export * from "./kinds";
export type * from "./specs";
