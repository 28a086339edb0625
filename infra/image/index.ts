export * from "./appImage";
export * from "./cachePolicy";
export * from "./compression";
export * from "./contentTag";
export * from "./imageRepository";
export * from "./platform";
export type { RegistryCredentials } from "./registryCredentials";
