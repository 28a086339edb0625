import assert from "node:assert/strict";
import { checkGoals } from "../../../bench/report/goals";
import type { ResultRow } from "../../../bench/report/result";
import { resultRow } from "./rows";

const row = (strategy: string, name: string, seconds: number, figures: Partial<ResultRow> = {}): ResultRow =>
    resultRow(strategy, "python", name, [seconds], figures);

const check = (rows: ResultRow[], kind: "compiled" | "interpreted" = "interpreted") =>
    checkGoals({ rows, ours: "ours", layers: "layers", codebuild: "line", published: ["one", "two"], kind }).map(
        ({ case: name, goal, measured, isMet }) => [name, goal, measured, isMet],
    );

describe("bench: goals", () => {
    it("compare a code line with the own cold build and the best published strategy", () => {
        const rows = [
            row("ours", "cold", 20),
            row("one", "code line", 16),
            row("two", "code line", 9),
            row("ours", "code line", 1, { registryMbDown: 0.5, registryMbUp: 0.6, codeMb: 0.1, pullMb: 0.2 }),
        ];
        assert.deepEqual(check(rows), [
            ["code line", "wall at most 0.05 of own cold build", "0.05 of cold", true],
            ["code line", "at least 8 times as fast as the best published strategy", "9 times", true],
            ["code line", "at most 1 MB from the registry", "0.5 MB", true],
            ["code line", "at most 0.2 MB to the registry besides the code, compressed", "0.5 MB", false],
            ["code line", "at most 0.05 MB to deploy besides the code, compressed", "0.1 MB", false],
        ]);
        assert.deepEqual(check(rows, "compiled"), [
            ["code line", "wall at most 0.25 of own cold build", "0.05 of cold", true],
            ["code line", "at least 3 times as fast as the best published strategy", "9 times", true],
        ]);
    });

    it("take the median of the runs", () => {
        const rows = [row("one", "cold", 10), { ...row("ours", "cold", 0), seconds: [30, 11, 10] }];
        assert.deepEqual(check(rows), [
            ["cold", "wall at most 1.1 of the fastest published strategy", "1.1 of the best published", true],
        ]);
    });

    it("demand that nothing is started where nothing changed", () => {
        const rows = [
            row("ours", "cold", 10),
            row("one", "nothing changed", 1),
            row("ours", "nothing changed", 0.1, { builderStarted: true }),
        ];
        assert.deepEqual(check(rows), [
            ["nothing changed", "wall at most 0.02 of own cold build", "0.01 of cold", true],
            ["nothing changed", "no builder started", "1 builders", false],
        ]);
    });

    it("compare the line through CodeBuild with its own cold build", () => {
        const rows = [row("line", "cold", 100), row("line", "code line", 9, { registryMbDown: 0.1 })];
        assert.deepEqual(check(rows), [
            ["code line", "wall at most 0.08 of own cold build", "0.09 of cold", false],
            ["code line", "at most 1 MB from the registry", "0.1 MB", true],
        ]);
    });

    it("hold layers to the bytes of a dependency, to ours without layers, and to the published strategies", () => {
        const moved = { registryMbUp: 10.5, pullMb: 9.5, packageMb: 9 };
        const rows = [
            row("one", "cold", 10),
            row("layers", "cold", 12),
            row("ours", "code line", 1),
            row("layers", "code line", 1.1),
            row("ours", "revert", 1),
            row("layers", "revert", 1.101),
            row("one", "dependency", 10),
            row("layers", "dependency", 5, moved),
        ];
        const withoutDependency = [
            ["cold", "wall at most 1.15 of the fastest published strategy", "1.2 of the best published", false],
            ["code line", "at most 0.1 s slower than without layers", "0.1 s", true],
            ["revert", "at most 0.1 s slower than without layers", "0.101 s", false],
        ];
        const dependency: Record<string, unknown[][]> = {
            python: [
                ["at least 2 times as fast as the best published strategy", "2 times", true],
                ["at most 10 MB to the registry", "10.5 MB", false],
                ["at most 10 MB to deploy", "9.5 MB", true],
            ],
            node: [
                ["at least 1.3 times as fast as the best published strategy", "2 times", true],
                ["at most 10 MB to the registry", "10.5 MB", false],
                ["at most 10 MB to deploy", "9.5 MB", true],
            ],
            streamlit: [
                ["at most 1.3 of the fetched package to the registry", "1.17 of the fetched package", true],
                ["at most 1.3 of the fetched package to deploy", "1.06 of the fetched package", true],
            ],
            monorepo: [],
        };
        for (const [workload, goals] of Object.entries(dependency)) {
            assert.deepEqual(check(rows.map((one) => ({ ...one, workload }))), [
                ...withoutDependency,
                ...goals.map((goal) => ["dependency", ...goal]),
            ]);
        }
    });

    it("say nothing of what was not measured", () => {
        assert.deepEqual(check([row("ours", "cold", 10), row("layers", "cold", 10)]), []);
        assert.deepEqual(check([row("one", "code line", 1), row("ours", "code line", 1)]), []);
        const alone = [row("layers", "cold", 10), row("layers", "code line", 1), row("layers", "dependency", 1)];
        assert.deepEqual(
            check(alone).map(([name, goal]) => [name, goal]),
            [
                ["dependency", "at most 10 MB to the registry"],
                ["dependency", "at most 10 MB to deploy"],
            ],
        );
    });
});
