import assert from "node:assert/strict";
import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { toolsDirectory } from "../../local/paths";
import { runCommand } from "../../local/toolchain/command";
import { mockPulumi } from "../support/mocks";

/** One remark of cfn-lint. */
interface Remark {
    Rule: { Id: string };
    Message: string;
    Location: { Path: string[] };
}

/**
 * Holds the declared policies and names against AWS's own data, which cfn-lint brings along: known actions, resource types and
 * condition keys of IAM, patterns and lengths of the resources. It proves the form, not that the permissions suffice.
 */
describe("the policies that the program declares", function () {
    this.timeout(60_000);

    it("are accepted by cfn-lint", async () => {
        const template = await declaredPolicies();
        assert.deepEqual(Object.keys(template.Resources).length, 4);
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

/** The program's policy documents as resources of a throw-away CloudFormation template. */
async function declaredPolicies(): Promise<{ Resources: Record<string, unknown> }> {
    const kmsKeyArn = "arn:aws:kms:eu-central-1:123456789012:key/12345678-1234-1234-1234-123456789012";
    const world = await mockPulumi({ config: { kmsKeyArn } });
    delete require.cache[require.resolve("../../infra")];
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- the program must be evaluated after the mocks are set
    require("../../infra");
    await world.settle();
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

async function lint(template: object): Promise<string[]> {
    const folder = await fs.mkdtemp(path.join(tmpdir(), "policies-"));
    try {
        const file = path.join(folder, "template.json");
        await fs.writeFile(file, JSON.stringify(template));
        const output = await runCommand(path.join(toolsDirectory, "python/bin/cfn-lint"), [
            ...["--format", "json", "--non-zero-exit-code", "none", "--template", file],
        ]);
        const remarks = JSON.parse(output || "[]") as Remark[];
        return remarks.map(({ Rule, Message, Location }) => `${Rule.Id} ${Location.Path.join(".")}: ${Message}`);
    } finally {
        await fs.rm(folder, { recursive: true });
    }
}
