import * as path from "node:path";
import { CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
    BatchGetProjectsCommand,
    CreateProjectCommand,
    type CreateProjectCommandInput,
} from "@aws-sdk/client-codebuild";
import { DescribeImagesCommand, DescribeRepositoriesCommand } from "@aws-sdk/client-ecr";
import { CreateRoleCommand } from "@aws-sdk/client-iam";
import { projectRoot } from "../../../local/paths";
import { awsClients, type EngineWorld, singleFile, writeContext } from "../engineWorld";
import { RegistryBuilds } from "../registryBuilds";

/** Settings of a project in which origins differ. */
export type OriginProject = Pick<CreateProjectCommandInput, "name"> & Partial<CreateProjectCommandInput>;

/** Trust policy that lets every project of CodeBuild assume a role, as guides have it. */
export const codebuildTrust = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: "codebuild.amazonaws.com" }, Action: "sts:AssumeRole" }],
});

/** Creates a role for a project. @returns its ARN */
export async function createRole(engine: EngineWorld, RoleName: string): Promise<string> {
    const command = new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: codebuildTrust });
    return (await awsClients(engine).iam.send(command)).Role!.Arn!;
}

/** Creates a project that has run once, so that CodeBuild has made its log group. */
export async function createProject(engine: EngineWorld, { name, ...settings }: OriginProject): Promise<void> {
    const { codebuild, logs } = awsClients(engine);
    await codebuild.send(
        new CreateProjectCommand({
            name,
            serviceRole: settings.serviceRole ?? (await createRole(engine, `${name}-role`)),
            source: {
                type: "NO_SOURCE",
                buildspec: "version: 0.2\nphases: { build: { commands: [docker build .] } }\n",
            },
            artifacts: { type: "NO_ARTIFACTS" },
            environment: {
                type: "LINUX_CONTAINER",
                image: "aws/codebuild/amazonlinux2-x86_64-standard:5.0",
                computeType: "BUILD_GENERAL1_SMALL",
                privilegedMode: true,
            },
            ...settings,
        }),
    );
    await logs.send(new CreateLogGroupCommand({ logGroupName: `/aws/codebuild/${name}` }));
}

/** Pushes an image for each tag, with a cache beside it, into a repository that is created unless it exists. */
export async function pushImages(engine: EngineWorld, repository: string, tags: string[]): Promise<void> {
    const builds = await RegistryBuilds.open(engine, repository);
    for (const tag of tags) {
        const context = await writeContext(`origin-${tag}`, singleFile(`${repository} ${tag}`));
        await builds.build(path.join(projectRoot, context), tag, { keepBuilder: true });
    }
}

/** Lists what a migration must not lose of a repository: its ARN and age, and each image with its tags. */
export async function repositoryFacts(engine: EngineWorld, repositoryName: string): Promise<string[]> {
    const { ecr } = awsClients(engine);
    const found = await ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [repositoryName] }));
    const { imageDetails = [] } = await ecr.send(new DescribeImagesCommand({ repositoryName }));
    const images = imageDetails.map(({ imageDigest, imageTags = [] }) => `${imageDigest} ${imageTags.sort().join()}`);
    return [...found.repositories!.map((one) => `${one.repositoryArn} ${one.createdAt?.toISOString()}`), ...images];
}

/** Tells which project it is: the ARN and the time of its creation. */
export async function projectFacts(engine: EngineWorld, name: string): Promise<string[]> {
    const { projects = [] } = await awsClients(engine).codebuild.send(new BatchGetProjectsCommand({ names: [name] }));
    return projects.map(({ arn, created }) => `${arn} ${created?.toISOString()}`);
}
