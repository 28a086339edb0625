import assert from "node:assert/strict";
import { BuildProgress } from "../../../infra/buildTools/progress";

const time = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
const vertex = (digest: string, name: string, rest: object = {}) =>
    JSON.stringify({ vertexes: [{ digest, name, ...rest }] });
const base64 = (text: string) => Buffer.from(text).toString("base64");

function follow(lines: string[]) {
    const progress = new BuildProgress();
    return { shown: lines.flatMap((line) => progress.add(line)), summary: progress.summary };
}

describe("BuildProgress", () => {
    it("shows a build as people read it, and sums it up", () => {
        const { shown, summary } = follow([
            vertex("i", "[internal] load build definition from Dockerfile", { started: time(0), completed: time(1) }),
            vertex("f", "[1/3] FROM registry/base:1", { started: time(1), completed: time(1), cached: true }),
            vertex("a", "[2/3] RUN one", { started: time(1), completed: time(2), cached: true }),
            vertex("b", "[3/3] RUN two"),
            vertex("b", "[3/3] RUN two", { started: time(2) }),
            JSON.stringify({ logs: [{ vertex: "b", data: base64("first\nsecond\n") }] }),
            JSON.stringify({ statuses: [{ id: "sha256:1", vertex: "a", current: 100 }] }),
            JSON.stringify({ statuses: [{ id: "sha256:1", vertex: "a", current: 300 }] }),
            JSON.stringify({ statuses: [{ id: "transferring context:", vertex: "i", current: 7 }] }),
            vertex("b", "[3/3] RUN two", { started: time(2), completed: time(5) }),
            vertex("l", "[3/3] LINK COPY --link a /", { started: time(5), completed: time(5) }),
            vertex("x", "exporting to image", { started: time(5), completed: time(8) }),
        ]);
        assert.deepEqual(shown, [
            "#1 [internal] load build definition from Dockerfile",
            "#1 DONE 1.0s",
            "#2 [1/3] FROM registry/base:1",
            "#2 CACHED",
            "#3 [2/3] RUN one",
            "#3 CACHED",
            "#4 [3/3] RUN two",
            "#4 first",
            "#4 second",
            "#4 DONE 3.0s",
            "#5 [3/3] LINK COPY --link a /",
            "#5 DONE 0.0s",
            "#6 exporting to image",
            "#6 DONE 3.0s",
        ]);
        assert.deepEqual(summary, { stepsCached: 1, stepsRun: 1, bytesRead: 300, seconds: { steps: 5, exports: 3 } });
    });

    it("names what failed, and counts it neither as cached nor as run", () => {
        const { shown, summary } = follow([
            vertex("a", "[1/1] RUN false", { started: time(0), completed: time(1), error: "exit code: 1" }),
            "ERROR: failed to build: exit code: 1",
        ]);
        assert.deepEqual(shown, [
            "#1 [1/1] RUN false",
            "#1 ERROR: exit code: 1",
            "ERROR: failed to build: exit code: 1",
        ]);
        assert.deepEqual([summary.stepsCached, summary.stepsRun], [0, 0]);
    });

    it("passes on what is no progress, and drops empty lines", () => {
        assert.deepEqual(follow(["", "text", "{not json"]).shown, ["text", "{not json"]);
    });

    it("shows warnings", () => {
        const warning = JSON.stringify({ warnings: [{ short: base64("JSONArgsRecommended") }] });
        assert.deepEqual(follow([warning]).shown, ["WARNING: JSONArgsRecommended"]);
    });

    it("sums up a build that did nothing", () => {
        const seconds = { steps: 0, exports: 0 };
        assert.deepEqual(follow([]).summary, { stepsCached: 0, stepsRun: 0, bytesRead: 0, seconds });
    });
});
