import assert from "node:assert/strict";
import { pipelineStages, pipelineTrigger } from "../../../infra/delivery/pipelineStages";

const connectionArn = "arn:aws:codeconnections:eu-central-1:123456789012:connection/1";
const repository = "acme/shop";
const action = (name: string) => ({ projectName: `shop-dev-${name}`, startRoleArn: `role-of-${name}` });
const parts = {
    source: { connectionArn, repository, roleArn: "role-of-source" },
    build: action("build"),
    scan: action("scan"),
    deploy: { ...action("deploy"), environment: "dev" },
    promotions: [
        { ...action("promote-test"), environment: "test" },
        { ...action("promote-prod"), environment: "prod" },
    ],
};
const codebuild = { category: "Build", owner: "AWS", provider: "CodeBuild", version: "1", inputArtifacts: ["Source"] };
const variables = (values: Record<string, string>) =>
    JSON.stringify(Object.entries(values).map(([name, value]) => ({ name, value, type: "PLAINTEXT" })));

describe("the stages of a delivery pipeline", () => {
    const stages = pipelineStages(parts);

    it("go from source to each environment in its order", () => {
        assert.deepEqual(
            stages.map(({ name, actions }) => [name, ...(actions as { name: string }[]).map((one) => one.name)]),
            [
                ["Source", "Source"],
                ["Build", "Build"],
                ["Scan", "Scan"],
                ["dev", "Deploy"],
                ["test", "Compare", "Approve", "Promote"],
                ["prod", "Compare", "Approve", "Promote"],
            ],
        );
    });

    it("hand on the digest that was built, never a tag", () => {
        const IMAGE_URI = "#{Build.IMAGE_URI}";
        const [, build, scan, dev, , prod] = stages;
        assert.deepEqual(build!.actions, [
            {
                ...codebuild,
                name: "Build",
                namespace: "Build",
                configuration: { ProjectName: "shop-dev-build" },
                roleArn: "role-of-build",
                runOrder: 1,
            },
        ]);
        assert.deepEqual(scan!.actions, [
            {
                ...codebuild,
                name: "Scan",
                namespace: "Scan",
                configuration: { ProjectName: "shop-dev-scan", EnvironmentVariables: variables({ IMAGE_URI }) },
                roleArn: "role-of-scan",
                runOrder: 1,
            },
        ]);
        assert.deepEqual(dev!.actions, [
            {
                ...codebuild,
                name: "Deploy",
                namespace: undefined,
                configuration: { ProjectName: "shop-dev-deploy", EnvironmentVariables: variables({ IMAGE_URI }) },
                roleArn: "role-of-deploy",
                runOrder: 1,
            },
        ]);
        const promote = { ...codebuild, roleArn: "role-of-promote-prod" };
        assert.deepEqual(prod!.actions, [
            {
                ...promote,
                name: "Compare",
                namespace: "Compare_prod",
                configuration: {
                    ProjectName: "shop-dev-promote-prod",
                    EnvironmentVariables: variables({ IMAGE_URI, COMPARE: "true" }),
                },
                runOrder: 1,
            },
            {
                name: "Approve",
                category: "Approval",
                owner: "AWS",
                provider: "Manual",
                version: "1",
                configuration: {
                    CustomData: "#{Compare_prod.CHANGE}, commit #{Source.CommitId}. Findings: #{Scan.FINDINGS}",
                },
                runOrder: 2,
            },
            {
                ...promote,
                name: "Promote",
                namespace: undefined,
                configuration: {
                    ProjectName: "shop-dev-promote-prod",
                    EnvironmentVariables: variables({ IMAGE_URI }),
                },
                runOrder: 3,
            },
        ]);
    });

    it("fetch the branch by the connection", () => {
        assert.deepEqual(stages[0]!.actions, [
            {
                name: "Source",
                category: "Source",
                owner: "AWS",
                provider: "CodeStarSourceConnection",
                version: "1",
                configuration: {
                    ConnectionArn: connectionArn,
                    FullRepositoryId: repository,
                    BranchName: "main",
                    OutputArtifactFormat: "CODE_ZIP",
                },
                outputArtifacts: ["Source"],
                namespace: "Source",
                roleArn: "role-of-source",
            },
        ]);
    });

    const table: [what: string, source: object, push: object][] = [
        ["pushes to the branch", {}, { branches: { includes: ["main"] } }],
        [
            "pushes to another branch that change some files",
            { branch: "next", paths: ["app/**"] },
            { branches: { includes: ["next"] }, filePaths: { includes: ["app/**"] } },
        ],
        ["tags", { tags: ["v*"] }, { tags: { includes: ["v*"] } }],
    ];
    for (const [what, source, push] of table) {
        it(`begin with ${what}`, () => {
            assert.deepEqual(pipelineTrigger({ connectionArn, repository, ...source }), {
                providerType: "CodeStarSourceConnection",
                gitConfiguration: { sourceActionName: "Source", pushes: [push] },
            });
        });
    }
});
