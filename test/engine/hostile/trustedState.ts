import { BatchGetProjectsCommand, ListBuildsForProjectCommand, ListProjectsCommand } from "@aws-sdk/client-codebuild";
import { DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
    DescribeImagesCommand,
    DescribeRepositoriesCommand,
    GetLifecyclePolicyCommand,
    GetRepositoryPolicyCommand,
} from "@aws-sdk/client-ecr";
import {
    GetRoleCommand,
    GetRolePolicyCommand,
    ListAttachedRolePoliciesCommand,
    ListRolePoliciesCommand,
    ListRolesCommand,
    ListUsersCommand,
} from "@aws-sdk/client-iam";
import { GetBucketPolicyCommand, ListBucketsCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { GetSecretValueCommand, ListSecretsCommand } from "@aws-sdk/client-secrets-manager";
import { DescribeParametersCommand, GetParameterCommand } from "@aws-sdk/client-ssm";
import { awsClients, type EngineWorld } from "../../support/engineWorld";

type Clients = ReturnType<typeof awsClients>;

/** Reads all parts of the account that a pull request must not change, in a comparable form. */
export async function trustedState(engine: EngineWorld, trustedProject: string): Promise<Record<string, unknown>> {
    const clients = awsClients(engine);
    const [images, buckets, parameters, secrets, roles, projects] = await Promise.all([
        repositories(clients),
        bucketContents(clients),
        parameterValues(clients),
        secretValues(clients),
        roleRights(clients),
        projectDefinitions(clients),
    ]);
    const { Users = [] } = await clients.iam.send(new ListUsersCommand({}));
    const { ids = [] } = await clients.codebuild.send(new ListBuildsForProjectCommand({ projectName: trustedProject }));
    const { logGroups = [] } = await clients.logs.send(new DescribeLogGroupsCommand({}));
    return {
        images,
        buckets,
        parameters,
        secrets,
        roles,
        projects,
        users: Users.map(({ UserName }) => UserName),
        buildsOfTrustedProject: ids,
        logGroups: logGroups.map(({ logGroupName }) => logGroupName).sort(),
    };
}

/** Reads tags and digests, and the policies, of all repositories. */
async function repositories({ ecr }: Clients) {
    const { repositories = [] } = await ecr.send(new DescribeRepositoriesCommand({}));
    return byName(
        repositories,
        ({ repositoryName }) => repositoryName!,
        async ({ repositoryName, imageTagMutability }) => {
            const [{ imageDetails = [] }, lifecycle, policy] = await Promise.all([
                ecr.send(new DescribeImagesCommand({ repositoryName })),
                unlessMissing(ecr.send(new GetLifecyclePolicyCommand({ repositoryName }))),
                unlessMissing(ecr.send(new GetRepositoryPolicyCommand({ repositoryName }))),
            ]);
            const images = imageDetails.map(({ imageDigest, imageTags = [] }) => [imageDigest, [...imageTags].sort()]);
            return {
                images: images.sort(),
                imageTagMutability,
                lifecycle: lifecycle?.lifecyclePolicyText,
                policy: policy?.policyText,
            };
        },
    );
}

/** Reads keys and checksums of the objects, and the policies, of all buckets. */
async function bucketContents({ s3 }: Clients) {
    const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
    return byName(
        Buckets,
        ({ Name }) => Name!,
        async ({ Name: Bucket }) => {
            const [{ Contents = [] }, policy] = await Promise.all([
                s3.send(new ListObjectsV2Command({ Bucket })),
                unlessMissing(s3.send(new GetBucketPolicyCommand({ Bucket }))),
            ]);
            return { objects: Contents.map(({ Key, ETag }) => [Key, ETag]), policy: policy?.Policy };
        },
    );
}

async function parameterValues({ ssm }: Clients) {
    const { Parameters = [] } = await ssm.send(new DescribeParametersCommand({}));
    return byName(
        Parameters,
        ({ Name }) => Name!,
        async ({ Name }) => {
            const { Parameter } = await ssm.send(new GetParameterCommand({ Name }));
            return [Parameter!.Version, Parameter!.Value];
        },
    );
}

async function secretValues({ secretsManager }: Clients) {
    const { SecretList = [] } = await secretsManager.send(new ListSecretsCommand({}));
    return byName(
        SecretList,
        ({ Name }) => Name!,
        async ({ Name }) => {
            const { VersionId, SecretString } = await secretsManager.send(
                new GetSecretValueCommand({ SecretId: Name }),
            );
            return [VersionId, SecretString];
        },
    );
}

/** Reads the permissions and the trust policy of each role. */
async function roleRights({ iam }: Clients) {
    const { Roles = [] } = await iam.send(new ListRolesCommand({}));
    return byName(
        Roles,
        ({ RoleName }) => RoleName!,
        async ({ RoleName }) => {
            const [{ Role }, { PolicyNames = [] }, { AttachedPolicies = [] }] = await Promise.all([
                iam.send(new GetRoleCommand({ RoleName })),
                iam.send(new ListRolePoliciesCommand({ RoleName })),
                iam.send(new ListAttachedRolePoliciesCommand({ RoleName })),
            ]);
            const policies = await byName(
                PolicyNames,
                (name) => name,
                async (PolicyName) => {
                    return (await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }))).PolicyDocument;
                },
            );
            return {
                trust: Role!.AssumeRolePolicyDocument,
                boundary: Role!.PermissionsBoundary,
                policies,
                attached: AttachedPolicies.map(({ PolicyArn }) => PolicyArn),
            };
        },
    );
}

async function projectDefinitions({ codebuild }: Clients) {
    const { projects: names = [] } = await codebuild.send(new ListProjectsCommand({}));
    const { projects = [] } = await codebuild.send(new BatchGetProjectsCommand({ names }));
    return byName(
        projects,
        ({ name }) => name!,
        (project) => Promise.resolve(project),
    );
}

/** Reads a value of each resource; by name, in the order of names. */
async function byName<T, R>(
    list: T[],
    nameOf: (one: T) => string,
    read: (one: T) => Promise<R>,
): Promise<Record<string, R>> {
    const entries = await Promise.all(list.map(async (one) => [nameOf(one), await read(one)] as const));
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Waits for an answer; undefined where the resource does not exist. */
async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
    return answer.catch((error: Error) => {
        if (error.name.endsWith("NotFoundException") || error.name === "NoSuchBucketPolicy") return undefined;
        throw error;
    });
}
