import { lambdaDeployStatements } from "../../infra/release/lambda/lambdaDeployStatements";
import { releaseStatements } from "../../infra/release/releaseStatements";
import { parameterName, repositoryName } from "./deployWorld";
import { startScriptedWorld } from "./scriptedWorld";

const arn = (service: string, resource: string) => `arn:aws:${service}:eu-central-1:000000000000:${resource}`;

/** Name of the tests' function. */
export const functionName = "shop-dev";

/** Deploy world with the function that LambdaTarget declares. */
export type LambdaWorld = Awaited<ReturnType<typeof startLambdaWorld>>;

/** Starts the world; the alias names version 1, which runs the first image. */
export async function startLambdaWorld() {
    const world = await startScriptedWorld();
    const { aws } = world;
    const digests = [await world.pushImage("one"), await world.pushImage("two"), await world.pushImage("three")];
    const imageUri = (index: number) => `${world.repositoryUrl}@${digests[index]}`;
    await world.putParameter(imageUri(0));
    const trust = { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" };
    await aws(
        ...["iam", "create-role", "--role-name", "shop-function"],
        ...["--assume-role-policy-document", JSON.stringify({ Version: "2012-10-17", Statement: [trust] })],
    );
    await aws(
        ...["lambda", "create-function", "--function-name", functionName, "--package-type", "Image", "--publish"],
        ...["--code", `ImageUri=${imageUri(0)}`, "--role", "arn:aws:iam::000000000000:role/shop-function"],
    );
    await aws(
        ...["lambda", "create-alias", "--function-name", functionName, "--name", "live", "--function-version", "1"],
    );
    const repositoryArn = arn("ecr", `repository/${repositoryName}`);
    const credentials = await world.assumeDeployRole([
        ...releaseStatements({ parameterArn: arn("ssm", `parameter${parameterName}`), repositoryArn }),
        ...lambdaDeployStatements({ functionArn: arn("lambda", `function:${functionName}`), repositoryArn }),
    ]);

    const job = {
        ...credentials,
        LAMBDA_FUNCTION: functionName,
        LAMBDA_ALIAS: "live",
        LAMBDA_ARCHITECTURE: "x86_64",
        DEPLOY_DEADLINE: "30",
    };

    return {
        ...world,
        credentials,
        digests,
        imageUri,

        /** Runs deploy/lambda.sh under the declared deploy role. */
        deployImage: (image: string, variables: Record<string, string> = {}) =>
            world.deploy("lambda.sh", { ...job, ...variables }, "--image", image),

        /** Runs deploy/rollback.sh under that role. */
        rollBack: () => world.deploy("rollback.sh", job, "lambda"),

        /** Finds the version that the alias names. */
        liveVersion: async (): Promise<string> => {
            const answer = await aws("lambda", "get-alias", "--function-name", functionName, "--name", "live");
            return (answer as { FunctionVersion: string }).FunctionVersion;
        },

        /** Finds the image of a version. */
        imageOf: async (version: string): Promise<string> => {
            const answer = await aws("lambda", "get-function", "--function-name", functionName, "--qualifier", version);
            return (answer as { Code: { ImageUri: string } }).Code.ImageUri;
        },
    };
}
