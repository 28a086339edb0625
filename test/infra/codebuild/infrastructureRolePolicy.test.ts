import assert from "node:assert/strict";
import { accountId, region, registry } from "../../../local/mocks/mockOutputs";
import { args, boundaryArn, declare, iam, type Statement } from "./infrastructureFixture";

const pullRequestBoundaryArn = iam("policy/shop-dev-pull-request-boundary");
const roleArns = [iam("role/shop/dev/builds/*"), iam("role/shop/dev/pull-requests/*")];

describe("the permissions of updates in CodeBuild", () => {
    it("makes and changes roles only below the paths of builds and pull requests, each with its own boundary", async () => {
        const { statement, statements } = await declare();
        const bounded = (Sid: string, Resource: string, boundary: string) => ({
            Sid,
            Effect: "Allow",
            Action: ["iam:CreateRole", "iam:DeleteRolePolicy", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"],
            Resource,
            Condition: { StringEquals: { "iam:PermissionsBoundary": boundary } },
        });
        assert.deepEqual(
            [statement("ManageRolesOfBuilds"), statement("ManageRolesOfPullRequests")],
            [
                bounded("ManageRolesOfBuilds", roleArns[0]!, boundaryArn),
                bounded("ManageRolesOfPullRequests", roleArns[1]!, pullRequestBoundaryArn),
            ],
        );
        // No other statement writes to IAM, but for what gives no permissions.
        const written = statements
            .filter(({ Sid }) => !Sid.startsWith("ManageRolesOf"))
            .flatMap(({ Action, Resource }) => [Action].flat().map((action) => ({ action, resource: Resource })))
            .filter(({ action }) => /^iam:(?!Get|List)/.test(action));
        assert.deepEqual(
            written,
            ["DeleteRole", "TagRole", "UpdateAssumeRolePolicy", "UpdateRole", "PassRole"].map((action) => ({
                action: `iam:${action}`,
                resource: roleArns,
            })),
        );
    });

    it("can read its own role and project, not change them, and adds to its log without deleting from it", async () => {
        const { statements, boundary } = await declare();
        const own = [
            "role/shop/dev/infrastructure/",
            "project/shop-dev-infrastructure",
            "log-group:/aws/codebuild/shop-dev-infrastructure",
        ];
        const touching = (list: Statement[]) =>
            list.filter(({ Resource }) => own.some((one) => JSON.stringify(Resource).includes(one)));
        assert.deepEqual(
            touching(statements).map(({ Sid }) => Sid),
            ["WriteOwnLog", "ReadOwnRole", "ReadOwnProject"],
        );
        assert.deepEqual(touching(boundary), []);
        const actions = touching(statements).flatMap(({ Action }) => Action);
        assert.deepEqual(
            [...new Set(actions.filter((action) => !/:(Get|List|BatchGet)/.test(action)))],
            ["logs:CreateLogStream", "logs:PutLogEvents"],
        );
    });

    it("may pull base images of the account's registry, and do no more to them, as builds", async () => {
        const baseRegistry = `${registry}/docker-hub/library`;
        const { boundary, statements } = await declare({
            build: { ...args.build!, policy: { ...args.build!.policy, baseRegistry } },
        });
        const touching = [...statements, ...boundary].filter(({ Resource }) =>
            JSON.stringify(Resource).includes("docker-hub"),
        );
        assert.deepEqual(touching, [
            {
                Sid: "PullBaseImages",
                Effect: "Allow",
                Action: [
                    "ecr:BatchCheckLayerAvailability",
                    "ecr:BatchGetImage",
                    "ecr:BatchImportUpstreamImage",
                    "ecr:CreateRepository",
                    "ecr:GetDownloadUrlForLayer",
                ],
                Resource: [`arn:aws:ecr:${region}:${accountId}:repository/docker-hub/library/*`],
            },
        ]);
    });

    it("lets roles of builds report tests", async () => {
        const images = args.build!.images.map((image) => ({ ...image, testTarget: "results" }));
        const { boundary } = await declare({ build: { ...args.build!, images } });
        assert.deepEqual(boundary.find(({ Sid }) => Sid === "ReportTests")?.Resource, [
            `arn:aws:codebuild:${region}:${accountId}:report-group/shop-dev-tests`,
        ]);
    });

    it("reads and writes the state of its own stack only, and knows but the names of others", async () => {
        const { statements, boundary } = await declare();
        const bucket = "arn:aws:s3:::shop-state";
        const expected = [
            {
                Sid: "KeepState",
                Effect: "Allow",
                Action: ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
                Resource: [
                    `${bucket}/.pulumi/stacks/shop/dev.json*`,
                    `${bucket}/.pulumi/stacks/shop/dev.pulumi-tags`,
                    `${bucket}/.pulumi/*/shop/dev/*`,
                ],
            },
            {
                Sid: "ReadStateVersion",
                Effect: "Allow",
                Action: "s3:GetObject",
                Resource: `${bucket}/.pulumi/meta.yaml`,
            },
            {
                Sid: "FindState",
                Effect: "Allow",
                Action: ["s3:GetBucketAcl", "s3:GetBucketLocation", "s3:ListBucket"],
                Resource: bucket,
            },
            {
                Sid: "DeliverPlan",
                Effect: "Allow",
                Action: "s3:PutObject",
                Resource: `${bucket}/artifacts/shop-dev-infrastructure/*`,
            },
        ];
        const touching = [...statements, ...boundary].filter(({ Resource }) =>
            JSON.stringify(Resource).includes(bucket),
        );
        assert.deepEqual(touching, expected);
    });

    it("decrypts secrets of its own stack only, and with the key what S3 keeps in the state bucket", async () => {
        const { statements, boundary } = await declare();
        const expected = [
            {
                Sid: "UseSecretsOfStack",
                Effect: "Allow",
                Action: ["kms:Decrypt", "kms:Encrypt"],
                Resource: args.stateKeyArn,
                Condition: { StringEquals: { "kms:EncryptionContext:stack": "shop/dev" } },
            },
            {
                Sid: "EncryptStateBucket",
                Effect: "Allow",
                Action: [
                    "kms:Decrypt",
                    "kms:Encrypt",
                    "kms:GenerateDataKey",
                    "kms:GenerateDataKeyWithoutPlaintext",
                    "kms:ReEncryptFrom",
                    "kms:ReEncryptTo",
                ],
                Resource: args.stateKeyArn,
                Condition: {
                    StringLike: {
                        "kms:EncryptionContext:aws:s3:arn": ["arn:aws:s3:::shop-state", "arn:aws:s3:::shop-state/*"],
                    },
                },
            },
            {
                Sid: "DescribeStateKey",
                Effect: "Allow",
                Action: "kms:DescribeKey",
                Resource: args.stateKeyArn,
            },
        ];
        const touching = [...statements, ...boundary].filter(({ Resource }) =>
            JSON.stringify(Resource).includes("arn:aws:kms:"),
        );
        assert.deepEqual(touching, expected);
    });

    it("allows no wildcard as action, names each statement once, and fits into a role", async () => {
        const { statements, text } = await declare();
        assert.deepEqual(
            statements.flatMap(({ Action }) => Action).filter((action) => action.includes("*")),
            [],
        );
        assert.equal(new Set(statements.map(({ Sid }) => Sid)).size, statements.length);
        assert.ok(text.length <= 10240, `${text.length} characters`);
    });

    it("writes proofs as objects of the stack, and deletes none", async () => {
        const { statements, boundary } = await declare();
        const touching = [...boundary, ...statements].filter(({ Resource }) =>
            [Resource].flat().some((one) => one.includes("/built/")),
        );
        assert.deepEqual(
            touching.map(({ Sid, Action }) => [Sid, [Action].flat()]),
            [
                ["ProveBuilds", ["s3:GetObject", "s3:PutObject"]],
                ["ReadTagsOfProofs", ["s3:GetObjectTagging"]],
            ],
        );
    });

    it("writes what builds read, and deletes none of it: builds in the queue still name it", async () => {
        const { statement } = await declare();
        assert.deepEqual(statement("ManageBuildTools"), {
            Sid: "ManageBuildTools",
            Effect: "Allow",
            Action: ["s3:GetObject", "s3:GetObjectTagging", "s3:PutObject"],
            Resource: ["arn:aws:s3:::shop-cache/build-tools/*"],
        });
    });
});
