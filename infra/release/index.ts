export * from "./releaseParameters";
