import assert from "node:assert/strict";
import {
    baseRepositoryArns,
    type BuildRoleScope,
    buildRolePolicy,
    buildTrustPolicy,
} from "../../../infra/build/buildRolePolicy";
import { unscopedActions } from "../../../infra/iam/unscopedActions";

const repositoryArn = "arn:aws:ecr:eu-central-1:123456789012:repository/shop";
const scope: BuildRoleScope = {
    repositoryArns: [repositoryArn],
    baseRepositoryArns: [],
    logGroupArn: "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/codebuild/shop",
    bucketArn: "arn:aws:s3:::shop-cache",
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

    it("adds the base images' repositories and the key where there are any", () => {
        const base = "arn:aws:ecr:eu-central-1:123456789012:repository/docker-hub/*";
        assert.deepEqual(statements({ baseRepositoryArns: [base], kmsKeyArn }), [
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
            ...always.slice(2),
            {
                Sid: "UseEncryptionKey",
                Effect: "Allow",
                Action: ["kms:Decrypt", "kms:GenerateDataKey"],
                Resource: [kmsKeyArn],
            },
        ]);
    });

    it("names every repository", () => {
        const repositoryArns = [repositoryArn, `${repositoryArn}-2`];
        assert.deepEqual(statements({ repositoryArns })[1]?.Resource, repositoryArns);
    });

    it("allows on every resource only what AWS knows no resource for, and no wildcard as action", () => {
        for (const { Action, Resource } of statements({ baseRepositoryArns: [repositoryArn], kmsKeyArn })) {
            const actions = [Action].flat();
            if ([Resource].flat().includes("*")) assert.deepEqual(actions, Object.keys(unscopedActions));
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

describe("baseRepositoryArns", () => {
    const host = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";
    const arn = "arn:aws:ecr:eu-central-1:123456789012:repository";
    const table: [what: string, baseRegistry: string, url: string, arn: string, expected: string[]][] = [
        [
            "a pull-through cache",
            `${host}/docker-hub/library`,
            `${host}/shop`,
            `${arn}/shop`,
            [`${arn}/docker-hub/library/*`],
        ],
        ["the whole registry", host, `${host}/shop`, `${arn}/shop`, [`${arn}/*`]],
        ["a repository in a folder", `${host}/base`, `${host}/a/b/c`, `${arn}/a/b/c`, [`${arn}/base/*`]],
        ["a public registry", "public.ecr.aws/docker/library", `${host}/shop`, `${arn}/shop`, []],
        ["another region", `${host.replace("eu-central-1", "us-east-1")}/base`, `${host}/shop`, `${arn}/shop`, []],
        ["another account", `${host.replace("1234", "4321")}/base`, `${host}/shop`, `${arn}/shop`, []],
        ["a host that begins alike", `${host}.example.com/base`, `${host}/shop`, `${arn}/shop`, []],
        ["a local registry", "127.0.0.1:5000/base", "127.0.0.1:5000/shop", `${arn}/shop`, [`${arn}/base/*`]],
        ["a port that begins alike", "127.0.0.1:500/base", "127.0.0.1:5000/shop", `${arn}/shop`, []],
        ["another local port", "127.0.0.1:5001/base", "127.0.0.1:5000/shop", `${arn}/shop`, []],
        [
            "another partition",
            "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/base",
            "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/shop",
            "arn:aws-cn:ecr:cn-north-1:123456789012:repository/shop",
            ["arn:aws-cn:ecr:cn-north-1:123456789012:repository/base/*"],
        ],
    ];
    for (const [what, baseRegistry, url, repository, expected] of table) {
        it(`finds ${expected.join() || "none"} for ${what}`, () => {
            assert.deepEqual(baseRepositoryArns(baseRegistry, url, repository), expected);
        });
    }
});
