export * from "./ciIdentity";
export * from "./ciSubjects";
export * from "./deployPolicy";
export * from "./promotionStatements";
