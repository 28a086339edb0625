import * as pulumi from "@pulumi/pulumi";
import { deployEnvironment, ImagePipeline, LambdaTarget } from "cached-image-pipeline";

const application = pulumi.getProject();
const environment = pulumi.getStack();
const functionName = `${application}-${environment}`;

const pipeline = new ImagePipeline("quotes", {
    images: [{ name: "function", compression: "gzip", pinnedStages: [{ name: "deps" }] }],
    lambdaFunctionNames: [functionName],
});

export const { images, buildProjectName } = pipeline;

const target = new LambdaTarget(
    "quotes",
    {
        application,
        environment,
        imageUri: images["function"]!.imageUri,
        credentials: pipeline.repositories["function"]!.credentials(),
    },
    // Lambda pulls the image when the function is created, which the repository has to allow by then.
    { dependsOn: pipeline },
);

export const { aliasArn } = target;

/** The variables of deploy/lambda.sh. */
export const deployEnv = pulumi
    .all([
        images["function"]!,
        {
            deployedTag: `deployed-${environment}`,
            lambdaFunction: target.functionName,
            lambdaAlias: target.aliasName,
            lambdaArchitecture: target.architecture,
        },
    ])
    .apply(([outputs, values]) => deployEnvironment([{ name: "function", outputs }], values));
