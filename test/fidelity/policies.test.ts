import assert from "node:assert/strict";
import { buildRolePolicy } from "../../infra/codebuild/buildRolePolicy";
import { jobsTrustPolicy } from "../../infra/ci/ciIdentity";
import { approvalPolicy } from "../../infra/delivery/deliveryPolicies";
import { deployPolicy } from "../../infra/ci/deployPolicy";
import { ec2RolePolicy, ec2TrustPolicy } from "../../infra/release/ec2/ec2RolePolicy";
import { executionRolePolicy, tasksTrustPolicy } from "../../infra/release/ecs/ecsRolePolicies";
import { mockPulumi, type MockWorld } from "../../local/mocks/mockPulumi";
import { lint } from "./cfnLint";

/**
 * Compares the declared policies and names with AWS's own data in cfn-lint: known actions, resource types and condition keys of IAM,
 * patterns and lengths of the resources. This proves the form, not that the permissions suffice.
 */
describe("the policies that the program declares", function () {
    this.timeout(60_000);

    it("are accepted by cfn-lint", async () => {
        const template = await declaredPolicies();
        assert.deepEqual(Object.keys(template.Resources).length, 4);
        assert.deepEqual(await lint(template), []);
    });

    it("are accepted by cfn-lint with pull requests, updates in CodeBuild and a policy for callers of StartBuild", async () => {
        const template = await optionalPolicies();
        assert.deepEqual(Object.keys(template.Resources), [
            "RolePolicyInfrastructure",
            "RolePolicyBuild",
            "RolePolicyPullRequest",
            "PolicyInfrastructure",
            "PolicyPullRequest",
            "PolicyStartBuild",
        ]);
        assert.deepEqual(await lint(template), []);
    });

    it("are accepted by cfn-lint with a VPC, a pipeline and variables that are kept elsewhere", async () => {
        const PolicyDocument = JSON.parse(
            buildRolePolicy({
                repositoryArns: [`${ecr}/shop`],
                baseRepositoryArns: [`${ecr}/docker-hub/*`],
                logGroupArn: "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/codebuild/shop",
                bucketArn: "arn:aws:s3:::shop-cache",
                objectKeys: ["build-tools/1.js"],
                secretArns: ["arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop/npm-??????"],
                parameterArns: ["arn:aws:ssm:eu-central-1:123456789012:parameter/shop/region"],
                source: { artifactBucketArn: "arn:aws:s3:::pipeline-artifacts" },
                network: {
                    networkInterfaceArns: "arn:aws:ec2:eu-central-1:123456789012:network-interface/*",
                    subnetArns: ["arn:aws:ec2:eu-central-1:123456789012:subnet/subnet-1"],
                    securityGroupArns: ["arn:aws:ec2:eu-central-1:123456789012:security-group/sg-1"],
                },
            }),
        ) as unknown;
        const template = { Resources: { Policy: managedPolicy(PolicyDocument) } };
        assert.deepEqual(await lint(template), []);
    });

    it("are accepted by cfn-lint for the roles of deploys, tasks and functions", async () => {
        const arn = (service: string, resource: string) => `arn:aws:${service}:eu-central-1:123456789012:${resource}`;
        const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
        const repositoryArn = arn("ecr", "repository/shop");
        const documents = {
            Deploy: deployPolicy({
                release: { parameterArn: arn("ssm", "parameter/shop/dev/config/image-tag"), repositoryArn },
                ec2: {
                    documentArn: arn("ssm", "document/shop-dev-deploy"),
                    instanceArn: arn("ec2", "instance/*"),
                    instanceTag: { key: "Deploy", value: "shop-dev" },
                },
                ecs: {
                    serviceArn: arn("ecs", "service/shop-dev/shop-dev"),
                    taskDefinitionArn: arn("ecs", "task-definition/shop-dev:1"),
                    passedRoleArns: [role("execution"), role("task")],
                    subnetIds: ["subnet-1"],
                },
                lambda: { functionArn: arn("lambda", "function:shop-dev"), repositoryArn },
                promotion: {
                    parameterArn: arn("ssm", "parameter/shop/test/config/image-tag"),
                    proofs: {
                        bucketArn: "arn:aws:s3:::shop-test-cache",
                        kmsKeyArn: arn("kms", "key/12345678-1234-1234-1234-123456789012"),
                    },
                    copy: { fromArn: arn("ecr", "repository/shop-test"), toArn: repositoryArn },
                },
            }),
            Instance: ec2RolePolicy({
                repositoryArns: [repositoryArn],
                bucketArn: "arn:aws:s3:::shop-deploy",
                parameterArns: [arn("ssm", "parameter/shop/dev/config/directory-app")],
                secretArn: arn("secretsmanager", "secret:shop/dev-??????"),
                instanceArn: arn("ec2", "instance/*"),
                kmsKeyArn: arn("kms", "key/12345678-1234-1234-1234-123456789012"),
                secretKmsKeyArn: arn("kms", "key/12345678-1234-1234-1234-123456789012"),
            }),
            Approval: approvalPolicy(arn("codepipeline", "shop-dev"), [arn("codepipeline", "shop-dev/prod/Approve")]),
            Execution: executionRolePolicy({
                repositoryArn,
                logGroupArn: arn("logs", "log-group:/aws/ecs/shop-dev"),
                secretArn: arn("secretsmanager", "secret:shop/dev-??????"),
                secretKmsKeyArn: arn("kms", "key/12345678-1234-1234-1234-123456789012"),
            }),
        };
        const trust = jobsTrustPolicy([
            {
                providerArn: "arn:aws:iam::123456789012:oidc-provider/gitlab.com",
                issuer: "gitlab.com",
                audience: "https://gitlab.com",
                subjects: ["project_path:acme/shop:ref_type:branch:ref:main"],
            },
        ]);
        const roles = [
            trust,
            ec2TrustPolicy(),
            tasksTrustPolicy({ partition: "aws", region: "eu-central-1", accountId: "123456789012" }),
        ];
        const template = {
            Resources: Object.fromEntries([
                ...Object.entries(documents).map(([name, text]) => [name, managedPolicy(JSON.parse(text))]),
                ...roles.map((text, index) => [
                    `Role${index}`,
                    {
                        Type: "AWS::IAM::Role",
                        Properties: { AssumeRolePolicyDocument: JSON.parse(text) as unknown },
                    },
                ]),
            ]) as Record<string, unknown>,
        };
        assert.deepEqual(await lint(template), []);
    });

    it("would not be, with an action that does not exist (this test can fail)", async () => {
        const template = await declaredPolicies();
        const spoiled = JSON.parse(
            JSON.stringify(template).replace("ecr:PutImage", "ecr:PutImagee"),
        ) as typeof template;
        assert.deepEqual(
            (await lint(spoiled)).map((remark) => remark.split(" ")[0]),
            ["W3037"],
        );
    });
});

const ecr = "arn:aws:ecr:eu-central-1:123456789012:repository";

function managedPolicy(PolicyDocument: unknown): object {
    return { Type: "AWS::IAM::ManagedPolicy", Properties: { PolicyDocument } };
}

/** Declares the optional parts of the program, all switched on. */
async function optionalPolicies(): Promise<{ Resources: Record<string, unknown> }> {
    const source = {
        type: "GITHUB",
        location: "https://github.com/acme/shop.git",
        connectionArn: "arn:aws:codeconnections:eu-central-1:123456789012:connection/1",
        webhooks: true,
    };
    const infrastructure = {
        stateBucket: "shop-state",
        stateKeyArn: "arn:aws:kms:eu-central-1:123456789012:key/12345678-1234-1234-1234-123456789012",
        pulumiVersion: "3.248.0",
        pulumiChecksum: "0".repeat(64),
    };
    const world = await declareProgram({
        source: JSON.stringify(source),
        infrastructure: JSON.stringify(infrastructure),
    });
    const documents = (type: string) =>
        world.resourcesOfType(type).map(({ inputs }) => JSON.parse(inputs["policy"] as string) as unknown);
    const rolePolicies = documents("aws:iam/rolePolicy:RolePolicy");
    const policies = documents("aws:iam/policy:Policy");
    const { startBuildPolicy } = world.resource("ImagePipeline pipeline").outputs!;
    const named = [
        ...["Infrastructure", "Build", "PullRequest"].map((name, index) => [`RolePolicy${name}`, rolePolicies[index]]),
        ...["Infrastructure", "PullRequest"].map((name, index) => [`Policy${name}`, policies[index]]),
        ["PolicyStartBuild", JSON.parse(startBuildPolicy as string) as unknown],
    ] as [string, unknown][];
    assert.deepEqual([rolePolicies.length, policies.length], [3, 2]);
    return { Resources: Object.fromEntries(named.map(([name, document]) => [name, managedPolicy(document)])) };
}

/** Runs the program on a mocked engine. */
async function declareProgram(config: Record<string, string>): Promise<MockWorld> {
    const world = await mockPulumi({ config });
    delete require.cache[require.resolve("../../infra")];
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- the program must be evaluated after the mocks are set
    require("../../infra");
    await world.settle();
    return world;
}

/** Puts the program's policy documents into a throw-away CloudFormation template. */
async function declaredPolicies(): Promise<{ Resources: Record<string, unknown> }> {
    const kmsKeyArn = "arn:aws:kms:eu-central-1:123456789012:key/12345678-1234-1234-1234-123456789012";
    const world = await declareProgram({ kmsKeyArn });
    const { resources } = world;
    const inputsOf = (type: string) => {
        const found = resources.find((resource) => resource.type === type);
        assert.ok(found, `the program declares no ${type}`);
        return found.inputs as Record<string, string>;
    };
    const role = inputsOf("aws:iam/role:Role");
    const repository = inputsOf("aws:ecr/repository:Repository");
    return {
        Resources: {
            Role: {
                Type: "AWS::IAM::Role",
                Properties: { AssumeRolePolicyDocument: JSON.parse(role.assumeRolePolicy!) as unknown },
            },
            Policy: {
                Type: "AWS::IAM::RolePolicy",
                Properties: {
                    PolicyName: "policy",
                    RoleName: "role",
                    PolicyDocument: JSON.parse(inputsOf("aws:iam/rolePolicy:RolePolicy").policy!) as unknown,
                },
            },
            BucketPolicy: {
                Type: "AWS::S3::BucketPolicy",
                Properties: {
                    Bucket: "bucket",
                    PolicyDocument: JSON.parse(inputsOf("aws:s3/bucketPolicy:BucketPolicy").policy!) as unknown,
                },
            },
            Repository: {
                Type: "AWS::ECR::Repository",
                Properties: {
                    RepositoryName: repository.name,
                    ImageTagMutability: repository.imageTagMutability,
                    LifecyclePolicy: {
                        LifecyclePolicyText: inputsOf("aws:ecr/lifecyclePolicy:LifecyclePolicy").policy,
                    },
                },
            },
        },
    };
}
