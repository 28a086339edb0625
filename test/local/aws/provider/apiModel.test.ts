import assert from "node:assert/strict";
import { loadApiModel, uncheckedConstraints, validateRequest } from "../../../../local/aws/provider/apiModel";
import { translatePattern } from "../../../../local/aws/provider/apiPattern";
import { apiModelsDirectory } from "./support";

interface Case {
    request: [service: string, operation: string, input: object];
    problems: string[];
}

const project = {
    name: "build",
    source: { type: "NO_SOURCE" },
    artifacts: { type: "NO_ARTIFACTS" },
    environment: { type: "LINUX_CONTAINER", image: "aws/codebuild/standard:7.0", computeType: "BUILD_GENERAL1_SMALL" },
    serviceRole: "arn:aws:iam::123456789012:role/build",
};

const cases: Record<string, Case> = {
    "a valid request": {
        request: ["ecr", "CreateRepository", { repositoryName: "team/app", imageTagMutability: "IMMUTABLE" }],
        problems: [],
    },
    "members that are undefined": {
        request: ["ecr", "CreateRepository", { repositoryName: "app", tags: undefined }],
        problems: [],
    },
    "a pattern without anchors, which AWS matches against the whole value": {
        request: ["ecr", "CreateRepository", { repositoryName: "Bad_Name" }],
        problems: [
            'repositoryName "Bad_Name" does not match ' +
                "[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(\\/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*",
        ],
    },
    "a missing member": { request: ["ecr", "CreateRepository", {}], problems: ["repositoryName is required"] },
    "an unknown member": {
        request: ["ecr", "CreateRepository", { repositoryName: "app", mutable: true }],
        problems: ["mutable is not a member that the API knows"],
    },
    "a wrong type": {
        request: ["logs", "PutRetentionPolicy", { logGroupName: "build", retentionInDays: "7" }],
        problems: ['retentionInDays "7" is not of type integer'],
    },
    "a value outside an enumeration": {
        request: ["ecr", "PutImageTagMutability", { repositoryName: "app", imageTagMutability: "FROZEN" }],
        problems: [
            'imageTagMutability "FROZEN" is not one of ' +
                "MUTABLE, IMMUTABLE, IMMUTABLE_WITH_EXCLUSION, MUTABLE_WITH_EXCLUSION",
        ],
    },
    "a text that is too short": {
        request: ["ecr", "CreateRepository", { repositoryName: "a" }],
        problems: ["repositoryName has 1 characters, at least 2 required"],
    },
    "a text that is too long": {
        request: ["iam", "GetRole", { RoleName: "r".repeat(65) }],
        problems: ["RoleName has 65 characters, at most 64 allowed"],
    },
    "a number out of range": {
        request: ["codebuild", "CreateProject", { ...project, timeoutInMinutes: 4 }],
        problems: ["timeoutInMinutes is 4, at least 5 required"],
    },
    "a list that is too long": {
        request: [
            "ecr",
            "CreateRepository",
            {
                repositoryName: "app",
                imageTagMutabilityExclusionFilters: Array(6).fill({ filterType: "WILDCARD", filter: "a" }),
            },
        ],
        problems: ["imageTagMutabilityExclusionFilters has 6 items, at most 5 allowed"],
    },
    "problems in a structure in a list": {
        request: [
            "codebuild",
            "CreateProject",
            {
                ...project,
                environment: {
                    ...project.environment,
                    environmentVariables: [{ name: "A", value: "1", kind: "x" }, { name: "B" }],
                },
            },
        ],
        problems: [
            "environment.environmentVariables[0].kind is not a member that the API knows",
            "environment.environmentVariables[1].value is required",
        ],
    },
    "problems in a map": {
        request: ["logs", "CreateLogGroup", { logGroupName: "build", tags: { "a*b": 1 } }],
        problems: [
            'tags key "a*b" does not match ^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+)$',
            'tags["a*b"] 1 is not of type string',
        ],
    },
    "a secret value, which is not shown": {
        request: ["ssm", "PutParameter", { Name: "/app", Value: 17 }],
        problems: ["Value (a secret value) is not of type string"],
    },
    "several problems at once": {
        request: ["ssm", "PutParameter", { Name: "", Type: "Text", Value: "v" }],
        problems: [
            "Name has 0 characters, at least 1 required",
            'Type "Text" is not one of String, StringList, SecureString',
        ],
    },
    bytes: { request: ["s3", "PutObject", { Bucket: "b", Key: "k", Body: Buffer.from("x") }], problems: [] },
    "an operation that the service does not have": {
        request: ["ecr", "BuildImage", {}],
        problems: ["is not an operation of ecr"],
    },
};

describe("validateRequest against AWS's models", () => {
    const directory = apiModelsDirectory();
    for (const [name, { request, problems }] of Object.entries(cases)) {
        it(name, () => {
            const [service, operation, input] = request;
            assert.deepEqual(validateRequest(loadApiModel(directory, service), operation, input), problems);
        });
    }
});

describe("uncheckedConstraints", () => {
    for (const service of ["codebuild", "ecr", "iam", "logs", "s3", "secretsmanager", "ssm", "sts"]) {
        it(`leaves out nothing of ${service}`, () => {
            assert.deepEqual(uncheckedConstraints(loadApiModel(apiModelsDirectory(), service)), []);
        });
    }

    it("names a pattern that JavaScript has no equal of", () => {
        const model = { service: "x", operations: {}, shapes: { Name: { type: "string", pattern: "a++" } } };
        assert.deepEqual(uncheckedConstraints(model), [
            { shape: "Name", constraint: "a++", reason: "it uses a possessive quantifier" },
        ]);
    });
});

describe("loadApiModel", () => {
    it("says what to do when there is no model", () => {
        assert.throws(() => loadApiModel("/nowhere", "ecr"), {
            message: "No API model of ecr in /nowhere; set AWS_API_MODELS to the data folder of an installed botocore.",
        });
    });
});

describe("translatePattern", () => {
    const table: { pattern: string; matches: string[]; refuses: string[] }[] = [
        { pattern: "[a-z]+", matches: ["abc"], refuses: ["abc1", ""] },
        { pattern: "^[a-z]+$", matches: ["abc"], refuses: ["1abc"] },
        { pattern: "(?i)all|[0-9]{2}", matches: ["ALL", "12"], refuses: ["123"] },
        { pattern: "[\\p{L}]+", matches: ["äß"], refuses: ["1"] },
        { pattern: "ecr\\-[\\w-_]*", matches: ["ecr-a_b"], refuses: ["ecr"] },
        { pattern: "[*+]+", matches: ["*+"], refuses: ["a"] },
    ];
    for (const { pattern, matches, refuses } of table) {
        it(pattern, () => {
            const translated = translatePattern(pattern);
            assert.ok("expression" in translated);
            const { expression } = translated;
            assert.deepEqual(
                [matches, refuses].map((texts) => texts.map((text) => expression.test(text))),
                [matches.map(() => true), refuses.map(() => false)],
            );
        });
    }

    for (const pattern of ["a++", "(?>a)", "[a-z&&[^b]]", "\\Aabc\\z", "[unclosed"]) {
        it(`gives a reason for ${pattern}`, () => assert.ok("reason" in translatePattern(pattern)));
    }
});
