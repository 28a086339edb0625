/** Files of each group of tests. Slow ones come first, so that none of them runs alone at the end. */
export const testGroups = {
    engine: "test/engine/**/*.test.ts",
    local: "test/local/**/*.test.ts",
    deploy: "test/deploy/**/*.test.ts",
    fidelity: "test/fidelity/**/*.test.ts",
    app: "test/app/**/*.test.ts",
    unit: "test/{infra,buildspecs,bench,docs,support,versions}/**/*.test.ts",
    e2e: "test/e2e/**/*.test.ts",
};
