import assert from "node:assert/strict";
import { encryptActions } from "../../../infra/codebuild/roleStatements";
import { type BuildRoleScope, buildRolePolicy, buildTrustPolicy } from "../../../infra/codebuild/buildRolePolicy";
import { unscopedActions } from "../../../infra/aws/unscopedActions";

const repositoryArn = "arn:aws:ecr:eu-central-1:123456789012:repository/shop";
const scope: BuildRoleScope = {
    repositoryArns: [repositoryArn],
    baseRepositoryArns: [],
    logGroupArn: "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/codebuild/shop",
    bucketArn: "arn:aws:s3:::shop-cache",
    objectKeys: ["build-tools/1.js"],
    secretArns: [],
    parameterArns: [],
    source: {},
};
const kmsKeyArn = "arn:aws:kms:eu-central-1:123456789012:key/1";

interface Statement {
    Sid: string;
    Effect: string;
    Action: string | string[];
    Resource: string | string[];
    Condition?: unknown;
}

function statements(extra: Partial<BuildRoleScope> = {}): Statement[] {
    const document = JSON.parse(buildRolePolicy({ ...scope, ...extra })) as { Version: string; Statement: Statement[] };
    assert.equal(document.Version, "2012-10-17");
    return document.Statement;
}

const always: Statement[] = [
    { Sid: "LogIn", Effect: "Allow", Action: ["ecr:GetAuthorizationToken"], Resource: "*" },
    {
        Sid: "PushImagesAndCache",
        Effect: "Allow",
        Action: [
            "ecr:BatchCheckLayerAvailability",
            "ecr:BatchGetImage",
            "ecr:CompleteLayerUpload",
            "ecr:GetDownloadUrlForLayer",
            "ecr:InitiateLayerUpload",
            "ecr:PutImage",
            "ecr:UploadLayerPart",
        ],
        Resource: [repositoryArn],
    },
    {
        Sid: "WriteLog",
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: [scope.logGroupArn, `${scope.logGroupArn}:*`],
    },
    {
        Sid: "ReadBuildTools",
        Effect: "Allow",
        Action: "s3:GetObject",
        Resource: ["arn:aws:s3:::shop-cache/build-tools/1.js"],
    },
    {
        Sid: "ProveBuilds",
        Effect: "Allow",
        Action: ["s3:GetObject", "s3:PutObject"],
        Resource: ["arn:aws:s3:::shop-cache/built/shop/*"],
    },
    {
        Sid: "DeliverArtifacts",
        Effect: "Allow",
        Action: ["s3:GetBucketAcl", "s3:GetBucketLocation", "s3:PutObject"],
        Resource: ["arn:aws:s3:::shop-cache", "arn:aws:s3:::shop-cache/artifacts/*"],
    },
    {
        Sid: "KeepCachedFolders",
        Effect: "Allow",
        Action: ["s3:GetObject", "s3:PutObject"],
        Resource: "arn:aws:s3:::shop-cache/build-cache/*",
    },
    {
        Sid: "FindCachedFolders",
        Effect: "Allow",
        Action: "s3:ListBucket",
        Resource: "arn:aws:s3:::shop-cache",
        Condition: { StringLike: { "s3:prefix": "build-cache/*" } },
    },
];

describe("buildRolePolicy", () => {
    it("has exactly these statements", () => {
        assert.deepEqual(statements(), always);
    });

    it("adds the base images' repositories, secrets and the key where there are any", () => {
        const base = "arn:aws:ecr:eu-central-1:123456789012:repository/docker-hub/*";
        const secret = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop/npm-??????";
        assert.deepEqual(statements({ baseRepositoryArns: [base], secretArns: [secret], kmsKeyArn }), [
            ...always.slice(0, 2),
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
                Resource: [base],
            },
            ...always.slice(2, 5),
            {
                Sid: "ReadBuildSecrets",
                Effect: "Allow",
                Action: "secretsmanager:GetSecretValue",
                Resource: [secret],
            },
            ...always.slice(5),
            {
                Sid: "UseEncryptionKey",
                Effect: "Allow",
                Action: [...encryptActions, "kms:DescribeKey"].sort(),
                Resource: [kmsKeyArn],
            },
        ]);
    });

    const sources: [what: string, source: BuildRoleScope["source"], ...expected: Statement[]][] = [
        [
            "a connection",
            { connectionArn: "arn:aws:codeconnections:eu-central-1:123456789012:connection/1" },
            {
                Sid: "UseSourceConnection",
                Effect: "Allow",
                Action: ["codeconnections:GetConnection", "codeconnections:GetConnectionToken"],
                Resource: ["arn:aws:codeconnections:eu-central-1:123456789012:connection/1"],
            },
        ],
        [
            "a connection of before the service was renamed",
            { connectionArn: "arn:aws:codestar-connections:eu-central-1:123456789012:connection/1" },
            {
                Sid: "UseSourceConnection",
                Effect: "Allow",
                Action: ["codestar-connections:GetConnection", "codestar-connections:GetConnectionToken"],
                Resource: ["arn:aws:codestar-connections:eu-central-1:123456789012:connection/1"],
            },
        ],
        [
            "a pipeline",
            { artifactBucketArn: "arn:aws:s3:::pipeline-artifacts" },
            {
                Sid: "PassPipelineArtifacts",
                Effect: "Allow",
                Action: ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"],
                Resource: ["arn:aws:s3:::pipeline-artifacts/*"],
            },
            {
                Sid: "FindPipelineArtifacts",
                Effect: "Allow",
                Action: ["s3:GetBucketAcl", "s3:GetBucketLocation"],
                Resource: ["arn:aws:s3:::pipeline-artifacts"],
            },
        ],
        [
            "an archive in S3",
            { s3ObjectArn: "arn:aws:s3:::sources/shop.zip" },
            {
                Sid: "ReadSource",
                Effect: "Allow",
                Action: ["s3:GetObject", "s3:GetObjectVersion"],
                Resource: ["arn:aws:s3:::sources/shop.zip"],
            },
        ],
    ];
    for (const [what, source, ...expected] of sources) {
        it(`adds ${what} as a source`, () => {
            assert.deepEqual(statements({ source }), always.toSpliced(3, 0, ...expected));
        });
    }

    it("adds the parameters that variables are taken from", () => {
        const parameter = "arn:aws:ssm:eu-central-1:123456789012:parameter/shop/region";
        assert.deepEqual(
            statements({ parameterArns: [parameter] }),
            always.toSpliced(5, 0, {
                Sid: "ReadBuildParameters",
                Effect: "Allow",
                Action: "ssm:GetParameters",
                Resource: [parameter],
            }),
        );
    });

    it("names every repository", () => {
        const repositoryArns = [repositoryArn, `${repositoryArn}-2`];
        assert.deepEqual(statements({ repositoryArns })[1]?.Resource, repositoryArns);
    });

    it("allows on every resource only what AWS knows no resource for, and no wildcard as action", () => {
        for (const { Action, Resource } of statements({ baseRepositoryArns: [repositoryArn], kmsKeyArn })) {
            const actions = [Action].flat();
            if ([Resource].flat().includes("*")) {
                assert.deepEqual(
                    actions.filter((action) => !(action in unscopedActions)),
                    [],
                );
            }
            assert.deepEqual(
                actions.filter((action) => !/^[a-z0-9]+:[A-Za-z]+$/.test(action)),
                [],
            );
        }
    });

    it("gives each statement a name of its own", () => {
        const names = statements({ baseRepositoryArns: [repositoryArn], kmsKeyArn }).map(({ Sid }) => Sid);
        assert.equal(new Set(names).size, names.length);
    });
});

describe("buildTrustPolicy", () => {
    it("trusts CodeBuild for builds of one project only", () => {
        const projectArn = "arn:aws:codebuild:eu-central-1:123456789012:project/shop";
        assert.deepEqual(JSON.parse(buildTrustPolicy(projectArn, "123456789012")), {
            Version: "2012-10-17",
            Statement: [
                {
                    Sid: "BuildsOfThisProject",
                    Effect: "Allow",
                    Principal: { Service: "codebuild.amazonaws.com" },
                    Action: "sts:AssumeRole",
                    Condition: { StringEquals: { "aws:SourceAccount": "123456789012", "aws:SourceArn": projectArn } },
                },
            ],
        });
    });
});
