import { createHash } from "node:crypto";

/** Account of the mocked stack. */
export const accountId = "123456789012";
/** Region of the mocked stack. */
export const region = "eu-central-1";
/** Host of that account's registry in that region. */
export const registry = `${accountId}.dkr.ecr.${region}.amazonaws.com`;

type Values = Record<string, unknown>;

/** Outputs that AWS and docker-build add to a resource's inputs, by type. */
export const computedOutputs: Record<string, (inputs: Values, name: string) => Values> = {
    "aws:ecr/repository:Repository": ({ name }) => repository(name),
    "aws:s3/bucket:Bucket": ({ bucket }, name) => bucketOf(bucket ?? autoNamed(name)),
    "aws:iam/role:Role": (_, name) => ({
        name: autoNamed(name),
        arn: `arn:aws:iam::${accountId}:role/${autoNamed(name)}`,
    }),
    "aws:iam/policy:Policy": ({ name }) => ({ arn: `arn:aws:iam::${accountId}:policy/${String(name)}` }),
    "aws:iam/rolePolicy:RolePolicy": (_, name) => ({ name: autoNamed(name) }),
    "aws:cloudwatch/logGroup:LogGroup": ({ name }) => ({ arn: regional("logs", `log-group:${String(name)}`) }),
    "aws:codebuild/project:Project": ({ name }) => ({ arn: regional("codebuild", `project/${String(name)}`) }),
    "aws:codepipeline/pipeline:Pipeline": ({ name }) => ({ arn: regional("codepipeline", String(name)) }),
    "aws:codebuild/webhook:Webhook": ({ projectName }) => ({
        payloadUrl: `https://codebuild.test/${String(projectName)}`,
        secret: `secret of ${String(projectName)}`,
    }),
    "aws:iam/instanceProfile:InstanceProfile": (_, name) => ({ name: autoNamed(name) }),
    "aws:ssm/document:Document": ({ name }) => ({ arn: regional("ssm", `document/${String(name)}`) }),
    "aws:ssm/parameter:Parameter": ({ name }) => ({ arn: regional("ssm", `parameter${String(name)}`) }),
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": ({ url }) => ({
        arn: `arn:aws:iam::${accountId}:oidc-provider/${String(url).replace("https://", "")}`,
    }),
    "aws:ecs/cluster:Cluster": ({ name }) => ({ arn: regional("ecs", `cluster/${String(name)}`) }),
    "aws:ecs/service:Service": ({ cluster, name }) => ({
        arn: regional("ecs", `service/${String(cluster)}/${String(name)}`),
    }),
    "aws:ecs/taskDefinition:TaskDefinition": ({ family }) => ({
        arn: regional("ecs", `task-definition/${String(family)}:1`),
    }),
    "aws:lambda/function:Function": ({ name }) => ({
        arn: regional("lambda", `function:${String(name)}`),
        version: "1",
    }),
    "aws:lambda/alias:Alias": ({ functionName, name }) => ({
        arn: regional("lambda", `function:${String(functionName)}:${String(name)}`),
    }),
    "awsx:ec2:Vpc": () => ({
        vpcId: "vpc-1",
        privateSubnetIds: ["subnet-private-1", "subnet-private-2"],
        publicSubnetIds: ["subnet-public-1", "subnet-public-2"],
    }),
    "awsx:lb:ApplicationLoadBalancer": (_, name) => ({
        loadBalancer: { dnsName: `${name}.${region}.elb.amazonaws.com` },
        defaultTargetGroup: { arn: regional("elasticloadbalancing", `targetgroup/${name}/1`) },
    }),
    "docker-build:index:Image": ({ tags }, name) => ({
        digest: digestOf(name),
        ref: `${(tags as string[])[0]}@${digestOf(name)}`,
        contextHash: "0".repeat(64),
    }),
    "docker-build:index:Index": ({ tag }, name) => ({ ref: `${String(tag)}@${digestOf(name)}` }),
};

/** Answers of AWS, by function. */
export const invokeResults: Record<string, (inputs: Values) => Values> = {
    "aws:index/getPartition:getPartition": () => ({ partition: "aws", dnsSuffix: "amazonaws.com" }),
    "aws:index/getRegion:getRegion": () => ({ region, id: region }),
    "aws:index/getCallerIdentity:getCallerIdentity": () => ({ accountId, id: accountId }),
    "aws:codestarconnections/getConnection:getConnection": ({ arn }) => ({ arn, connectionStatus: "AVAILABLE" }),
    "aws:ecr/getRepository:getRepository": ({ name }) => ({ name, ...repository(name) }),
    "aws:s3/getBucket:getBucket": ({ bucket }) => bucketOf(bucket),
    "aws:secretsmanager/getSecretVersion:getSecretVersion": ({ secretId }) => ({
        secretString: `value of ${String(secretId)}`,
    }),
    "aws:ecr/getAuthorizationToken:getAuthorizationToken": () => ({ userName: "AWS", password: "registry-token" }),
};

/** Makes the digest that the mocked builder gives to the image of a name. */
export function digestOf(resourceName: string): string {
    return `sha256:${createHash("sha256").update(resourceName).digest("hex")}`;
}

/** Makes the name that a provider derives from a resource's name when it is given none. */
function autoNamed(resourceName: string): string {
    return `${resourceName}-1a2b3c4`;
}

function repository(name: unknown): Values {
    return {
        arn: regional("ecr", `repository/${String(name)}`),
        repositoryUrl: `${registry}/${String(name)}`,
        registryId: accountId,
    };
}

function bucketOf(bucket: unknown): Values {
    return { bucket, arn: `arn:aws:s3:::${String(bucket)}` };
}

function regional(service: string, resource: string): string {
    return `arn:aws:${service}:${region}:${accountId}:${resource}`;
}
