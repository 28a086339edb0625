import * as fs from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { deployEnvironment, Ec2Target, ImagePipeline, type ImagePipelineArgs } from "cached-image-pipeline";

const application = pulumi.getProject();
const environment = pulumi.getStack();
// Further arguments of the pipeline, by stack: pulumi config set --path settings.cacheExpiryDays 14
const settings = new pulumi.Config().getObject<Partial<ImagePipelineArgs>>("settings");
const pipeline = new ImagePipeline("pipeline", { images: [{ name: "app" }], ...settings });
const image = pipeline.images["app"]!;

// A document of Systems Manager that deploys to the instances with the tag Deploy=<project>-<stack>, and their role.
const instances = new Ec2Target("instances", {
    application,
    environment,
    repositoryUrl: image.repositoryUrl,
    repositoryArn: pipeline.repositoryArns["app"]!,
    composeFiles: [{ name: "docker-compose.yml", content: fs.readFileSync("docker-compose.yml", "utf8") }],
    service: "app",
    directoryAppParameter: pipeline.directoryAppParameter,
    secretNameParameter: pipeline.secretNameParameter,
    secretName: `${application}/${environment}`,
    forceDestroy: settings?.forceDestroy,
});

export const { imageUri } = image;
export const { buildProjectName } = pipeline;
/** Instance profile to give to the instances. */
export const { instanceProfileName } = instances;
/** Variables of deploy/ec2.sh. */
export const deployEnv = pulumi
    .all([
        image,
        {
            deployedTag: `deployed-${environment}`,
            deployDocument: instances.documentName,
            deployTargets: instances.targets,
        },
    ])
    .apply(([outputs, target]) => deployEnvironment([{ name: "app", outputs }], target));
