import assert from "node:assert/strict";
import { resourceTypes } from "../../local/aws/provider/resourceTypes";
import { resourceSchema } from "./resourceSchemas";

/** Counterpart in CloudFormation of a resource type of pulumi-aws: a resource type, or a part of one. */
interface Counterpart {
    type: string;
    /** Properties by inputs, where the name is not the input's with a capital letter. @default - none */
    names?: Record<string, string>;
    /** Inputs without a property, with the reason for each. @default - none */
    without?: Record<string, string>;
    /** Inputs whose change replaces the resource on one side only, with the reason for each. @default - none */
    differences?: Record<string, string>;
}

const onlyPulumi = "how pulumi-aws deletes or overwrites, nothing that AWS keeps";
const ownResource = "tags exist in the API but not in CloudFormation";
const bucketPart = (property: string, ...inputs: string[]): Counterpart => ({
    type: "AWS::S3::Bucket",
    names: { bucket: "BucketName", ...Object.fromEntries(inputs.map((input) => [input, property])) },
});

const counterparts: Record<string, Counterpart> = {
    "aws:cloudwatch/logGroup:LogGroup": {
        type: "AWS::Logs::LogGroup",
        names: { name: "LogGroupName" },
        differences: {
            logGroupClass: "no API changes the class of a log group; CloudFormation leaves it to a failing update",
        },
    },
    "aws:codebuild/project:Project": {
        type: "AWS::CodeBuild::Project",
        names: { buildTimeout: "TimeoutInMinutes", queuedTimeout: "QueuedTimeoutInMinutes" },
    },
    "aws:codebuild/webhook:Webhook": {
        type: "AWS::CodeBuild::Project",
        names: {
            projectName: "Name",
            filterGroups: "Triggers",
            buildType: "Triggers",
            pullRequestBuildPolicy: "Triggers",
        },
    },
    "aws:codepipeline/pipeline:Pipeline": { type: "AWS::CodePipeline::Pipeline" },
    "aws:ecr/repository:Repository": {
        type: "AWS::ECR::Repository",
        names: {
            name: "RepositoryName",
            encryptionConfigurations: "EncryptionConfiguration",
            forceDelete: "EmptyOnDelete",
        },
    },
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": {
        type: "AWS::ECR::Repository",
        names: { repository: "RepositoryName", policy: "LifecyclePolicy" },
        differences: { policy: "pulumi-aws puts a changed policy by a new resource of its own; the repository stays" },
    },
    "aws:ecr/repositoryPolicy:RepositoryPolicy": {
        type: "AWS::ECR::Repository",
        names: { repository: "RepositoryName", policy: "RepositoryPolicyText" },
    },
    "aws:iam/instanceProfile:InstanceProfile": {
        type: "AWS::IAM::InstanceProfile",
        names: { name: "InstanceProfileName", role: "Roles" },
        without: { tags: ownResource },
    },
    "aws:iam/policy:Policy": {
        type: "AWS::IAM::ManagedPolicy",
        names: { name: "ManagedPolicyName", policy: "PolicyDocument" },
        without: { tags: ownResource },
    },
    "aws:iam/role:Role": {
        type: "AWS::IAM::Role",
        names: { name: "RoleName", assumeRolePolicy: "AssumeRolePolicyDocument" },
        without: { forceDetachPolicies: onlyPulumi },
    },
    "aws:iam/rolePolicy:RolePolicy": {
        type: "AWS::IAM::RolePolicy",
        names: { name: "PolicyName", role: "RoleName", policy: "PolicyDocument" },
    },
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
        type: "AWS::IAM::Role",
        names: { role: "RoleName", policyArn: "ManagedPolicyArns" },
        differences: { policyArn: "an attachment is nothing but this pair; the role stays" },
    },
    "aws:s3/bucket:Bucket": {
        type: "AWS::S3::Bucket",
        names: { bucket: "BucketName", bucketPrefix: "BucketNamePrefix" },
        without: { forceDestroy: onlyPulumi },
    },
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": bucketPart("LifecycleConfiguration", "rules"),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": bucketPart("OwnershipControls", "rule"),
    "aws:s3/bucketPolicy:BucketPolicy": { type: "AWS::S3::BucketPolicy", names: { policy: "PolicyDocument" } },
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": bucketPart(
        "PublicAccessBlockConfiguration",
        ...["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"],
    ),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": bucketPart(
        "BucketEncryption",
        "rules",
    ),
    "aws:s3/bucketVersioning:BucketVersioning": bucketPart("VersioningConfiguration", "versioningConfiguration"),
    "aws:secretsmanager/secret:Secret": {
        type: "AWS::SecretsManager::Secret",
        without: { forceOverwriteReplicaSecret: onlyPulumi, recoveryWindowInDays: onlyPulumi },
    },
    "aws:secretsmanager/secretVersion:SecretVersion": {
        type: "AWS::SecretsManager::Secret",
        names: { secretId: "Name" },
        without: { secretBinary: "CloudFormation takes texts only" },
        differences: { secretString: "a version never changes, another value is another version; the secret stays" },
    },
    "aws:ssm/document:Document": { type: "AWS::SSM::Document" },
    "aws:ssm/parameter:Parameter": {
        type: "AWS::SSM::Parameter",
        names: { insecureValue: "Value" },
        without: { keyId: "CloudFormation makes no encrypted parameters", overwrite: onlyPulumi },
        differences: { dataType: "pulumi-aws replaces (`data_type` has ForceNew), CloudFormation overwrites" },
    },
};

/** Types of pulumi-aws without a counterpart in CloudFormation. */
const unknownToCloudFormation = ["aws:s3/bucketObjectv2:BucketObjectv2"];

describe("what makes another resource", () => {
    it("is compared for every type of the aws provider that CloudFormation knows", () => {
        assert.deepEqual(
            Object.keys(resourceTypes).sort(),
            [...Object.keys(counterparts), ...unknownToCloudFormation].sort(),
        );
    });

    for (const [token, { type, names = {}, without = {}, differences = {} }] of Object.entries(counterparts)) {
        it(`of ${token} is what CloudFormation says of ${type}, but for differences with a reason`, () => {
            const { inputs, replaceOn } = resourceTypes[token]!;
            const { properties, createOnlyProperties = [] } = resourceSchema(type);
            // Every resource of pulumi-aws 7 has a Region, and CloudFormation's belongs to the stack.
            const compared = Object.keys(inputs).filter((input) => input !== "region" && !(input in without));
            const propertyOf = (input: string) => names[input] ?? input[0]!.toUpperCase() + input.slice(1);
            assert.deepEqual(
                compared.filter((input) => !(propertyOf(input) in properties)),
                [],
                "inputs without a property",
            );
            assert.deepEqual(
                compared.filter(
                    (input) =>
                        replaceOn.includes(input) !== createOnlyProperties.includes(`/properties/${propertyOf(input)}`),
                ),
                Object.keys(differences),
                "inputs that differ",
            );
            assert.deepEqual(
                Object.keys(without).filter((input) => !(input in inputs) || propertyOf(input) in properties),
                [],
                "inputs that have a property, or are none",
            );
        });
    }
});
