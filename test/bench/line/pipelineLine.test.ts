import assert from "node:assert/strict";
import { pipelineMarks } from "../../../bench/line/pipelineLine";

const run = (action: string, start: number, end: number) => ({
    ...{ id: action, stage: "one", action, isApproval: action === "Approve", status: "Succeeded", start, end },
});

describe("bench: an execution of the delivery pipeline", () => {
    it("is divided by the ends of source and build, and the start of the promotion", () => {
        const actions = [
            run("Source", 1000, 2000),
            run("Build", 2100, 5000),
            run("Scan", 5100, 6000),
            run("Deploy", 6100, 9000),
            run("Approve", 9100, 9200),
            run("Promote", 9300, 12_000),
        ];
        assert.deepEqual(pipelineMarks({ actions }), [
            { phase: "lookup", at: 2000 },
            { phase: "build", at: 5000 },
            { phase: "gates", at: 9300 },
        ]);
    });

    it("is refused when it never came to the promotion", () => {
        const actions = [run("Source", 1000, 2000), run("Build", 2100, 5000)];
        assert.throws(() => pipelineMarks({ actions }), new Error("The execution has no action Promote."));
    });
});
