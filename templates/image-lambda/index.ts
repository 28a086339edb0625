import * as pulumi from "@pulumi/pulumi";
import { deployEnvironment, ImagePipeline, type ImagePipelineArgs, LambdaTarget } from "cached-image-pipeline";

const application = pulumi.getProject();
const environment = pulumi.getStack();
// Further arguments of the pipeline, by stack: pulumi config set --path settings.cacheExpiryDays 14
const settings = new pulumi.Config().getObject<Partial<ImagePipelineArgs>>("settings");
const pipeline = new ImagePipeline("pipeline", {
    // Lambda takes layers that are compressed by gzip only.
    images: [{ name: "app", compression: "gzip" }],
    lambdaFunctionNames: [`${application}-${environment}`],
    ...settings,
});
const image = pipeline.images["app"]!;

// A function with the alias that its callers use. It starts with this image; from then on deploys move both.
const lambda = new LambdaTarget(
    "function",
    {
        application,
        environment,
        imageUri: image.imageUri,
        credentials: pipeline.repositories["app"]!.credentials(),
    },
    // By then, the repository lets Lambda pull.
    { dependsOn: pipeline },
);

export const { imageUri } = image;
export const { buildProjectName } = pipeline;
export const { aliasArn } = lambda;
/** Variables of deploy/lambda.sh. */
export const deployEnv = pulumi
    .all([
        image,
        {
            deployedTag: `deployed-${environment}`,
            lambdaFunction: lambda.functionName,
            lambdaAlias: lambda.aliasName,
            lambdaArchitecture: lambda.architecture,
        },
    ])
    .apply(([outputs, target]) => deployEnvironment([{ name: "app", outputs }], target));
