import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { RunError } from "@pulumi/pulumi";
import { readConfig } from "../../../infra/config/config";
import { projectRoot } from "../../../local/paths";
import { mockPulumi, type MockOptions } from "../../../local/mocks/mockPulumi";

const digest = `sha256:${"a".repeat(64)}`;
const otherDigest = `sha256:${"b".repeat(64)}`;
const project = "cached-image-pipeline";

/** Renders a list of images as JSON text, as Pulumi passes it. */
function images(...list: unknown[]): Record<string, string> {
    return { images: JSON.stringify(list) };
}

async function assertRefused(options: MockOptions, lines: string[]): Promise<void> {
    const world = await mockPulumi(options);
    assert.throws(() => readConfig(), new RunError(lines.join("\n")));
    await world.settle();
    assert.deepEqual(world.resources, []);
}

const received = { image: '{"source":"digest"}' };
const repositoryNames = "2 to 256 lower-case letters and digits, with . _ __ - or / between them";
const missingDigest = "is missing; allowed: a digest, here or as imageDigest, since image.source is digest";
const needlessDigest = "allowed: no value, unless image.source is digest";
const sharedDigest = `imageDigest is "${digest}"; allowed: no value with several images, which have digest each`;
const wholeArn =
    "allowed: the secret's ARN, or another name: ECS takes a hyphen and six letters or digits at the end for the end of an ARN";
const stateKeyArn = "arn:aws:kms:eu-central-1:123456789012:key/1";
const infrastructure = JSON.stringify({
    stateBucket: "state",
    stateKeyArn,
    pulumiVersion: "3.248.0",
    pulumiChecksum: "a".repeat(64),
});
const noTargets = "allowed: no value with infrastructure, whose role updates no targets and no roles of jobs";
const api = { name: "api", context: "app" };

/** Settings that are right one by one and wrong together or here; the project's name in front of each line is left out. */
const wrong: [config: Record<string, string>, ...lines: string[]][] = [
    [
        { lambda: '{"memory":512}', ecs: '{"port":80}' },
        `lambda and ${project}:ecs both have a value; allowed: one of them`,
    ],
    [
        { lambda: '{"memory":512}', ...images({ name: "app", platforms: ["linux/amd64", "linux/arm64"] }) },
        "images[0].platforms is linux/amd64, linux/arm64; allowed: one platform, with lambda",
    ],
    [
        { lambda: '{"memory":512}', ...images({ name: "app", compression: "zstd" }) },
        'images[0].compression is "zstd"; allowed: gzip, with lambda, which takes no other',
    ],
    ...["eu-prod01", "test-secret", "shop/a-AbC123"].map((name): [Record<string, string>, string] => [
        { secretName: name, ecs: '{"secretKeys":["PASSWORD"]}' },
        `secretName is "${name}"; ${wholeArn}`,
    ]),
    [
        { infrastructure, ecs: '{"port":80}', ci: '{"github":{}}', ec2: '{"service":"go","composeFiles":["a"]}' },
        `ec2 has a value; ${noTargets}`,
        `ecs has a value; ${noTargets}`,
        `ci has a value; ${noTargets}`,
    ],
    [{ infrastructure, lambda: '{"memory":512}' }, `lambda has a value; ${noTargets}`],
    [
        { infrastructure, source: '{"type":"CODEPIPELINE","artifactBucketArn":"arn:aws:s3:::artifacts"}' },
        'source.type is "CODEPIPELINE"; allowed: another type, with infrastructure, whose project no pipeline starts',
    ],
    [
        { infrastructure, kmsKeyArn: stateKeyArn },
        `infrastructure.stateKeyArn is "${stateKeyArn}"; allowed: another key than kmsKeyArn, with which builds decrypt`,
    ],
    [images({ name: "app", context: "nowhere" }), 'images[0].context is "nowhere"; allowed: a folder that exists'],
    [
        images({ name: "app", context: "package.json" }),
        'images[0].context is "package.json"; allowed: a folder that exists',
    ],
    [images({ name: "nowhere" }), 'images[0].context is "nowhere"; allowed: a folder that exists'],
    [
        images({ name: "app", context: "infra" }),
        'images[0].dockerfile is "infra/Dockerfile"; allowed: a Dockerfile that exists',
    ],
    [
        images({ name: "app", dockerfile: "app/Nofile" }),
        'images[0].dockerfile is "app/Nofile"; allowed: a Dockerfile that exists',
    ],
    [images({ name: "app", dockerfile: "app" }), 'images[0].dockerfile is "app"; allowed: a Dockerfile that exists'],
    [
        images({ name: "app" }, { name: "a", context: "x" }, { name: "b", context: "y" }),
        'images[1].context is "x"; allowed: a folder that exists',
        'images[2].context is "y"; allowed: a folder that exists',
    ],
    [
        images({ name: "app" }, { name: "app", repositoryName: "other" }),
        'images[1].name is "app"; allowed: one that no other image has',
    ],
    [
        images({ name: "app" }, { ...api, repositoryName: `${project}-dev` }),
        `images[1].repositoryName is "${project}-dev"; allowed: one that no other image has`,
    ],
    [
        images({ name: "app", repositoryName: `${project}-dev/api` }, api),
        `images[1].repositoryName is "${project}-dev/api"; allowed: one that no other image has`,
    ],
    [received, `images[0].digest ${missingDigest}`],
    [{ ...received, ...images(api, { name: "web" }) }, ...[0, 1].map((n) => `images[${n}].digest ${missingDigest}`)],
    [{ ...received, ...images({ ...api, digest }, { name: "web" }) }, `images[1].digest ${missingDigest}`],
    [{ ...received, ...images(api, { name: "web" }), imageDigest: digest }, sharedDigest],
    [
        {
            ...received,
            ...images({ ...api, digest: otherDigest }, { name: "web", digest: otherDigest }),
            imageDigest: digest,
        },
        sharedDigest,
    ],
    [{ imageDigest: digest }, `imageDigest is "${digest}"; ${needlessDigest}`],
    [{ image: '{"source":"build"}', imageDigest: digest }, `imageDigest is "${digest}"; ${needlessDigest}`],
    [images({ name: "app" }, { ...api, digest }), `images[1].digest is "${digest}"; ${needlessDigest}`],
    [
        { ...images({ name: "app", digest: otherDigest }), imageDigest: digest },
        `imageDigest is "${digest}"; ${needlessDigest}`,
        `images[0].digest is "${otherDigest}"; ${needlessDigest}`,
    ],
];

describe("readConfig refuses", () => {
    for (const [config, ...lines] of wrong) {
        it(JSON.stringify(config), () =>
            assertRefused(
                { config },
                lines.map((line) => `${project}:${line}`),
            ),
        );
    }

    it("a context that is a link out of the source", async () => {
        const cache = path.join(projectRoot, "node_modules/.cache");
        fs.mkdirSync(cache, { recursive: true });
        const folder = fs.mkdtempSync(path.join(cache, "links-"));
        const outside = fs.mkdtempSync(path.join(os.tmpdir(), "outside-"));
        try {
            fs.writeFileSync(path.join(outside, "Dockerfile"), "FROM scratch\n");
            fs.symlinkSync(outside, path.join(folder, "context"));
            const context = path.relative(projectRoot, path.join(folder, "context"));
            const allowed = `what lies in the source; ${context} is a symbolic link that leads out of it`;
            await assertRefused({ config: images({ name: "app", context }) }, [
                `${project}:images[0].context is "${context}"; allowed: ${allowed}`,
            ]);
            await assertRefused({ config: images({ name: "app", dockerfile: `${context}/Dockerfile` }) }, [
                `${project}:images[0].dockerfile is "${context}/Dockerfile"; allowed: what lies in the source; ${context}/Dockerfile is a symbolic link that leads out of it`,
            ]);
        } finally {
            fs.rmSync(folder, { recursive: true });
            fs.rmSync(outside, { recursive: true });
        }
    });

    it("settings that are wrong by themselves, all at once", () =>
        assertRefused({ config: { cacheMode: "all", maxBuildCount: "0" } }, [
            `${project}:cacheMode is "all"; allowed: max, min, off`,
            `${project}:maxBuildCount is 0; allowed: 1 to 10000`,
        ]));

    it("everything that is wrong with a stack, all at once", () =>
        assertRefused(
            {
                stack: "feature..x",
                config: { ...images({ name: "app", context: "nowhere" }), imageDigest: digest },
            },
            [
                stackLine("feature..x"),
                `${project}:imageDigest is "${digest}"; ${needlessDigest}`,
                `${project}:images[0].context is "nowhere"; allowed: a folder that exists`,
                `${project}:repositoryName is "${project}-feature..x"; allowed: ${repositoryNames}`,
            ],
        ));

    it("a stack after whose name the secret would be called so that ECS does not find it", () =>
        assertRefused({ stack: "eu-prod01", config: { ecs: '{"secretKeys":["PASSWORD"]}' } }, [
            `${project}:secretName is "${project}/eu-prod01"; ${wholeArn}`,
        ]));

    for (const stack of ["v1.2", "a b", "a/b", "ü", "a".repeat(101)]) {
        it(`the stack ${stack}, whose name CodeBuild does not take`, () =>
            assertRefused({ stack, config: { repositoryName: "shop" } }, [stackLine(stack)]));
    }

    const tooLong = (what: string, name: string, limit: number) =>
        `The name of ${what} would be "${name}", ${name.length} characters; allowed: ${limit}, so shorten the project's or the stack's name`;
    const webhooks =
        '{"type":"GITHUB","location":"https://github.com/acme/shop.git","webhooks":true,' +
        '"connectionArn":"arn:aws:codeconnections:eu-central-1:123456789012:connection/1"}';
    const names: [lengthOfStack: number, config: Record<string, string>, problem: (title: string) => string[]][] = [
        [42, { lambda: '{"memory":512}' }, () => []],
        [43, { lambda: '{"memory":512}' }, (title) => [tooLong("the Lambda function", title, 64)]],
        [
            90,
            { source: webhooks },
            (title) => [tooLong("the boundary of pull requests", `${title}-pull-request-boundary`, 128)],
        ],
        [98, { infrastructure }, (title) => [tooLong("the boundary of builds", `${title}-boundary`, 128)]],
        [100, { ...images({ name: "app", testTarget: "a" }) }, () => []],
    ];
    for (const [length, config, problem] of names) {
        const stack = "x".repeat(length);
        const problems = problem(`${project}-${stack}`);
        it(`${problems.length === 0 ? "no" : "a"} stack of ${length} characters with ${Object.keys(config).join(", ")}`, async () => {
            const options = { stack, config: { repositoryName: "shop", ...config } };
            if (problems.length > 0) return assertRefused(options, problems);
            await mockPulumi(options);
            readConfig();
        });
    }

    it("a stack whose name, with a long one of the project, is too long for CodeBuild, its documents and its reports", () => {
        const long = "y".repeat(100);
        const stack = "x".repeat(60);
        const title = `${long}-${stack}`;
        return assertRefused(
            {
                project: long,
                stack,
                config: {
                    repositoryName: "shop",
                    ...images({ name: "app", testTarget: "a" }),
                    ec2: '{"service":"go","composeFiles":["a"]}',
                },
            },
            [
                tooLong("the CodeBuild project", title, 150),
                tooLong("the report group of builds", `${title}-tests`, 128),
                tooLong("the deploy document", `${title}-deploy`, 128),
            ],
        );
    });

    it("a stack whose name makes no name of a repository, for each image that would be called after it", () =>
        assertRefused(
            { stack: "_x", config: images({ name: "app" }, api, { ...api, name: "b", repositoryName: "b1" }) },
            [
                `${project}:repositoryName is "${project}-_x"; allowed: ${repositoryNames}`,
                `${project}:repositoryName is "${project}-_x/api"; allowed: ${repositoryNames}`,
            ],
        ));
});

function stackLine(name: string): string {
    return `The stack's name is "${name}"; allowed: up to 100 letters, digits, - and _`;
}
