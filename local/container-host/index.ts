export * from "./containerHost";
