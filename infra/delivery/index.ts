export * from "./ciBuildPolicy";
export * from "./ciIdentity";
export * from "./ciSubjects";
