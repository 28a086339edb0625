import type { ResourceRecord } from "../../local/mocks/mockPulumi";

/** Translation of a declared resource into one of CloudFormation. */
interface Translation {
    type: string;
    /** Property that names the whole resource of which this one is a part. @default - it is a whole one */
    partOf?: string;
    /** Names of properties, by the path of the input; any other name begins with a capital letter. @default - none */
    names?: Record<string, string>;
    /** Inputs about Pulumi's deleting or waiting, which AWS never sees. @default - none */
    without?: string[];
    /** Inputs that hold JSON. @default - none */
    json?: string[];
    /** Paths of values taken unchanged: documents, and maps whose keys are the program's own. @default - none */
    asItIs?: string[];
    /** Function that moves properties to CloudFormation's places. @default - they stay */
    shape?: (properties: Properties) => Properties;
}

type Properties = Record<string, unknown>;

/** Template of CloudFormation. */
export interface Template {
    Resources: Record<string, { Type: string; Properties: Properties }>;
}

const securityGroupRule: Pick<Translation, "names"> = {
    names: { securityGroupId: "GroupId", cidrIpv4: "CidrIp", referencedSecurityGroupId: "SourceSecurityGroupId" },
};

/** Translates a part of a bucket that pulumi-aws declares as a resource of its own. */
function bucketPart(
    part: string,
    names: Record<string, string>,
    shape = (properties: Properties): unknown => properties,
): Translation {
    return {
        type: "AWS::S3::Bucket",
        partOf: "BucketName",
        names,
        shape: ({ Bucket, ...properties }) => ({ BucketName: Bucket, [part]: shape(properties) }),
    };
}

const translations: Record<string, Translation> = {
    "aws:cloudwatch/logGroup:LogGroup": { type: "AWS::Logs::LogGroup", names: { name: "LogGroupName" } },
    "aws:codebuild/project:Project": {
        type: "AWS::CodeBuild::Project",
        names: {
            buildTimeout: "TimeoutInMinutes",
            queuedTimeout: "QueuedTimeoutInMinutes",
            "source.buildspec": "BuildSpec",
            "logsConfig.cloudwatchLogs": "CloudWatchLogs",
        },
    },
    "aws:codebuild/webhook:Webhook": {
        type: "AWS::CodeBuild::Project",
        partOf: "Name",
        names: { projectName: "Name" },
        shape: ({ Name, FilterGroups, ...triggers }) => ({
            Name,
            Triggers: {
                Webhook: true,
                ...triggers,
                FilterGroups: (FilterGroups as { Filters: unknown }[]).map(({ Filters }) => Filters),
            },
        }),
    },
    "aws:codepipeline/pipeline:Pipeline": {
        type: "AWS::CodePipeline::Pipeline",
        names: { "triggers.gitConfiguration.pushes": "Push" },
        asItIs: ["stages.actions.configuration"],
        shape: ({ ArtifactStores, Stages, ...properties }) => ({
            ...properties,
            ArtifactStore: (ArtifactStores as Properties[])[0],
            Stages: (Stages as { Name: string; Actions: Properties[] }[]).map(({ Name, Actions }) => ({
                Name,
                Actions: Actions.map(pipelineAction),
            })),
        }),
    },
    "aws:ecr/repository:Repository": {
        type: "AWS::ECR::Repository",
        names: {
            name: "RepositoryName",
            encryptionConfigurations: "EncryptionConfiguration",
            "imageTagMutabilityExclusionFilters.filter": "ImageTagMutabilityExclusionFilterValue",
            "imageTagMutabilityExclusionFilters.filterType": "ImageTagMutabilityExclusionFilterType",
        },
        without: ["forceDelete"],
        shape: ({ EncryptionConfiguration, ...properties }) => ({
            ...properties,
            EncryptionConfiguration: (EncryptionConfiguration as unknown[])[0],
        }),
    },
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": {
        type: "AWS::ECR::Repository",
        partOf: "RepositoryName",
        names: { repository: "RepositoryName" },
        shape: ({ Policy, ...properties }) => ({ ...properties, LifecyclePolicy: { LifecyclePolicyText: Policy } }),
    },
    "aws:ecr/repositoryPolicy:RepositoryPolicy": {
        type: "AWS::ECR::Repository",
        partOf: "RepositoryName",
        names: { repository: "RepositoryName", policy: "RepositoryPolicyText" },
        json: ["policy"],
        asItIs: ["policy"],
    },
    "aws:iam/instanceProfile:InstanceProfile": {
        type: "AWS::IAM::InstanceProfile",
        shape: ({ Role }) => ({ Roles: [Role] }),
    },
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": {
        type: "AWS::IAM::OIDCProvider",
        names: { clientIdLists: "ClientIdList" },
    },
    "aws:iam/policy:Policy": {
        type: "AWS::IAM::ManagedPolicy",
        names: { name: "ManagedPolicyName", policy: "PolicyDocument" },
        json: ["policy"],
        asItIs: ["policy"],
    },
    "aws:iam/role:Role": {
        type: "AWS::IAM::Role",
        names: { name: "RoleName", assumeRolePolicy: "AssumeRolePolicyDocument" },
        json: ["assumeRolePolicy"],
        asItIs: ["assumeRolePolicy"],
    },
    "aws:iam/rolePolicy:RolePolicy": {
        type: "AWS::IAM::RolePolicy",
        names: { role: "RoleName", policy: "PolicyDocument" },
        json: ["policy"],
        asItIs: ["policy"],
        shape: (properties) => ({ PolicyName: "made-by-pulumi", ...properties }),
    },
    "aws:s3/bucket:Bucket": { type: "AWS::S3::Bucket", without: ["forceDestroy"] },
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": bucketPart(
        "LifecycleConfiguration",
        {},
        ({ Rules }) => ({
            Rules: (Rules as Record<string, Record<string, unknown>>[]).map(({ Filter, Expiration, ...rule }) => ({
                ...rule,
                ...Filter,
                ...(Expiration && { ExpirationInDays: Expiration.Days }),
            })),
        }),
    ),
    "aws:s3/bucketPolicy:BucketPolicy": {
        type: "AWS::S3::BucketPolicy",
        names: { policy: "PolicyDocument" },
        json: ["policy"],
        asItIs: ["policy"],
    },
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": bucketPart("PublicAccessBlockConfiguration", {}),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": bucketPart(
        "BucketEncryption",
        {
            rules: "ServerSideEncryptionConfiguration",
            "rules.applyServerSideEncryptionByDefault": "ServerSideEncryptionByDefault",
            "rules.applyServerSideEncryptionByDefault.sseAlgorithm": "SSEAlgorithm",
            "rules.applyServerSideEncryptionByDefault.kmsMasterKeyId": "KMSMasterKeyID",
        },
    ),
    "aws:s3/bucketVersioning:BucketVersioning": bucketPart(
        "VersioningConfiguration",
        {},
        ({ VersioningConfiguration }) => VersioningConfiguration,
    ),
    "aws:ssm/document:Document": { type: "AWS::SSM::Document", json: ["content"], asItIs: ["content"] },
    "aws:ssm/parameter:Parameter": { type: "AWS::SSM::Parameter", names: { insecureValue: "Value" } },
    "aws:ec2/securityGroup:SecurityGroup": {
        type: "AWS::EC2::SecurityGroup",
        names: { description: "GroupDescription" },
    },
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": {
        type: "AWS::EC2::SecurityGroupEgress",
        names: { ...securityGroupRule.names, referencedSecurityGroupId: "DestinationSecurityGroupId" },
    },
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {
        type: "AWS::EC2::SecurityGroupIngress",
        ...securityGroupRule,
    },
    "aws:ecs/cluster:Cluster": { type: "AWS::ECS::Cluster", names: { name: "ClusterName" } },
    "aws:ecs/taskDefinition:TaskDefinition": {
        type: "AWS::ECS::TaskDefinition",
        without: ["skipDestroy"],
        json: ["containerDefinitions"],
        asItIs: ["containerDefinitions.logConfiguration.options"],
    },
    "aws:ecs/service:Service": {
        type: "AWS::ECS::Service",
        names: { name: "ServiceName", enableEcsManagedTags: "EnableECSManagedTags" },
        without: ["waitForSteadyState"],
        shape: ({
            NetworkConfiguration,
            DeploymentCircuitBreaker,
            DeploymentMaximumPercent,
            DeploymentMinimumHealthyPercent,
            ...properties
        }) => ({
            ...properties,
            NetworkConfiguration: {
                AwsvpcConfiguration: {
                    ...(NetworkConfiguration as Properties),
                    AssignPublicIp: (NetworkConfiguration as Properties).AssignPublicIp ? "ENABLED" : "DISABLED",
                },
            },
            DeploymentConfiguration: {
                DeploymentCircuitBreaker,
                MaximumPercent: DeploymentMaximumPercent,
                MinimumHealthyPercent: DeploymentMinimumHealthyPercent,
            },
        }),
    },
    "aws:lambda/function:Function": {
        type: "AWS::Lambda::Function",
        names: { name: "FunctionName" },
        without: ["publish"],
        asItIs: ["environment.variables"],
        shape: ({ ImageUri, ...properties }) => ({ ...properties, Code: { ImageUri } }),
    },
    "aws:lambda/alias:Alias": { type: "AWS::Lambda::Alias" },
};

/** Converts an action of a pipeline, whose type and artifacts are objects in CloudFormation. */
function pipelineAction({
    Category,
    Owner,
    Provider,
    Version,
    InputArtifacts,
    OutputArtifacts,
    ...action
}: Properties): Properties {
    const named = (names: unknown) => (names as string[] | undefined)?.map((Name) => ({ Name }));
    return {
        ...action,
        ActionTypeId: { Category, Owner, Provider, Version },
        InputArtifacts: named(InputArtifacts),
        OutputArtifacts: named(OutputArtifacts),
    };
}

/** Resource types that CloudFormation has no type for, or that stand for several resources that others create. */
const untranslated = [
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:s3/bucketObjectv2:BucketObjectv2",
    "awsx:ec2:Vpc",
    "awsx:lb:ApplicationLoadBalancer",
];

/** Writes the declared resources of AWS as a template. A forgotten input becomes a property that cfn-lint does not know. */
export function cloudFormationTemplate(resources: ResourceRecord[]): Template {
    const template: Template = { Resources: {} };
    const written = resources.filter(({ type }) => type.startsWith("aws") && !untranslated.includes(type));
    // A part comes after what it is a part of.
    for (const resource of written.sort((a, b) => Number(isPart(a)) - Number(isPart(b)))) {
        const one = translate(resource);
        const { partOf } = translations[resource.type]!;
        const whole = Object.values(template.Resources).find(
            ({ Type, Properties }) =>
                partOf !== undefined && Type === one.Type && Properties[partOf] === one.Properties[partOf],
        );
        if (whole === undefined) template.Resources[resource.name.replace(/[^A-Za-z0-9]/g, "")] = one;
        else Object.assign(whole.Properties, one.Properties);
    }
    return template;
}

function isPart({ type }: ResourceRecord): boolean {
    return translations[type]?.partOf !== undefined;
}

function translate({ type, name, inputs }: ResourceRecord): Template["Resources"][string] {
    const translation = translations[type];
    if (translation === undefined) throw new Error(`There is no translation of ${type} (${name}).`);
    const { without = [], json = [], shape = (properties: Properties) => properties } = translation;
    const known = Object.entries(inputs)
        .filter(([input]) => !without.includes(input))
        .map(([input, value]) => [input, json.includes(input) ? (JSON.parse(value as string) as unknown) : value]);
    return { Type: translation.type, Properties: shape(renamed(Object.fromEntries(known), translation) as Properties) };
}

/** Renames the properties in a value. @param path path of the value in the inputs, without the positions in lists */
function renamed(value: unknown, translation: Translation, path = ""): unknown {
    if (Array.isArray(value)) return value.map((one) => renamed(one, translation, path));
    const { names = {}, asItIs = [] } = translation;
    if (typeof value !== "object" || value === null || asItIs.includes(path)) return value;
    return Object.fromEntries(
        Object.entries(value).map(([key, one]) => {
            const inner = path === "" ? key : `${path}.${key}`;
            return [names[inner] ?? key[0]!.toUpperCase() + key.slice(1), renamed(one, translation, inner)];
        }),
    );
}
