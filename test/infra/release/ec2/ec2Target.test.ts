import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { ec2Document } from "../../../../infra/release/ec2/ec2Document";
import { ec2RolePolicy, ec2TrustPolicy } from "../../../../infra/release/ec2/ec2RolePolicy";
import { Ec2Target, type Ec2TargetArgs } from "../../../../infra/release/ec2/ec2Target";
import { accountId, region } from "../../../../local/mocks/mockOutputs";
import { mockPulumi, valueOf } from "../../../../local/mocks/mockPulumi";

const repositoryArn = `arn:aws:ecr:${region}:${accountId}:repository/shop`;

async function declare(change: Partial<Ec2TargetArgs> = {}) {
    const world = await mockPulumi();
    const target = new Ec2Target("ec2", {
        application: "Shop",
        environment: "dev",
        repositoryUrl: "registry/shop",
        repositoryArn,
        composeFiles: [{ name: "compose.yml", content: "services: {}" }],
        service: "go",
        directoryAppParameter: "/shop/dev/config/directory-app",
        secretNameParameter: "/shop/dev/config/secret-name",
        secretName: "shop/dev",
        ...change,
    });
    await world.settle();
    return { world, target };
}

const documentSettings = {
    region,
    repositoryUrl: "registry/shop",
    bucketName: "ec2-bucket-1a2b3c4",
    composeFiles: ["compose.yml"],
    project: "shop-dev",
    service: "go",
    secretKeys: [],
    directoryAppParameter: "/shop/dev/config/directory-app",
    secretNameParameter: "/shop/dev/config/secret-name",
    healthSeconds: 120,
    keepImages: 3,
    timeoutSeconds: 900,
};

describe("Ec2Target", () => {
    it("declares a document, a versioned bucket with the compose files, and the instances' role", async () => {
        const { world, target } = await declare({ composeVariables: { PORT: "80", IMAGE: "$a" } });
        assert.deepEqual(world.tree(), [
            "Ec2Target ec2",
            "  Bucket ec2-bucket",
            "  BucketLifecycleConfiguration ec2-lifecycle",
            "  BucketObjectv2 ec2-compose-.env",
            "  BucketObjectv2 ec2-compose-compose.yml",
            "  BucketPolicy ec2-policy",
            "  BucketPublicAccessBlock ec2-public-access",
            "  BucketServerSideEncryptionConfiguration ec2-encryption",
            "  BucketVersioning ec2-versioning",
            "  Document ec2-document",
            "  InstanceProfile ec2-profile",
            "  Role ec2-role",
            "  RolePolicy ec2-permissions",
        ]);
        assert.deepEqual(world.resource("ec2-document").inputs, {
            name: "Shop-dev-deploy",
            documentType: "Command",
            documentFormat: "JSON",
            targetType: "/AWS::EC2::Instance",
            content: ec2Document(documentSettings),
        });
        assert.deepEqual(world.resource("ec2-versioning").inputs["versioningConfiguration"], { status: "Enabled" });
        assert.equal(world.resource("ec2-compose-.env").inputs["content"], "IMAGE='$a'\nPORT='80'\n");
        assert.equal(world.resource("ec2-role").inputs["assumeRolePolicy"], ec2TrustPolicy());
        assert.equal(
            world.resource("ec2-permissions").inputs["policy"],
            ec2RolePolicy({
                repositoryArns: [repositoryArn],
                bucketArn: "arn:aws:s3:::ec2-bucket-1a2b3c4",
                parameterArns: ["directory-app", "secret-name"].map(
                    (leaf) => `arn:aws:ssm:${region}:${accountId}:parameter/shop/dev/config/${leaf}`,
                ),
                secretArn: `arn:aws:secretsmanager:${region}:${accountId}:secret:shop/dev-??????`,
                instanceArn: `arn:aws:ec2:${region}:${accountId}:instance/*`,
            }),
        );
        assert.equal(await valueOf(target.targets), "Key=tag:Deploy,Values=Shop-dev");
        assert.equal(await valueOf(target.documentName), "Shop-dev-deploy");
    });

    it("gives the permissions to a role that the instances have", async () => {
        const { world, target } = await declare({
            existingRoleName: "hosts",
            instanceTag: { key: "Name", value: "web" },
        });
        assert.deepEqual(world.resourcesOfType("aws:iam/role:Role"), []);
        assert.deepEqual(world.resourcesOfType("aws:iam/instanceProfile:InstanceProfile"), []);
        assert.equal(world.resource("ec2-permissions").inputs["role"], "hosts");
        assert.equal(target.instanceProfileName, undefined);
        assert.equal(await valueOf(target.targets), "Key=tag:Name,Values=web");
    });
});

describe("the compose files of Ec2Target", () => {
    const file = (name: string) => ({ name, content: "services: {}" });

    it("override each other in the order of the argument", async () => {
        const { world } = await declare({ composeFiles: [file("compose.yml"), file("compose.override.yml")] });
        assert.equal(
            world.resource("ec2-document").inputs["content"],
            ec2Document({ ...documentSettings, composeFiles: ["compose.yml", "compose.override.yml"] }),
        );
    });

    it("take outputs of other resources, as their variables do", async () => {
        const { world } = await declare({
            composeFiles: [{ name: "compose.yml", content: pulumi.output("services: {}") }],
            composeVariables: { DATABASE: pulumi.output("db.internal") },
        });
        assert.equal(world.resource("ec2-compose-compose.yml").inputs["content"], "services: {}");
        assert.equal(world.resource("ec2-compose-.env").inputs["content"], "DATABASE='db.internal'\n");
    });

    const refused: [what: string, names: string[], path: string][] = [
        ["a name twice", ["compose.yml", "compose.yml"], "composeFiles[1].name"],
        ["the name of the variables", [".env"], "composeFiles[0].name"],
    ];
    for (const [what, names, propertyPath] of refused) {
        it(`refuse ${what}`, async () => {
            await assert.rejects(
                declare({ composeFiles: names.map(file) }),
                (error: unknown) =>
                    pulumi.InputPropertyError.isInstance(error) &&
                    error.propertyPath === propertyPath &&
                    error.reason ===
                        `it is "${names.at(-1)!}"; allowed: a name that no other file has, nor the one of the variables`,
            );
        });
    }
});

describe("ec2Document", () => {
    const document = JSON.parse(ec2Document({ ...documentSettings, project: "it's" })) as {
        parameters: Record<string, { type: string; allowedPattern: string; interpolationType: string }>;
        mainSteps: { inputs: { runCommand: string[]; timeoutSeconds: string } }[];
    };
    const script = document.mainSteps[0]!.inputs.runCommand.join("\n");

    it("takes a digest, with a pattern, as a variable, and nothing else: which service it replaces is fixed", () => {
        assert.deepEqual(Object.keys(document.parameters), ["Digest"]);
        const { type, interpolationType, allowedPattern } = document.parameters["Digest"]!;
        assert.deepEqual([type, interpolationType], ["String", "ENV_VAR"]);
        const tried: [string, boolean][] = [
            [`sha256:${"a".repeat(64)}`, true],
            [`sha256:${"a".repeat(64)}; reboot`, false],
            ["latest", false],
        ];
        for (const [value, allowed] of tried) assert.equal(new RegExp(allowedPattern).test(value), allowed, value);
        assert.ok(script.includes("\nSERVICE='go'\n"));
    });

    it("puts values into the script only for agents that know no variables, and quotes settings", () => {
        assert.deepEqual(script.match(/.*\{\{.*/g), ['if [ -z "${SSM_Digest+x}" ]; then SSM_Digest="{{Digest}}"; fi']);
        assert.ok(script.includes(`PROJECT='it'\\''s'\n`));
    });

    it("is small enough", () => assert.ok(ec2Document(documentSettings).length < 64 * 1024));
});
