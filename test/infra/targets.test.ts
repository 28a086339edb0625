import assert from "node:assert/strict";
import { createRequire } from "node:module";
import * as path from "node:path";
import type { Output } from "@pulumi/pulumi";
import { copyPolicy } from "../../infra/ci/copyPolicy";
import { deployPolicy } from "../../infra/ci/deployPolicy";
import type { PromotionScope } from "../../infra/ci/promotionStatements";
import { repositoryPolicy } from "../../infra/image/repositoryPolicy";
import { accountId, digestOf, region, registry } from "../../local/mocks/mockOutputs";
import { mockPulumi, valueOf } from "../../local/mocks/mockPulumi";

const load = createRequire(__filename);
const programFile = path.resolve(__dirname, "../../infra/index.ts");
const title = "cached-image-pipeline-dev";
const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${accountId}:${resource}`;
const release = {
    parameterArn: arn("ssm", "parameter/cached-image-pipeline/dev/config/image-tag"),
    repositoryArn: arn("ecr", `repository/${title}`),
};
const otherAccount = "210987654321";
const ci = JSON.stringify({ github: { deploySubjects: ["repo:acme/shop:environment:dev"] } });

async function run(config: Record<string, string>) {
    const world = await mockPulumi({ config });
    delete load.cache[programFile];
    const outputs = load(programFile) as Record<string, Output<string>>;
    await world.settle();
    const lines = (await valueOf(outputs["deployEnv"]!)).split("\n");
    return { world, lines: lines.filter((line) => /^(ECS|LAMBDA)_/.test(line)) };
}

describe("the targets of the program", () => {
    it("are an ECS service, with a deploy role bound to it", async () => {
        const { world, lines } = await run({ ecs: '{"port":8080}', ci });
        assert.deepEqual(lines, [
            `ECS_CLUSTER=${title}`,
            `ECS_SERVICE=${title}`,
            "ECS_CONTAINER=app",
            `ECS_TASK_DEFINITION=${arn("ecs", `task-definition/${title}:1`)}`,
        ]);
        assert.equal(
            world.resource("RolePolicy ci-deploy-policy").inputs.policy,
            deployPolicy({
                release,
                ecs: {
                    serviceArn: arn("ecs", `service/${title}/${title}`),
                    taskDefinitionArn: arn("ecs", `task-definition/${title}:1`),
                    passedRoleArns: ["execution", "task"].map(
                        (role) => `arn:aws:iam::${accountId}:role/ecs-${role}-role-1a2b3c4`,
                    ),
                    subnetIds: ["subnet-private-1", "subnet-private-2"],
                },
            }),
        );
    });

    it("are a Lambda function, which the repository lets pull, with a deploy role bound to it", async () => {
        const { world, lines } = await run({ lambda: '{"memory":512}', ci });
        assert.deepEqual(lines, [`LAMBDA_FUNCTION=${title}`, "LAMBDA_ALIAS=live", "LAMBDA_ARCHITECTURE=x86_64"]);
        const functionArn = arn("lambda", `function:${title}`);
        assert.equal(
            world.resource("RolePolicy ci-deploy-policy").inputs.policy,
            deployPolicy({ release, lambda: { functionArn, repositoryArn: release.repositoryArn } }),
        );
        assert.deepEqual(JSON.parse(world.resource("RepositoryPolicy pipeline-app-policy").inputs.policy as string), {
            Version: "2012-10-17",
            Statement: [
                {
                    Sid: "PullForFunctions",
                    Effect: "Allow",
                    Principal: { Service: "lambda.amazonaws.com" },
                    Action: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
                    Condition: {
                        StringLike: { "aws:sourceArn": [arn("lambda", "function:cached-image-pipeline-*")] },
                    },
                },
            ],
        });
    });

    const running: [what: string, config: Record<string, string>, label: string, target: string][] = [
        ["an ECS service", { ecs: '{"port":8080}' }, "ecs-first-image", "Service ecs-service"],
        ["a Lambda function", { lambda: '{"memory":512}' }, "lambda-first-image", "Function lambda-function"],
        [
            "a Lambda function that runs a received image",
            { lambda: '{"memory":512}', image: '{"source":"digest"}', imageDigest: digestOf("received") },
            "lambda-first-image",
            "Function lambda-function",
        ],
    ];
    for (const [what, config, label, target] of running) {
        it(`keep the image that ${what} starts with, from when it is made`, async () => {
            const { world } = await run(config);
            const { inputs, options } = world.resource(label);
            const [source] = inputs.sources as string[];
            assert.match(source!, new RegExp(`^${registry}/${title}@sha256:`));
            assert.equal(inputs.tag, `${registry}/${title}:deployed-dev-first`);
            assert.deepEqual(options, {
                retainOnDelete: true,
                ignoreChanges: ["sources"],
                replaceWith: [target],
                dependsOn: [target],
            });
        });
    }

    it("are a Lambda function that is declared after the repository lets it pull", async () => {
        const { world } = await run({ lambda: '{"memory":512}' });
        assert.ok(
            world.resource("LambdaTarget lambda").options.dependsOn?.includes("RepositoryPolicy pipeline-app-policy"),
        );
    });

    it("may be a Lambda function of another environment, which the repository of this one lets pull", async () => {
        const { world } = await run({ lambdaFunctionNames: '["shop-prod","shop-*-eu"]' });
        const { policy } = world.resource("RepositoryPolicy pipeline-app-policy").inputs;
        const { Statement } = JSON.parse(policy as string) as { Statement: { Condition: unknown }[] };
        assert.deepEqual(
            Statement.map(({ Condition }) => Condition),
            [
                {
                    StringLike: {
                        "aws:sourceArn": [arn("lambda", "function:shop-prod"), arn("lambda", "function:shop-*-eu")],
                    },
                },
            ],
        );
    });

    describe("that read secrets under a key of one's own", () => {
        const key = (id: string) => `arn:aws:kms:${region}:${accountId}:key/${id}`;
        const settings = {
            ecs: '{"secretKeys":["PASSWORD"]}',
            ec2: '{"service":"go","composeFiles":["app/docker-compose.prod.yml"]}',
            buildSecrets: '{"npm":"shop/npm"}',
        };
        const readers = ["pipeline-build-policy", "ecs-execution-policy", "ec2-permissions"];
        const tried: [what: string, config: Record<string, string>, expected: string | undefined][] = [
            ["may decrypt with secretKmsKeyArn", { secretKmsKeyArn: key("1") }, key("1")],
            ["may with kmsKeyArn, where only that is given", { kmsKeyArn: key("2") }, key("2")],
            ["may with both keys", { kmsKeyArn: key("2"), secretKmsKeyArn: key("1") }, key("1")],
            ["may with none, where none is given", {}, undefined],
        ];
        for (const [what, config, expected] of tried) {
            it(`${what}: builds, tasks and instances`, async () => {
                const { world } = await run({ ...settings, ...config });
                for (const name of readers) {
                    const policy = world.resource(name).inputs.policy as string;
                    const { Statement } = JSON.parse(policy) as { Statement: Record<string, unknown>[] };
                    const keys = Statement.filter(({ Action }) => [Action].flat().includes("kms:Decrypt"));
                    assert.equal(
                        keys.some(({ Resource }) => [Resource].flat().includes(expected)),
                        expected !== undefined,
                        `${name}: ${JSON.stringify(keys)}`,
                    );
                }
            });
        }
    });

    const parameterOfTest = arn("ssm", "parameter/cached-image-pipeline/test/config/image-tag");
    const promotions: [what: string, settings: object, promotion: PromotionScope][] = [
        ["read another environment's releases", {}, { parameterArn: parameterOfTest }],
        [
            "read the proofs of the stack that builds as well",
            { bucketName: "shop-cache", kmsKeyArn: arn("kms", "key/1") },
            {
                parameterArn: parameterOfTest,
                proofs: { bucketArn: "arn:aws:s3:::shop-cache", kmsKeyArn: arn("kms", "key/1") },
            },
        ],
        [
            "copy images from its repository as well",
            { repositoryName: "shop-test" },
            {
                parameterArn: parameterOfTest,
                copy: { fromArn: arn("ecr", "repository/shop-test"), toArn: release.repositoryArn },
            },
        ],
    ];
    for (const [what, settings, promotion] of promotions) {
        it(`let the deploy role ${what} where ci.promoteFrom says so`, async () => {
            const promoteFrom = { environment: "test", ...settings };
            const { world } = await run({ ci: JSON.stringify({ ...(JSON.parse(ci) as object), promoteFrom }) });
            assert.equal(
                world.resource("RolePolicy ci-deploy-policy").inputs.policy,
                deployPolicy({ release, promotion }),
            );
        });
    }

    it("let a role of its own copy to the account that ci.promoteTo names", async () => {
        const promoteTo = { accountId: otherAccount, repositoryName: "shop-prod" };
        const { world } = await run({ ci: JSON.stringify({ ...(JSON.parse(ci) as object), promoteTo }) });
        assert.equal(world.resource("Role ci-copy-role").inputs.name, `${title}-copy`);
        assert.equal(
            world.resource("RolePolicy ci-copy-policy").inputs.policy,
            copyPolicy({
                releaseParameterArn: release.parameterArn,
                proofs: { bucketArn: `arn:aws:s3:::pipeline-cache-bucket-1a2b3c4` },
                repositoryArn: release.repositoryArn,
                copyToArn: `arn:aws:ecr:${region}:${otherAccount}:repository/shop-prod`,
            }),
        );
    });

    it("receive copies of the account that ci.promoteFrom names, and read nothing there", async () => {
        const promoteFrom = { environment: "test", accountId: otherAccount };
        const { world } = await run({ ci: JSON.stringify({ ...(JSON.parse(ci) as object), promoteFrom }) });
        assert.equal(world.resource("RolePolicy ci-deploy-policy").inputs.policy, deployPolicy({ release }));
        const { policy } = world.resource("RepositoryPolicy pipeline-app-policy").inputs;
        const copier = `arn:aws:iam::${otherAccount}:role/cached-image-pipeline-test-copy`;
        assert.equal(policy, repositoryPolicy({ functionArns: [], copyRoleArns: [copier] }));
    });
});
