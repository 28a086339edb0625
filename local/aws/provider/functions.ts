import { fromApi, type Properties, text } from "./fields";
import type { AwsContext } from "./resourceType";

/** Function of pulumi-aws 7.48 (Terraform: data source) in terms of AWS API calls. */
export interface AwsFunction {
    /** Arguments that are implemented; any other is refused. */
    arguments: readonly string[];
    /** Calls the function. @throws Error with AWS's own message when a call fails */
    invoke(aws: AwsContext, given: Properties): Promise<Properties>;
}

const getCallerIdentity: AwsFunction = {
    arguments: [],
    async invoke(aws) {
        const { Account, Arn, UserId } = await aws.clients.sts.getCallerIdentity({});
        return { accountId: Account, arn: Arn, userId: UserId, id: Account };
    },
};

const getPartition: AwsFunction = {
    arguments: [],
    invoke(aws) {
        const reverseDnsPrefix = aws.dnsSuffix.split(".").reverse().join(".");
        const { partition, dnsSuffix } = aws;
        return Promise.resolve({ partition, dnsSuffix, reverseDnsPrefix, id: partition });
    },
};

const getRegion: AwsFunction = {
    arguments: ["region", "name"],
    invoke(aws, given) {
        const { region, regionDescription: description } = aws;
        requireRegion(aws, given.name);
        return Promise.resolve({
            region,
            name: region,
            description,
            endpoint: `ec2.${region}.${aws.dnsSuffix}`,
            id: region,
        });
    },
};

/**
 * Function for the token of the caller. The token is not marked as secret: marking must depend on the program alone. A test that looks for
 * plain secrets in the state must detect a program that does not mark it.
 */
const getAuthorizationToken: AwsFunction = {
    arguments: ["region", "registryId"],
    async invoke(aws) {
        const [data] = (await aws.clients.ecr.getAuthorizationToken({})).authorizationData ?? [];
        const authorizationToken = data?.authorizationToken ?? "";
        const [userName, password] = Buffer.from(authorizationToken, "base64").toString("utf8").split(/:(.*)/s);
        return {
            authorizationToken,
            userName,
            password,
            proxyEndpoint: data?.proxyEndpoint,
            expiresAt: data?.expiresAt?.toISOString(),
            region: aws.region,
            id: aws.region,
        };
    },
};

const getRepository: AwsFunction = {
    arguments: ["name", "region", "registryId"],
    async invoke(aws, given) {
        const { name } = given;
        if (typeof name !== "string") throw new Error("aws.ecr.getRepository needs a name.");
        const { ecr } = aws.clients;
        const [found] = (await ecr.describeRepositories({ repositoryNames: [name] })).repositories ?? [];
        const tags = await ecr.listTagsForResource({ resourceArn: found?.repositoryArn });
        const images = await ecr.describeImages({ repositoryName: name });
        const [newest] = (images.imageDetails ?? []).sort(
            (left, right) => Number(right.imagePushedAt) - Number(left.imagePushedAt),
        );
        const { encryptionType, kmsKey } = found?.encryptionConfiguration ?? {};
        const filters = found?.imageTagMutabilityExclusionFilters ?? [];
        const filterFields = { filter: text(), filterType: text() };
        return {
            name,
            id: name,
            arn: found?.repositoryArn,
            registryId: found?.registryId,
            repositoryUrl: found?.repositoryUri,
            imageTagMutability: found?.imageTagMutability,
            imageTagMutabilityExclusionFilters: filters.map((filter) => fromApi(filterFields, filter, "camelCase")),
            imageScanningConfigurations: [{ scanOnPush: found?.imageScanningConfiguration?.scanOnPush ?? false }],
            encryptionConfigurations: [{ encryptionType, kmsKey: kmsKey ?? "" }],
            mostRecentImageTags: newest?.imageTags ?? [],
            tags: Object.fromEntries((tags.tags ?? []).map(({ Key, Value }) => [Key ?? "", Value ?? ""])),
            region: aws.region,
        };
    },
};

const getBucket: AwsFunction = {
    arguments: ["bucket", "region"],
    async invoke(aws, given) {
        const { bucket } = given;
        if (typeof bucket !== "string") throw new Error("aws.s3.getBucket needs a bucket.");
        requireRegion(aws, given.region);
        const { BucketRegion: bucketRegion = aws.region } = await aws.clients.s3.headBucket({ Bucket: bucket });
        return {
            bucket,
            id: bucket,
            arn: `arn:${aws.partition}:s3:::${bucket}`,
            bucketDomainName: `${bucket}.s3.${aws.dnsSuffix}`,
            bucketRegion,
            bucketRegionalDomainName: `${bucket}.s3.${bucketRegion}.${aws.dnsSuffix}`,
            region: aws.region,
        };
    },
};

const getConnection: AwsFunction = {
    arguments: ["arn", "region"],
    async invoke(aws, given) {
        const { arn } = given;
        if (typeof arn !== "string") throw new Error("aws.codestarconnections.getConnection needs an arn.");
        requireRegion(aws, given.region);
        const { Connection } = await aws.clients["codestar-connections"].getConnection({ ConnectionArn: arn });
        return {
            arn,
            id: arn,
            connectionStatus: Connection?.ConnectionStatus,
            hostArn: Connection?.HostArn ?? "",
            name: Connection?.ConnectionName ?? "",
            providerType: Connection?.ProviderType ?? "",
            tags: {},
            region: aws.region,
        };
    },
};

const getSecretVersion: AwsFunction = {
    arguments: ["secretId", "versionStage", "region"],
    async invoke(aws, given) {
        const { secretId, versionStage = "AWSCURRENT" } = given;
        if (typeof secretId !== "string") throw new Error("aws.secretsmanager.getSecretVersion needs a secretId.");
        requireRegion(aws, given.region);
        const call = { SecretId: secretId, VersionStage: versionStage as string };
        const found = await aws.clients.secretsmanager.getSecretValue(call);
        return {
            secretId,
            versionStage,
            arn: found.ARN,
            versionId: found.VersionId,
            versionStages: found.VersionStages ?? [],
            secretString: found.SecretString ?? "",
            secretBinary: Buffer.from(found.SecretBinary ?? []).toString("utf8"),
            createdDate: found.CreatedDate?.toISOString(),
            region: aws.region,
            id: `${secretId}|${found.VersionId}`,
        };
    },
};

/** Functions by Pulumi token. */
export const awsFunctions: Readonly<Record<string, AwsFunction>> = {
    "aws:codestarconnections/getConnection:getConnection": getConnection,
    "aws:ecr/getAuthorizationToken:getAuthorizationToken": getAuthorizationToken,
    "aws:ecr/getRepository:getRepository": getRepository,
    "aws:index/getCallerIdentity:getCallerIdentity": getCallerIdentity,
    "aws:index/getPartition:getPartition": getPartition,
    "aws:index/getRegion:getRegion": getRegion,
    "aws:s3/getBucket:getBucket": getBucket,
    "aws:secretsmanager/getSecretVersion:getSecretVersion": getSecretVersion,
};

/**
 * Refuses another Region than the provider's own.
 *
 * @throws Error naming both Regions
 */
export function requireRegion(aws: AwsContext, region: Properties[string]): void {
    if (region === undefined || region === null || region === aws.region) return;
    throw new Error(
        `The local aws provider runs in ${aws.region} only, not in ${JSON.stringify(region)}; leave region out or set it to ${aws.region}.`,
    );
}
