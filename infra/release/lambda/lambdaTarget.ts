import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument } from "../../aws/policyDocument";
import { type TagArgs, withTags } from "../../aws/tags";
import type { Platform } from "../../plan/platform";
import { retentionDefaults } from "../../plan/defaults";
import { type FirstImageArgs, keepFirstImage } from "../firstImage";

/** Settings of a function that do not depend on its surroundings. */
export interface LambdaSettings {
    /** Memory in MiB, from 128 to 10240; the share of CPU grows with it. @default 256 */
    memory?: number;
    /** Seconds that a call may take, up to 900. @default 30 */
    timeout?: number;
    /** Variables of the function that are not secret. @default - none */
    variables?: Record<string, pulumi.Input<string>>;
}

/** Arguments of {@link LambdaTarget}. */
export interface LambdaTargetArgs extends LambdaSettings, FirstImageArgs, TagArgs {
    /** Name of the application. */
    application: string;
    /** Name of the environment; the function is called `<application>-<environment>`. */
    environment: string;
    /**
     * Image, `repository@sha256:…`, that the function starts with; deploys move it afterwards. It names a single manifest (an image for one
     * platform, without attestations), since Lambda takes no index, and its repository lets Lambda pull.
     *
     * @see https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
     */
    imageUri: pulumi.Input<string>;
    /** Platform of the image; another one takes effect with the next deploy. @default linux/amd64 */
    platform?: Platform;
    /** Days that the function's log is kept; one of CloudWatch's choices. @default 30 */
    logRetentionDays?: number;
}

/** Name of the alias that callers use and deploys move. */
const liveAlias = "live";

/**
 * Lambda function that runs the image, and the alias `live` that its callers use. It starts with the given image; from then on the code and
 * the alias belong to deploys. A changed setting reaches callers with the next deploy, which publishes it as a version.
 */
export class LambdaTarget extends pulumi.ComponentResource {
    /** Name of the function. */
    readonly functionName: pulumi.Output<string>;
    /** ARN of the function, without a version. */
    readonly functionArn: pulumi.Output<string>;
    /** Name of the alias. */
    readonly aliasName: pulumi.Output<string>;
    /** ARN of the alias, which callers use. */
    readonly aliasArn: pulumi.Output<string>;
    /** Architecture of the image, `x86_64` or `arm64`; a deploy sets it on the function together with the image. */
    readonly architecture: pulumi.Output<string>;
    /** Name of the role that the function runs under; it may write its log until you attach policies. */
    readonly roleName: pulumi.Output<string>;

    constructor(name: string, args: LambdaTargetArgs, opts?: pulumi.ComponentResourceOptions) {
        super("cached-image-pipeline:index:LambdaTarget", name, {}, withTags(opts, args));

        const title = `${args.application}-${args.environment}`;
        const logGroup = this.createLogGroup(name, title, args);
        const role = this.createRole(name, title);
        const policy = this.createPolicy(name, role, logGroup);
        const architecture = args.platform === "linux/arm64" ? "arm64" : "x86_64";
        const lambda = this.createFunction(name, title, architecture, args, role, policy, logGroup);
        const alias = this.createAlias(name, lambda);
        keepFirstImage(name, args, lambda, { parent: this });

        this.functionName = lambda.name;
        this.functionArn = lambda.arn;
        this.aliasName = alias.name;
        this.aliasArn = alias.arn;
        this.architecture = pulumi.output(architecture);
        this.roleName = role.name;
        this.registerOutputs({
            functionName: this.functionName,
            functionArn: this.functionArn,
            aliasName: this.aliasName,
            aliasArn: this.aliasArn,
            architecture: this.architecture,
            roleName: this.roleName,
        });
    }

    private createLogGroup(name: string, title: string, args: LambdaTargetArgs): aws.cloudwatch.LogGroup {
        return new aws.cloudwatch.LogGroup(
            `${name}-logs`,
            {
                name: `/aws/lambda/${title}`,
                retentionInDays: args.logRetentionDays ?? retentionDefaults.logRetentionDays,
            },
            { parent: this },
        );
    }

    private createRole(name: string, title: string): aws.iam.Role {
        return new aws.iam.Role(
            `${name}-role`,
            { description: `Runs the Lambda function ${title}`, assumeRolePolicy: functionTrustPolicy() },
            { parent: this },
        );
    }

    private createPolicy(name: string, role: aws.iam.Role, logGroup: aws.cloudwatch.LogGroup): aws.iam.RolePolicy {
        return new aws.iam.RolePolicy(
            `${name}-policy`,
            { role: role.name, policy: logGroup.arn.apply(functionRolePolicy) },
            { parent: this },
        );
    }

    private createFunction(
        name: string,
        title: string,
        architecture: string,
        args: LambdaTargetArgs,
        role: aws.iam.Role,
        policy: aws.iam.RolePolicy,
        logGroup: aws.cloudwatch.LogGroup,
    ): aws.lambda.Function {
        return new aws.lambda.Function(
            `${name}-function`,
            {
                name: title,
                packageType: "Image",
                imageUri: args.imageUri,
                architectures: [architecture],
                role: role.arn,
                memorySize: args.memory ?? 256,
                timeout: args.timeout ?? 30,
                environment: args.variables && { variables: args.variables },
                loggingConfig: { logFormat: "JSON", logGroup: logGroup.name },
                // The alias needs a version to begin with.
                publish: true,
            },
            {
                parent: this,
                // An update of either would put the first image into the function again.
                ignoreChanges: ["imageUri", "architectures"],
                // The name is taken as long as the old function exists. Its first call must be able to write its log.
                deleteBeforeReplace: true,
                dependsOn: policy,
            },
        );
    }

    private createAlias(name: string, lambda: aws.lambda.Function): aws.lambda.Alias {
        return new aws.lambda.Alias(
            `${name}-alias`,
            {
                name: liveAlias,
                description: "The released version, moved by deploys",
                functionName: lambda.name,
                functionVersion: lambda.version,
            },
            { parent: this, ignoreChanges: ["functionVersion", "routingConfig"] },
        );
    }
}

/**
 * Renders the trust policy of the function's role: Lambda may assume it. (Lambda sends no source account when it assumes a role to run a
 * function.)
 */
function functionTrustPolicy(): string {
    return policyDocument([
        { Sid: "Lambda", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
    ]);
}

function functionRolePolicy(logGroupArn: string): string {
    return policyDocument([
        { Sid: "WriteLog", Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: `${logGroupArn}:*` },
    ]);
}
