import assert from "node:assert/strict";
import * as path from "node:path";
import { deployLine, type Outcome, summary, unchangedSummary } from "../../../local/commands/summary";
import { projectRoot } from "../../../local/paths";
import { lastRunFile } from "../../../local/world/stack/lastRun";
import type { DeployResult } from "../../../local/world/deployment";
import type { BuildSummary, ImageSummary, LastRun } from "../../../local/world/stack";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;
const earlier = `sha256:${"f".repeat(64)}`;
const repository = "127.0.0.1:40001/cached-image-pipeline-local";

const image: ImageSummary = {
    name: "app",
    digest,
    tag: "src-0123",
    seconds: 4.81,
    stepsCached: 4,
    stepsRun: 2,
    registryBytesDown: 66_730_000,
    registryBytesUp: 6_912_345,
};
const untouched = { ...image, seconds: 0, stepsCached: 0, stepsRun: 0, registryBytesDown: 0, registryBytesUp: 0 };
const build: BuildSummary = {
    id: "project:1",
    status: "SUCCEEDED",
    digest,
    builderStarted: false,
    seconds: 1.1,
    log: ".local/logs/codebuild.log",
};
const deploy: DeployResult = {
    status: "succeeded",
    imageBefore: `${repository}@${earlier}`,
    imageAfter: `${repository}@${digest}`,
    healthy: true,
    seconds: 4.21,
    address: "http://127.0.0.1:40002",
    requests: 120,
    failed: 3,
    longestGapSeconds: 0.42,
};
const run: LastRun = {
    stack: "local",
    changes: { create: 0, update: 2, replace: 1, delete: 0, same: 40 },
    outputs: { imageDigest: digest },
    images: [image],
    seconds: {
        tools: 1003.21,
        services: 11.9,
        baseImages: 30.8,
        databaseImage: 27.3,
        host: 0.02,
        up: 108.8,
        build: 11.1,
        deploy: 60.4,
        total: 1317.6,
    },
};
const next = [
    "Next: change a line below app/ and run `npm start` again; `npm run deploy -- --rollback` goes back to the last release.",
    "`npm run pipeline -- --yes` releases the last commit to two environments, `npm run outputs` prints the outputs,",
    "`npm test` runs every test, `npm run stop` removes everything.",
];

describe("the end of npm start", () => {
    it("says what changed, what each image cost, what CodeBuild did, how the deploy went, and what to do next", () => {
        assert.deepEqual(summary(run, { deployment: deployLine(deploy), build }).split("\n"), [
            "Stack local: 2 update, 1 replace, 40 same.",
            "Image app sha256:0123456789ab: 4.8 s, 2 steps run, 4 cached; 66.73 MB read, 6.91 MB written.",
            "CodeBuild adopted that image: no builder was started (1.1 s, log in .local/logs/codebuild.log).",
            "1318 s: tools 1003, services 11.9, base images 30.8, database 27.3, update 109, CodeBuild 11.1, deploy 60.4.",
            "Deploy succeeded in 4.2 s: sha256:ffffffffffff -> sha256:0123456789ab.",
            "http://127.0.0.1:40002 is ready; 3 of 120 requests failed meanwhile, longest gap 0.4 s.",
            "",
            ...next,
        ]);
    });

    it("has at most 15 lines of at most 120 columns, whatever happened", () => {
        const images = Array.from({ length: 12 }, (_, index) => ({ ...image, name: `service-with-a-name-${index}` }));
        const seconds = { ...run.seconds, host: 300.1, total: 1761.3, build: 100.1, deploy: 100.1, baseImages: 100.1 };
        const lines = summary({ ...run, images, seconds }, { deployment: deployLine(deploy), build }).split("\n");
        assert.equal(lines.length, 15);
        assert.equal(lines[6], `… and 7 more images: ${path.relative(projectRoot, lastRunFile())}`);
        assert.deepEqual(
            lines.filter((line) => line.length > 120),
            [],
        );
    });

    const single: [what: string, part: Partial<LastRun>, outcome: Partial<Outcome>, line: string][] = [
        [
            "an image that is there already",
            { images: [untouched] },
            {},
            "Image app sha256:0123456789ab: there already, nothing was built.",
        ],
        [
            "a CodeBuild build that made an image of its own",
            {},
            { build: { ...build, digest: earlier, builderStarted: true } },
            `CodeBuild built ${earlier} (1.1 s, log in .local/logs/codebuild.log).`,
        ],
        [
            "a CodeBuild build that failed",
            {},
            { build: new Error("It ended as FAILED.") },
            "CodeBuild: It ended as FAILED.",
        ],
        ["no deploy", {}, { deployment: "Not deployed: no Docker." }, "Not deployed: no Docker."],
    ];
    for (const [what, part, outcome, line] of single) {
        it(`says so of ${what}`, () => {
            const text = summary({ ...run, ...part }, { deployment: "", build, ...outcome });
            assert.deepEqual(
                text.split("\n").filter((one) => one === line),
                [line],
            );
        });
    }

    it("is short when there was nothing to do", () => {
        const unchanged = { time: "2026-01-02T03:04:05.678Z", image: `${repository}@${digest}`, port: 40002 };
        assert.deepEqual(unchangedSummary(unchanged).split("\n"), [
            "Nothing has changed since the start of 2026-01-02 03:04 UTC: sha256:0123456789ab runs.",
            "http://127.0.0.1:40002 is ready.",
            "",
            ...next,
        ]);
    });
});

describe("a deploy in two lines", () => {
    const deploys: [what: string, part: Partial<DeployResult>, lines: string[]][] = [
        [
            "the first",
            { imageBefore: null, requests: 0, failed: 0 },
            [
                "Deploy succeeded in 4.2 s: nothing -> sha256:0123456789ab.",
                "http://127.0.0.1:40002 is ready; 0 of 0 requests failed meanwhile.",
            ],
        ],
        [
            "one that failed",
            { status: "failed", imageAfter: `${repository}@${earlier}`, failed: 0 },
            [
                "Deploy failed in 4.2 s: sha256:ffffffffffff as before.",
                "http://127.0.0.1:40002 is ready; 0 of 120 requests failed meanwhile.",
            ],
        ],
    ];
    for (const [what, part, lines] of deploys) {
        it(`tells of ${what}`, () => assert.deepEqual(deployLine({ ...deploy, ...part }).split("\n"), lines));
    }
});
