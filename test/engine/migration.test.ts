import assert from "node:assert/strict";
import { CreateRepositoryCommand, type ImageTagMutability } from "@aws-sdk/client-ecr";
import { GetRoleCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { GetParametersCommand, PutParameterCommand } from "@aws-sdk/client-ssm";
import { lint } from "../fidelity/cfnLint";
import { awsClients, engineWorld, type EngineWorld } from "../support/engineWorld";
import { type LanguageHost, serveLanguageHost } from "../support/languageHost";
import { awsxProgram } from "../support/migration/awsxProgram";
import { guideSection, type GuideSection } from "../support/migration/guide";
import { MigratingProject, type Summary, summaryOf } from "../support/migration/migratingProject";
import {
    createProject,
    type OriginProject,
    projectFacts,
    pushImages,
    repositoryFacts,
} from "../support/migration/origins";
import { readTemplate, TemplateStack } from "../support/migration/templateStack";

const taking = guideSection("Repository, project and log group");
/** The words of the guide for the option that refuses replacements, with and without its further members. */
const protection = /\s*protect: true,?/;
/** Argument of the guide's program for origins that have a bucket. */
const bucketArgument = /^.*existingCacheBucketName.*\n/m;

describe("docs/guides/migration.md", function () {
    this.timeout(180_000);
    let engine: EngineWorld;
    let host: LanguageHost;

    before(async () => {
        engine = await engineWorld();
        host = await serveLanguageHost();
    });
    after(() => host?.stop());

    /** Creates a repository with two images and their caches. */
    async function createRepository(repositoryName: string, imageTagMutability: ImageTagMutability = "MUTABLE") {
        await awsClients(engine).ecr.send(new CreateRepositoryCommand({ repositoryName, imageTagMutability }));
        await pushImages(engine, repositoryName, ["latest", "4f2a9c1"]);
    }

    /** Opens a project with the files of a section, in which names of the guide stand for those of an origin. */
    function open(name: string, section: GuideSection, names: Record<string, string> = {}): MigratingProject {
        const project = MigratingProject.create(engine, host, name, { "eu-central-1": engine.world.region, ...names });
        project.write("index.ts", section.program!);
        if (section.imports !== undefined) project.write("import.json", section.imports);
        return project;
    }

    /** Runs commands, and asserts that all that was in the repository is in it afterwards. @returns the summary of the update */
    async function keeping(repository: string, work: () => Promise<string>): Promise<Summary> {
        const before = await repositoryFacts(engine, repository);
        const summary = summaryOf(await work());
        const after = await repositoryFacts(engine, repository);
        assert.ok(before.length >= 5, before.join());
        assert.deepEqual(
            before.filter((fact) => !after.includes(fact)),
            [],
        );
        return summary;
    }

    /** Takes the protection out, as the guide says, and asserts that nothing changes by that. */
    async function release(project: MigratingProject, section: GuideSection): Promise<void> {
        project.write("index.ts", section.program!.replace(protection, ""));
        assert.deepEqual(summaryOf(await project.run("pulumi up --expect-no-changes")), {});
    }

    /** Origins with a repository and a project, by what has declared them. */
    const origins: { origin: string; repository: string; project: OriginProject; bucket?: string }[] = [
        {
            origin: "a repository with a generated name, and a project in a pipeline of CDK",
            repository: "pipeline-images9f0b1c2d-k3v7x2m8",
            project: {
                name: "PipelineBuildImage4A5B6C7D-x8Yz1",
                source: { type: "CODEPIPELINE", buildspec: "buildspec.yml" },
                artifacts: { type: "CODEPIPELINE" },
            },
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

    for (const { origin, repository, project: declared, bucket } of origins) {
        it(`takes over ${origin}`, async () => {
            // GIVEN the origin's resources, with images and what CodeBuild has cached
            const { s3 } = awsClients(engine);
            await createRepository(repository);
            await createProject(engine, declared);
            const cached = { Bucket: bucket, Key: "codebuild/pip" };
            if (bucket !== undefined) {
                await s3.send(new CreateBucketCommand({ Bucket: bucket }));
                await s3.send(new PutObjectCommand({ ...cached, Body: "wheel" }));
            }
            const projectBefore = await projectFacts(engine, declared.name!);
            // WHEN the files and commands of the guide are run with its names
            const program = bucket === undefined ? taking.program!.replace(bucketArgument, "") : taking.program;
            const section = { ...taking, program };
            const names = { "shop-images": repository, "shop-builds": declared.name!, '"shop-cache"': `"${bucket}"` };
            const project = open(declared.name!, section, names);
            const summary = await keeping(repository, () => project.run(section.commands!));
            // THEN they are updated in place, and still the same
            assert.equal(summary.update, 3);
            assert.deepEqual([summary.replace, summary.delete], [undefined, undefined]);
            assert.deepEqual(await projectFacts(engine, declared.name!), projectBefore);
            if (bucket !== undefined) await s3.send(new HeadObjectCommand(cached));
            await release(project, section);
        });
    }

    it("takes over what a template of CloudFormation has made, and the stack can be deleted", async () => {
        // GIVEN a stack of the template, whose project has pushed images
        const template = readTemplate();
        assert.deepEqual(await lint(template), []);
        const stack = await TemplateStack.create(engine, template);
        const [repository, name] = ["amazon_linux_codebuild_image", "CBECRCacheDemoProject"];
        await pushImages(engine, repository, ["demo", "demo-2"]);
        const projectBefore = await projectFacts(engine, name);
        // WHEN the guide's commands take repository, project and log group over, and the stack is deleted but for what the guide retains
        const section = { ...taking, program: taking.program!.replace(bucketArgument, "") };
        const project = open("cloudformation", section, { "shop-images": repository, "shop-builds": name });
        const summary = await keeping(repository, async () => {
            const output = await project.run(section.commands!);
            await stack.delete(["ECRRepository", "CodeBuildProject"]);
            return output;
        });
        // THEN nothing was replaced, and both are the same after the stack has gone with its role
        assert.equal(summary.update, 3);
        assert.deepEqual([summary.replace, summary.delete], [undefined, undefined]);
        assert.deepEqual(await projectFacts(engine, name), projectBefore);
        const role = new GetRoleCommand({ RoleName: "codebuild-cache-CodeBuildServiceRole" });
        await assert.rejects(awsClients(engine).iam.send(role), { name: "NoSuchEntityException" });
        await release(project, section);
    });

    it("takes over parameters with their names and values", async () => {
        // GIVEN the parameters of a job that deploys by commit, and the repository that it pushes to
        const { ssm } = awsClients(engine);
        const values = { "image-tag": "4f2a9c1", "directory-app": "/srv/myapp", "secret-name": "prod/myapp" };
        for (const [leaf, Value] of Object.entries(values)) {
            await ssm.send(new PutParameterCommand({ Name: `/myapp/config/${leaf}`, Type: "String", Value }));
        }
        await createRepository("myapp");
        const section = guideSection("Parameters");
        // WHEN the guide's files are run by the commands of its first section
        const project = open("parameters", section, { "shop-images": "myapp" });
        const summary = await keeping("myapp", () => project.run(taking.commands!));
        // THEN they are updated in place, with the values that they had, and the repository is not touched
        assert.equal(summary.update, 3);
        assert.deepEqual([summary.replace, summary.delete], [undefined, undefined]);
        const Names = Object.keys(values).map((leaf) => `/myapp/config/${leaf}`);
        const { Parameters = [] } = await ssm.send(new GetParametersCommand({ Names }));
        const found = Parameters.map(({ Name, Value }) => [Name!.split("/").at(-1)!, Value]);
        assert.deepEqual(Object.fromEntries(found), values);
        await release(project, section);
    });

    it("moves the repository of awsx within its stack", async () => {
        // GIVEN a stack of awsx with an image
        const project = open("earlier", { program: awsxProgram });
        await project.run(`pulumi stack init dev\npulumi config set aws:region eu-central-1\npulumi up`);
        const repository = (await project.run("pulumi stack output repositoryName")).trim();
        await pushImages(engine, repository, ["latest", "4f2a9c1"]);
        // WHEN the guide's program takes the place of awsx's
        const section = guideSection("awsx");
        project.rename({ "repo-1a2b3c4": repository });
        project.write("index.ts", section.program!);
        const summary = await keeping(repository, () => project.run(section.commands!));
        // THEN the repository is updated in place, only awsx's component leaves the state, and the new policy stays
        assert.deepEqual([summary.update, summary.replace, summary.delete], [1, undefined, 1]);
        const policy = `aws ecr get-lifecycle-policy --repository-name ${repository} --query lifecyclePolicyText`;
        assert.match(await project.run(policy), /deployed-\*/);
        await release(project, section);
    });

    it("leaves the images of CDK's assets and of SST's alone", async () => {
        // GIVEN the repositories of both bootstraps, which all applications share
        const shared = ["cdk-hnb659fds-container-assets-000000000000-us-east-1", "sst-asset"];
        for (const repository of shared) await createRepository(repository, "IMMUTABLE");
        // WHEN the program of five lines is added
        const program = taking.program!.replace(/^.*(repositoryName|existingCacheBucketName|project):.*\n/gm, "");
        const project = open("assets", { program });
        const commands = taking.commands!.replace(/^pulumi import .*\n/m, "");
        const summary = await keeping(shared[0]!, async () => {
            let output = "";
            await keeping(shared[1]!, async () => (output = await project.run(commands)));
            return output;
        });
        // THEN it only creates
        assert.deepEqual([summary.update, summary.replace, summary.delete], [undefined, undefined, undefined]);
    });

    it("uses the repository of docker/build-push-action as it is", async () => {
        await createRepository("action");
        const section = guideSection("docker/build-push-action");
        const project = open("action", section, { "shop-images": "action" });
        let tags = "";
        const summary = await keeping("action", async () => {
            const output = await project.run(
                "pulumi stack init dev\npulumi config set aws:region eu-central-1\npulumi up",
            );
            tags = await project.run(section.commands!);
            return output;
        });
        assert.deepEqual([summary.update, summary.replace, summary.delete], [undefined, undefined, undefined]);
        assert.match(tags, /"latest"/);
        assert.match(tags, /"src-[0-9a-f]{40}"/);
    });

    it("refuses in the preview to replace a repository whose encryption differs", async () => {
        // GIVEN a repository that a KMS key encrypts, which the program does not name
        const kmsKey = "arn:aws:kms:us-east-1:000000000000:key/11111111-2222-3333-4444-555555555555";
        const repositoryName = "encrypted";
        const encryptionConfiguration = { encryptionType: "KMS", kmsKey } as const;
        await awsClients(engine).ecr.send(new CreateRepositoryCommand({ repositoryName, encryptionConfiguration }));
        await createProject(engine, { name: "encrypted-builds" });
        const section = { ...taking, program: taking.program!.replace(bucketArgument, "") };
        const project = open("encrypted", section, {
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
