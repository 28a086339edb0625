import { DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { BatchGetProjectsCommand, paginateListReportGroups } from "@aws-sdk/client-codebuild";
import { DescribeRepositoriesCommand } from "@aws-sdk/client-ecr";
import { GetPolicyCommand, GetRoleCommand } from "@aws-sdk/client-iam";
import { HeadBucketCommand } from "@aws-sdk/client-s3";
import { GetParametersCommand } from "@aws-sdk/client-ssm";
import type { SmokeClients } from "./account";

/** Resource of a stack's state. */
export interface DeclaredResource {
    type: string;
    /** Id in AWS; absent for components. */
    id?: string;
}

/** Resource that outlives a stack that was to leave none. */
export interface Leftover {
    type: string;
    id: string;
    /** Command that removes the resource. */
    remove: string;
}

/** Search for a type of resource, and the command that removes it by hand. */
interface Search {
    exists: (clients: SmokeClients, id: string) => Promise<boolean>;
    remove: (id: string) => string;
}

/** Tells whether a call finds its resource. @param notFound name of the error for a missing resource */
function found(call: Promise<unknown>, notFound: string): Promise<boolean> {
    return call.then(
        () => true,
        (error: Error) => {
            if (error.name === notFound) return false;
            throw error;
        },
    );
}

const reportGroup = "CodeBuild's report group";

/** Types that can outlive a stack by themselves. */
const searches: Record<string, Search> = {
    "aws:ecr/repository:Repository": {
        exists: ({ ecr }, id) =>
            found(ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [id] })), "RepositoryNotFoundException"),
        remove: (id) => `aws ecr delete-repository --force --repository-name ${id}`,
    },
    "aws:s3/bucket:Bucket": {
        exists: ({ s3 }, id) => found(s3.send(new HeadBucketCommand({ Bucket: id })), "NotFound"),
        remove: (id) => `aws s3 rb --force s3://${id}`,
    },
    "aws:codebuild/project:Project": {
        exists: async ({ codebuild }, id) => {
            const { projects } = await codebuild.send(new BatchGetProjectsCommand({ names: [nameIn(id)] }));
            return projects!.length > 0;
        },
        remove: (id) => `aws codebuild delete-project --name ${nameIn(id)}`,
    },
    "aws:cloudwatch/logGroup:LogGroup": {
        exists: async ({ logs }, id) => {
            const command = new DescribeLogGroupsCommand({ logGroupNamePrefix: id });
            return (await logs.send(command)).logGroups!.some(({ logGroupName }) => logGroupName === id);
        },
        remove: (id) => `aws logs delete-log-group --log-group-name ${id}`,
    },
    "aws:ssm/parameter:Parameter": {
        exists: async ({ ssm }, id) =>
            (await ssm.send(new GetParametersCommand({ Names: [id] }))).Parameters!.length > 0,
        remove: (id) => `aws ssm delete-parameter --name ${id}`,
    },
    "aws:iam/role:Role": {
        exists: ({ iam }, id) => found(iam.send(new GetRoleCommand({ RoleName: id })), "NoSuchEntityException"),
        remove: (id) => `aws iam delete-role --role-name ${id} (its policies first: aws iam delete-role-policy)`,
    },
    "aws:iam/policy:Policy": {
        exists: ({ iam }, id) => found(iam.send(new GetPolicyCommand({ PolicyArn: id })), "NoSuchEntityException"),
        remove: (id) => `aws iam delete-policy --policy-arn ${id}`,
    },
    // Builds make them, so no state knows them: their names begin with that of the project.
    [reportGroup]: {
        exists: async ({ codebuild }, id) => {
            for await (const { reportGroups = [] } of paginateListReportGroups({ client: codebuild }, {})) {
                if (reportGroups.some((arn) => arn.split("/").pop()!.startsWith(id))) return true;
            }
            return false;
        },
        remove: (id) => `aws codebuild delete-report-group --delete-reports --arn <ARN of ${id}…>`,
    },
};

/** Types that disappear with a resource above, or exist only in the state. */
const parts = [
    "aws:codebuild/webhook:Webhook",
    "aws:ecr/lifecyclePolicy:LifecyclePolicy",
    "aws:ecr/repositoryPolicy:RepositoryPolicy",
    "aws:iam/rolePolicy:RolePolicy",
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "aws:s3/bucketObjectv2:BucketObjectv2",
    "aws:s3/bucketPolicy:BucketPolicy",
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "docker-build:index:Image",
];

/**
 * Lists the resources to search for.
 *
 * @param resources all of the stack's state
 * @throws Error for a type that stands in neither table
 */
export function searchable(resources: DeclaredResource[]): { type: string; id: string }[] {
    const declared = resources.filter(({ type }) => !/^(pulumi|cached-image-pipeline):/.test(type));
    const unknown = declared.find(({ type }) => !(type in searches) && !parts.includes(type));
    if (unknown !== undefined)
        throw new Error(`local/commands/smoke/leftovers.ts does not say how to look for ${unknown.type}.`);
    const own = declared.flatMap(({ type, id = "" }) => (type in searches ? [{ type, id }] : []));
    const projects = own.filter(({ type }) => type === "aws:codebuild/project:Project");
    return [...own, ...projects.map(({ id }) => ({ type: reportGroup, id: `${nameIn(id)}-` }))];
}

/** Lists the resources that still exist. */
export async function leftovers(clients: SmokeClients, resources: DeclaredResource[]): Promise<Leftover[]> {
    const left: Leftover[] = [];
    for (const { type, id } of searchable(resources)) {
        const { exists, remove } = searches[type]!;
        if (await exists(clients, id)) left.push({ type, id, remove: remove(id) });
    }
    return left;
}

/** Cuts the name out of an ARN; returns a plain name unchanged. */
function nameIn(id: string): string {
    return id.slice(id.lastIndexOf("/") + 1);
}
