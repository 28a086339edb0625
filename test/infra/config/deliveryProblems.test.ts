import assert from "node:assert/strict";
import { deliveryProblems } from "../../../infra/config/deliveryProblems";
import { parseSettings } from "../../../infra/config/settings";

const connectionArn = "arn:aws:codeconnections:eu-central-1:123456789012:connection/1";
const delivery = { source: { connectionArn, repository: "acme/shop" }, target: "ecs" };
const git = { type: "GITHUB", location: "https://github.com/acme/shop.git", connectionArn };
const promotion = (environment: string) => ({ environment, target: "ecs" });

/** Settings, with the sentences about them; the project's name in front of each is left out. */
const table: [what: string, settings: Record<string, unknown>, ...problems: string[]][] = [
    ["a pipeline to a target of the stack", { delivery, ecs: { port: 80 } }],
    [
        "a pipeline with further environments and pull requests",
        {
            delivery: { ...delivery, promoteTo: [promotion("test"), promotion("prod")] },
            ecs: { port: 80 },
            source: { ...git, webhooks: true },
        },
    ],
    [
        "an environment that another one's pipeline releases to",
        { deliveredBy: { environment: "dev" }, ecs: { port: 80 } },
    ],
    ["no target", { delivery }, 'delivery.target is "ecs"; allowed: a target of this stack; set ecs'],
    [
        "an environment without a target",
        { deliveredBy: { environment: "dev" } },
        'deliveredBy is "dev"; allowed: a value with a target: ec2, ecs or lambda',
    ],
    [
        "images of others",
        { delivery, ecs: { port: 80 }, image: { source: "digest" } },
        'image.source is "digest"; allowed: build, with delivery',
    ],
    [
        "a second pipeline for the project",
        { delivery, ecs: { port: 80 }, source: { type: "CODEPIPELINE", artifactBucketArn: "arn:aws:s3:::artifacts" } },
        'source.type is "CODEPIPELINE"; allowed: another type, with delivery, since a project has one pipeline',
    ],
    [
        "builds of pushes beside the pipeline",
        { delivery, ecs: { port: 80 }, source: git },
        "source.webhooks is false; allowed: true, with delivery, whose own source builds all but pull requests",
    ],
    [
        "builds of tags beside the pipeline",
        { delivery, ecs: { port: 80 }, source: { ...git, webhooks: true, tagPattern: "v.*" } },
        'source.tagPattern is "v.*"; allowed: no value with delivery, which has source.tags',
    ],
    [
        "native builds",
        { delivery, ecs: { port: 80 }, nativeBuilds: true },
        "nativeBuilds is true; allowed: false, with delivery: AWS documents no variables of batches in pipelines",
    ],
    [
        "two pipelines for one environment",
        { delivery, ecs: { port: 80 }, deliveredBy: { environment: "test" } },
        'deliveredBy is "test"; allowed: no value with delivery',
    ],
    [
        "an environment of a stage's name",
        { delivery: { ...delivery, promoteTo: [promotion("Scan")] }, ecs: { port: 80 } },
        'delivery is for the environment "Scan"; allowed: names that are no stage of every pipeline (Source, Build, Scan)',
    ],
    [
        "an environment twice, and this one",
        {
            delivery: { ...delivery, promoteTo: [promotion("dev"), promotion("prod"), promotion("prod")] },
            ecs: { port: 80 },
        },
        'delivery.promoteTo is "dev" twice; allowed: each environment once, this stack\'s left out',
        'delivery.promoteTo is "prod" twice; allowed: each environment once, this stack\'s left out',
    ],
];

describe("deliveryProblems", () => {
    for (const [what, config, ...problems] of table) {
        it(`${problems.length === 0 ? "has nothing against" : "refuses"} ${what}`, () => {
            // GIVEN settings that are right one by one
            const texts = Object.entries(config).map(([key, value]) => [`shop:${key}`, JSON.stringify(value)]);
            const settings = parseSettings("shop", Object.fromEntries(texts) as Record<string, string>, (lines) =>
                assert.fail(lines.join("\n")),
            );
            // WHEN they are looked at together, THEN these are wrong
            assert.deepEqual(
                deliveryProblems("shop", "dev", settings),
                problems.map((line) => `shop:${line}`),
            );
        });
    }
});
