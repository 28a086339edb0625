import assert from "node:assert/strict";
import {
    artifactFiles,
    cacheHitRatio,
    exportedValues,
    type ImageResult,
    metricsLine,
} from "../../../infra/buildTools/results";

const digest = `sha256:${"a".repeat(64)}`;
const adopted: ImageResult = { name: "api", repositoryUrl: "registry/api", tag: "src-1", digest, builds: [] };
const summary = { stepsCached: 3, stepsRun: 1, bytesRead: 1000, seconds: { steps: 2, exports: 0.5 } };
const built: ImageResult = { ...adopted, name: "web", repositoryUrl: "registry/web", builds: [summary, summary] };
const unpushed: ImageResult = { ...built, digest: undefined };

describe("cacheHitRatio", () => {
    const table: [what: string, results: ImageResult[], expected: number][] = [
        ["adopted images", [adopted], 1],
        ["a build", [built], 0.75],
        ["both", [adopted, built], 0.75],
        ["a build that ran all", [{ ...built, builds: [{ ...summary, stepsCached: 0 }] }], 0],
    ];
    for (const [what, results, expected] of table) {
        it(`is ${expected} for ${what}`, () => assert.equal(cacheHitRatio(results), expected));
    }
});

describe("exportedValues", () => {
    it("are those of the first image, with the ratio of all", () => {
        assert.deepEqual(exportedValues([adopted, built]), [`registry/api@${digest}`, digest, "src-1", "0.75"]);
    });

    it("are empty for what was not pushed", () => {
        assert.deepEqual(exportedValues([unpushed]), ["", "", "src-1", "0.75"]);
    });
});

describe("artifactFiles", () => {
    it("name all images by digest", () => {
        assert.deepEqual(artifactFiles([adopted, built]), {
            "imagedefinitions.json": [
                { name: "api", imageUri: `registry/api@${digest}` },
                { name: "web", imageUri: `registry/web@${digest}` },
            ],
            "imageDetail.json": { ImageURI: `registry/api@${digest}` },
        });
    });

    it("leave out what was not pushed", () => {
        assert.deepEqual(artifactFiles([unpushed]), { "imagedefinitions.json": [] });
    });
});

describe("metricsLine", () => {
    const marks = [
        { phase: "lookup", time: 1000 },
        { phase: "builder", time: 2500 },
        { phase: "build", time: 3000 },
        { phase: "end", time: 9000 },
    ];

    it("is one line in the embedded metric format, every metric with its value", () => {
        const line = metricsLine("shop-dev", [adopted, built], marks);
        assert.doesNotMatch(line, /\n/);
        const { _aws, ...values } = JSON.parse(line) as {
            _aws: { Timestamp: number; CloudWatchMetrics: { Metrics: { Name: string; Unit: string }[] }[] };
        } & Record<string, unknown>;
        assert.deepEqual(values, {
            Project: "shop-dev",
            ImagesAdopted: 1,
            ImagesBuilt: 1,
            StepsCached: 6,
            StepsRun: 2,
            BytesRead: 2000,
            SecondsLookup: 1.5,
            SecondsBuilder: 0.5,
            SecondsBuild: 6,
            SecondsTotal: 8,
            SecondsSteps: 4,
            SecondsExport: 1,
            CacheHitRatio: 0.75,
        });
        assert.equal(_aws.Timestamp, 9000);
        const [{ Metrics, ...directive } = { Metrics: [] }] = _aws.CloudWatchMetrics;
        assert.deepEqual(directive, { Namespace: "cached-image-pipeline", Dimensions: [["Project"]] });
        const names = Metrics.map(({ Name }) => Name);
        assert.deepEqual(
            names.sort(),
            Object.keys(values)
                .filter((name) => name !== "Project")
                .sort(),
        );
        const units = ["Count", "Bytes", "Seconds", "None"];
        for (const { Unit } of Metrics) assert.ok(units.includes(Unit), Unit);
    });
});
