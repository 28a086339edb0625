import assert from "node:assert/strict";
import { BuildSteps } from "../../../../local/world/stack/buildSteps";

interface Case {
    title: string;
    lines: string[];
    expected: { cached: number; run: number; current?: string };
}

const cases: Case[] = [
    {
        title: "BuildKit's own work and base images are no steps",
        lines: [
            "#1 [internal] load build definition from Dockerfile",
            "#1 DONE 0.0s",
            "#2 [auth] team/app:pull,push token for registry",
            "#2 DONE 0.1s",
            "#3 [context deps] load metadata for registry/app:deps",
            "#3 DONE 0.1s",
            "#4 [build 1/3] FROM registry/base/golang:1.26@sha256:0123",
            "#4 DONE 2.0s",
            "#5 importing cache manifest from registry/app:cache-main-amd64",
            "#5 DONE 0.1s",
            "#6 exporting to image",
            "#6 DONE 0.4s",
        ],
        expected: { cached: 0, run: 0 },
    },
    {
        title: "a step is run, another found in the cache, also with a platform in its name",
        lines: [
            "#7 [build 2/3] COPY go.mod ./",
            "#7 CACHED",
            "#8 [linux/arm64 build 3/3] RUN go build",
            "#8 0.512 some output",
            "#8 DONE 3.1s",
        ],
        expected: { cached: 1, run: 1 },
    },
    {
        title: "a cached step whose layers are fetched stays a cached one",
        lines: [
            "#7 [build 2/3] COPY go.mod ./",
            "#7 CACHED",
            "#7 sha256:0123 1.0MB / 2.0MB 0.1s",
            "#7 sha256:0123 2.0MB / 2.0MB 0.2s done",
            "#7 DONE 0.3s",
        ],
        expected: { cached: 1, run: 0 },
    },
    {
        title: "a step whose result is fetched was cached, also when BuildKit does not say so",
        lines: [
            "#7 [build 3/3] RUN go build",
            "#7 sha256:0123456789abcdef 1.0MB / 2.0MB 0.1s",
            "#7 extracting sha256:0123456789abcdef 0.1s done",
            "#7 DONE 0.3s",
        ],
        expected: { cached: 1, run: 0 },
    },
    {
        title: "output that looks like progress of an unknown step is passed over",
        lines: ["#9 DONE 1.0s", "not progress", "#7 [2/2] RUN echo", "#7 DONE pretending", "#7 0.1 #7 CACHED"],
        expected: { cached: 0, run: 0, current: "[2/2] RUN echo" },
    },
    {
        title: "a failed step was neither run nor cached, and is over",
        lines: [
            "#7 [2/2] RUN false",
            '#7 ERROR: process "/bin/sh -c false" did not complete successfully: exit code: 1',
        ],
        expected: { cached: 0, run: 0 },
    },
    {
        title: "the step begun last is the current one",
        lines: ["#7 [a 2/2] RUN one", "#8 [b 2/2] RUN two", "#8 DONE 0.1s"],
        expected: { cached: 0, run: 1, current: "[a 2/2] RUN one" },
    },
];

describe("the steps of a build", () => {
    for (const { title, lines, expected } of cases) {
        it(title, () => {
            const steps = new BuildSteps();
            for (const line of lines) steps.add(line);
            const { cached, run, current } = steps;
            assert.deepEqual({ cached, run, current }, { current: undefined, ...expected });
        });
    }
});
