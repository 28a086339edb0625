import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { currentAccount } from "../../aws/account";
import { instanceArn, parameterArn, secretArn } from "../../aws/resourceArns";
import { type TagArgs, withTags } from "../../aws/tags";
import { createDeployBucket } from "./deployBucket";
import { deployDocumentName } from "./deployDocumentName";
import { composePrefix, ec2Document } from "./ec2Document";
import type { InstanceTag } from "./ec2DeployStatements";
import { ec2RolePolicy, ec2TrustPolicy } from "./ec2RolePolicy";

/** Name of the file with the values of the compose files' variables. */
const variablesFile = ".env";

/** Compose file of the application. */
export interface ComposeFile {
    /** Name on the hosts, another one than `.env`. */
    name: string;
    /** Content of the file. */
    content: pulumi.Input<string>;
}

/** Arguments of {@link Ec2Target}. */
export interface Ec2TargetArgs extends TagArgs {
    /** Name of the application. Together with the environment it names the document and the compose project. */
    application: string;
    /** Name of the environment. */
    environment: string;
    /** Address of the image's repository. */
    repositoryUrl: pulumi.Input<string>;
    /** ARN of that repository. */
    repositoryArn: pulumi.Input<string>;
    /** ARNs of further repositories whose images the compose files use; may end in a wildcard. @default - none */
    furtherRepositoryArns?: pulumi.Input<pulumi.Input<string>[]>;
    /** Compose files; later ones override earlier ones. */
    composeFiles: ComposeFile[];
    /** Values of the variables that the compose files use, besides IMAGE_URI and SECRETS_FILE. @default - none */
    composeVariables?: Record<string, pulumi.Input<string>>;
    /** Compose service that runs the image; it needs a health check. */
    service: string;
    /** Name of the SSM parameter with the folder on the hosts. */
    directoryAppParameter: pulumi.Input<string>;
    /** Name of the SSM parameter that names the settings' secret. */
    secretNameParameter: pulumi.Input<string>;
    /** Name of the settings' secret: a JSON object whose fields become environment variables of the containers. */
    secretName: pulumi.Input<string>;
    /** Keys that the secret must have, checked before each deploy. @default - none */
    secretKeys?: string[];
    /** Name and value of the tag that selects instances. @default - `Deploy` = `<application>-<environment>` */
    instanceTag?: InstanceTag;
    /** Name of an existing role of the instances. @default - a role and an instance profile are created */
    existingRoleName?: pulumi.Input<string>;
    /** Seconds in which a container must become healthy. @default 120 */
    healthSeconds?: number;
    /** Images kept on each host. @default 3 */
    keepImages?: number;
    /** Seconds after which the agent ends a deploy on a host. @default 900 */
    timeoutSeconds?: number;
    /** KMS key of bucket and repository. @default - keys of the services' own */
    kmsKeyArn?: pulumi.Input<string>;
    /** KMS key of the secret. @default - kmsKeyArn, or Secrets Manager's own */
    secretKmsKeyArn?: pulumi.Input<string>;
    /** Whether the bucket with its content is deleted when the stack is destroyed. @default false */
    forceDestroy?: boolean;
}

/**
 * Target on existing EC2 instances with a tag. It consists of an SSM document that deploys an image by digest, the bucket of the compose
 * files, and the instances' permissions.
 *
 * @throws pulumi.InputPropertyError for two compose files of one name
 */
export class Ec2Target extends pulumi.ComponentResource {
    /** Name of the SSM document. */
    readonly documentName: pulumi.Output<string>;
    /** ARN of the SSM document. */
    readonly documentArn: pulumi.Output<string>;
    /** Name and value of the tag that selects instances. */
    readonly instanceTag: InstanceTag;
    /** Target, as `aws ssm send-command --targets` takes it. */
    readonly targets: pulumi.Output<string>;
    /** Name of the bucket of the compose files. */
    readonly bucketName: pulumi.Output<string>;
    /** Name of the instances' role. */
    readonly roleName: pulumi.Output<string>;
    /** ARN of that role; undefined for a role that exists already. */
    readonly roleArn: pulumi.Output<string> | undefined;
    /** Name of the instance profile with that role; undefined for a role that exists already. */
    readonly instanceProfileName: pulumi.Output<string> | undefined;

    constructor(name: string, args: Ec2TargetArgs, opts?: pulumi.ComponentResourceOptions) {
        super("cached-image-pipeline:index:Ec2Target", name, {}, withTags(opts, args));

        refuseSameNames(args.composeFiles);
        const tag = args.instanceTag ?? { key: "Deploy", value: `${args.application}-${args.environment}` };
        const bucket = createDeployBucket(name, args, this);
        this.createComposeObjects(name, args, bucket.bucket);
        const document = this.createDocument(name, args, bucket.bucket);
        const role = args.existingRoleName === undefined ? this.createRole(name) : undefined;
        const roleName = pulumi.output(args.existingRoleName ?? role!.name);
        const policy = this.createRolePolicy(name, args, bucket.arn, roleName);
        // An instance that gets the profile can use it at once.
        const profile = role && this.createInstanceProfile(name, roleName, policy);

        this.instanceTag = tag;
        this.documentName = document.name;
        this.documentArn = document.arn;
        this.targets = pulumi.output(`Key=tag:${tag.key},Values=${tag.value}`);
        this.bucketName = bucket.bucket;
        this.roleName = roleName;
        this.roleArn = role?.arn;
        this.instanceProfileName = profile?.name;
        this.registerOutputs({
            documentName: this.documentName,
            documentArn: this.documentArn,
            targets: this.targets,
            bucketName: this.bucketName,
            roleName: this.roleName,
            roleArn: this.roleArn,
            instanceProfileName: this.instanceProfileName,
        });
    }

    private createComposeObjects(name: string, args: Ec2TargetArgs, bucket: pulumi.Input<string>): void {
        const variables = pulumi.output(args.composeVariables ?? {}).apply(variableLines);
        for (const { name: file, content } of [...args.composeFiles, { name: variablesFile, content: variables }]) {
            new aws.s3.BucketObjectv2(
                `${name}-compose-${file}`,
                { bucket, key: `${composePrefix}/${file}`, content, contentType: "text/plain; charset=utf-8" },
                { parent: this },
            );
        }
    }

    private createDocument(name: string, args: Ec2TargetArgs, bucketName: pulumi.Input<string>): aws.ssm.Document {
        const settings = {
            region: currentAccount({ parent: this }).region,
            repositoryUrl: args.repositoryUrl,
            bucketName,
            composeFiles: args.composeFiles.map((file) => file.name),
            project: `${args.application}-${args.environment}`.toLowerCase(),
            service: args.service,
            secretKeys: args.secretKeys ?? [],
            directoryAppParameter: args.directoryAppParameter,
            secretNameParameter: args.secretNameParameter,
            healthSeconds: args.healthSeconds ?? 120,
            keepImages: args.keepImages ?? 3,
            timeoutSeconds: args.timeoutSeconds ?? 900,
        };
        return new aws.ssm.Document(
            `${name}-document`,
            {
                name: deployDocumentName(args),
                documentType: "Command",
                documentFormat: "JSON",
                targetType: "/AWS::EC2::Instance",
                content: pulumi.output(settings).apply(ec2Document),
            },
            { parent: this },
        );
    }

    private createRole(name: string): aws.iam.Role {
        return new aws.iam.Role(`${name}-role`, { assumeRolePolicy: ec2TrustPolicy() }, { parent: this });
    }

    private createRolePolicy(
        name: string,
        args: Ec2TargetArgs,
        bucketArn: pulumi.Input<string>,
        role: pulumi.Input<string>,
    ): aws.iam.RolePolicy {
        const account = pulumi.output(currentAccount({ parent: this }));
        const policy = pulumi
            .all([
                account,
                bucketArn,
                args.repositoryArn,
                args.furtherRepositoryArns ?? [],
                [args.directoryAppParameter, args.secretNameParameter],
                args.secretName,
                args.kmsKeyArn,
                args.secretKmsKeyArn,
            ])
            .apply(([where, bucket, repository, further, parameters, secret, kmsKeyArn, secretKmsKeyArn]) => {
                return ec2RolePolicy({
                    repositoryArns: [repository, ...further],
                    bucketArn: bucket,
                    parameterArns: parameters.map((one) => parameterArn(one, where)),
                    secretArn: secretArn(secret, where),
                    instanceArn: instanceArn(where),
                    kmsKeyArn,
                    secretKmsKeyArn,
                });
            });
        return new aws.iam.RolePolicy(`${name}-permissions`, { role, policy }, { parent: this });
    }

    private createInstanceProfile(
        name: string,
        role: pulumi.Input<string>,
        policy: aws.iam.RolePolicy,
    ): aws.iam.InstanceProfile {
        return new aws.iam.InstanceProfile(`${name}-profile`, { role }, { parent: this, dependsOn: policy });
    }
}

/** Refuses files that would take each other's place. @throws pulumi.InputPropertyError */
function refuseSameNames(files: ComposeFile[]): void {
    const names = [variablesFile, ...files.map(({ name }) => name)];
    files.forEach(({ name }, index) => {
        if (names.indexOf(name) > index) return;
        const reason = `it is "${name}"; allowed: a name that no other file has, nor the one of the variables`;
        throw new pulumi.InputPropertyError({ propertyPath: `composeFiles[${index}].name`, reason });
    });
}

/** Renders a file `.env`; compose takes values between single quotes literally. */
function variableLines(variables: Record<string, string>): string {
    return Object.entries(variables)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, value]) => `${name}='${value}'\n`)
        .join("");
}
