import * as pulumi from "@pulumi/pulumi";
import { ImagePipeline, LambdaTarget } from "cached-image-pipeline";

const application = pulumi.getProject();
const environment = pulumi.getStack();
const functionName = `${application}-${environment}`;

const pipeline = new ImagePipeline("quotes", {
    images: [{ name: "function", compression: "gzip", pinnedStages: [{ name: "deps" }] }],
    lambdaFunctionNames: [functionName],
});

export const { images, buildProjectName } = pipeline;
const { imageUri, repositoryUrl, imageTagParameter } = images["function"]!;

// Lambda pulls the image when the function is created, which the repository has to allow by then.
const target = new LambdaTarget("quotes", { application, environment, imageUri }, { dependsOn: pipeline });
export const { aliasArn } = target;

/** The variables of deploy/lambda.sh. */
export const deployEnv = pulumi.interpolate`IMAGE_URI=${imageUri}
REPOSITORY_URL=${repositoryUrl}
IMAGE_TAG_PARAMETER=${imageTagParameter}
DEPLOYED_TAG=deployed-${environment}
LAMBDA_FUNCTION=${target.functionName}
LAMBDA_ALIAS=${target.aliasName}
LAMBDA_ARCHITECTURE=${target.architecture}`;
