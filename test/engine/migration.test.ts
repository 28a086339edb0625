import assert from "node:assert/strict";
import { CreateRepositoryCommand } from "@aws-sdk/client-ecr";
import { GetRoleCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { GetParametersCommand, PutParameterCommand } from "@aws-sdk/client-ssm";
import { lint } from "../fidelity/cfnLint";
import { awsClients } from "../support/engineWorld";
import { guideSection } from "../support/migration/guide";
import { summaryOf } from "../support/migration/migratingProject";
import { MigrationWorld } from "../support/migration/migrationWorld";
import { createProject, type OriginProject, projectFacts, pushImages } from "../support/migration/origins";
import { readTemplate, TemplateStack } from "../support/migration/templateStack";

/** Resource in a file of `pulumi import`. */
interface ListedResource {
    type: string;
    name: string;
    /** Name in the program, where `name` had to be made unique. @default - as name */
    logicalName?: string;
}

const taking = guideSection("Repository, project and log group");
/** Argument of the guide's program for origins that have a bucket. */
const bucketArgument = /^.*existingCacheBucketName.*\n/m;

describe("docs/guides/migration.md, what the guide imports,", function () {
    this.timeout(180_000);
    let world: MigrationWorld;

    before(async () => {
        world = await MigrationWorld.open();
    });
    after(() => world?.close());

    /** Origins with a repository and a project, by what has declared them. */
    const origins: {
        origin: string;
        repository: string;
        project: OriginProject;
        /** Members of `project` in the program besides the name. @default - none */
        settings?: string;
        bucket?: string;
    }[] = [
        {
            origin: "a repository with a generated name, and a project in a pipeline of CDK",
            repository: "pipeline-images9f0b1c2d-k3v7x2m8",
            project: {
                name: "PipelineBuildImage4A5B6C7D-x8Yz1",
                source: { type: "CODEPIPELINE", buildspec: "buildspec.yml" },
                artifacts: { type: "CODEPIPELINE" },
            },
            settings: 'source: { type: "CODEPIPELINE" }, pipelineArtifactBucketArn: "arn:aws:s3:::pipeline-artifacts"',
        },
        {
            origin: "a project that caches layers in the repository, for two architectures",
            repository: "streamlit-app",
            project: { name: "multi-arch-build", timeoutInMinutes: 90 },
        },
        {
            origin: "a project with a cache of folders in a bucket",
            repository: "python/chat",
            project: { name: "python-chat", cache: { type: "S3", location: "python-chat-cache/codebuild" } },
            bucket: "python-chat-cache",
        },
    ];

    for (const { origin, repository, project: declared, settings = "", bucket } of origins) {
        it(`takes over ${origin}`, async () => {
            // GIVEN the origin's resources, with images and what CodeBuild has cached
            const { s3 } = awsClients(world.engine);
            await world.createRepository(repository);
            await createProject(world.engine, declared);
            const cached = { Bucket: bucket, Key: "codebuild/pip" };
            if (bucket !== undefined) {
                await s3.send(new CreateBucketCommand({ Bucket: bucket }));
                await s3.send(new PutObjectCommand({ ...cached, Body: "wheel" }));
            }
            const projectBefore = await projectFacts(world.engine, declared.name!);
            // WHEN the files and commands of the guide are run with its names
            const withSettings = taking.program!.replace('projectName: "shop-builds"', `$&, ${settings}`);
            const program = bucket === undefined ? withSettings.replace(bucketArgument, "") : withSettings;
            const section = { ...taking, program };
            const names = { "shop-images": repository, "shop-builds": declared.name!, '"shop-cache"': `"${bucket}"` };
            const project = world.open(declared.name!, section, names);
            const summary = await world.keeping(repository, () => project.run(section.commands!));
            // THEN they are updated in place, and still the same
            assert.equal(summary.update, 3);
            assert.deepEqual([summary.replace, summary.delete], [undefined, undefined]);
            assert.deepEqual(await projectFacts(world.engine, declared.name!), projectBefore);
            if (bucket !== undefined) await s3.send(new HeadObjectCommand(cached));
            await world.release(project, section);
        });
    }

    it("takes over what a template of CloudFormation has made, and the stack can be deleted", async () => {
        // GIVEN a stack of the template, whose project has pushed images
        const template = readTemplate();
        assert.deepEqual(await lint(template), []);
        const stack = await TemplateStack.create(world.engine, template);
        const [repository, name] = ["amazon_linux_codebuild_image", "CBECRCacheDemoProject"];
        await pushImages(world.engine, repository, ["demo", "demo-2"]);
        const projectBefore = await projectFacts(world.engine, name);
        // WHEN the guide's commands take repository, project and log group over, and the stack is deleted but for what the guide retains
        const section = { ...taking, program: taking.program!.replace(bucketArgument, "") };
        const project = world.open("cloudformation", section, { "shop-images": repository, "shop-builds": name });
        const summary = await world.keeping(repository, async () => {
            const output = await project.run(section.commands!);
            await stack.delete(["ECRRepository", "CodeBuildProject"]);
            return output;
        });
        // THEN nothing was replaced, and both are the same after the stack has gone with its role
        assert.equal(summary.update, 3);
        assert.deepEqual([summary.replace, summary.delete], [undefined, undefined]);
        assert.deepEqual(await projectFacts(world.engine, name), projectBefore);
        const role = new GetRoleCommand({ RoleName: "codebuild-cache-CodeBuildServiceRole" });
        await assert.rejects(awsClients(world.engine).iam.send(role), { name: "NoSuchEntityException" });
        await world.release(project, section);
    });

    it("takes over parameters with their names and values", async () => {
        // GIVEN the parameters of a job that deploys by commit, and the repository that it pushes to
        const { ssm } = awsClients(world.engine);
        const values = { "image-tag": "4f2a9c1", "directory-app": "/srv/myapp", "secret-name": "prod/myapp" };
        for (const [leaf, Value] of Object.entries(values)) {
            await ssm.send(new PutParameterCommand({ Name: `/myapp/config/${leaf}`, Type: "String", Value }));
        }
        await world.createRepository("myapp");
        const section = guideSection("Parameters");
        // WHEN the guide's files are run by the commands of its first section
        const project = world.open("parameters", section, { "shop-images": "myapp" });
        const summary = await world.keeping("myapp", () => project.run(taking.commands!));
        // THEN they are updated in place, with the values that they had, and the repository is not touched
        assert.equal(summary.update, 3);
        assert.deepEqual([summary.replace, summary.delete], [undefined, undefined]);
        const Names = Object.keys(values).map((leaf) => `/myapp/config/${leaf}`);
        const { Parameters = [] } = await ssm.send(new GetParametersCommand({ Names }));
        const found = Parameters.map(({ Name, Value }) => [Name!.split("/").at(-1)!, Value]);
        assert.deepEqual(Object.fromEntries(found), values);
        await world.release(project, section);
    });

    it("has the names that pulumi preview --import-file lists", async () => {
        const program = taking.program!.replace(bucketArgument, "");
        const project = world.open("listed", { program });
        await project.run("pulumi stack init dev\npulumi config set aws:region eu-central-1");
        await project.run("pulumi preview --import-file all.json");
        const namesIn = (text: string) =>
            (JSON.parse(text) as { resources: ListedResource[] }).resources.map(
                ({ type, name, logicalName = name }) => `${type} ${logicalName}`,
            );
        const listed = namesIn(project.read("all.json"));
        assert.deepEqual(
            namesIn(taking.imports!).filter((one) => !listed.includes(one)),
            [],
        );
    });

    it("refuses in the preview to replace a repository whose encryption differs", async () => {
        // GIVEN a repository that a KMS key encrypts, which the program does not name
        const kmsKey = "arn:aws:kms:us-east-1:000000000000:key/11111111-2222-3333-4444-555555555555";
        const repositoryName = "encrypted";
        const encryptionConfiguration = { encryptionType: "KMS", kmsKey } as const;
        await awsClients(world.engine).ecr.send(
            new CreateRepositoryCommand({ repositoryName, encryptionConfiguration }),
        );
        await createProject(world.engine, { name: "encrypted-builds" });
        const section = { ...taking, program: taking.program!.replace(bucketArgument, "") };
        const project = world.open("encrypted", section, {
            "shop-images": repositoryName,
            "shop-builds": "encrypted-builds",
        });
        const [imports] = section.commands!.split("pulumi preview");
        await project.run(imports!);
        // WHEN and THEN
        const refusal = /unable to replace resource "[^"]+::shop-app-repository"/;
        assert.match(await project.refusal("pulumi preview"), refusal);
        assert.match(await project.refusal("pulumi up"), refusal);
        project.write(
            "index.ts",
            section.program.replace("repositoryName:", `kmsKeyArn: "${kmsKey}",\n    repositoryName:`),
        );
        assert.equal(summaryOf(await project.run("pulumi up")).replace, undefined);
    });
});
