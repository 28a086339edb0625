import {
    BatchGetImageCommand,
    ECRClient,
    GetAuthorizationTokenCommand,
    ImageAlreadyExistsException,
    ImageTagAlreadyExistsException,
    paginateDescribeImageScanFindings,
    PutImageCommand,
    ScanNotFoundException,
} from "@aws-sdk/client-ecr";
import type { S3Client } from "@aws-sdk/client-s3";
import type { BatchGetImageAnswer } from "./foundImage";
import type { ScanAnswer } from "./scanFindings";
import type { RepositoryName } from "./scanInput";

/** Media types of manifests that a lookup accepts: all that exist. */
const acceptedMediaTypes = [
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
];

/** Tag to give to an image whose manifest the repository holds. */
export interface NewTag {
    /** Name of the repository. */
    repositoryName: string;
    tag: string;
    /** `sha256:…`. */
    digest: string;
    /** Bytes of the manifest, unchanged. */
    manifest: string;
    mediaType: string;
}

/** Content of a proof. */
export interface ReadProof {
    /** Digest that the proof names. @default - there is no proof */
    digest?: string;
    /** S3's message for a missing proof. @default - there is a proof */
    reason?: string;
}

/**
 * Calls of a build to AWS, with the credentials and in the region that CodeBuild gives the build. One process makes all calls: each start
 * of AWS's command line costs more than the call (docs/decisions/086). Clients that few builds need are loaded on demand.
 */
export class AwsCalls {
    private readonly ecr = new ECRClient({});
    private s3: Promise<S3Client> | undefined;

    /**
     * Looks up as many as 100 tags and digests in a repository.
     *
     * @param registryId number of the account. @default - the caller's own
     */
    async lookUp(
        repositoryName: string,
        tags: string[],
        digests: string[] = [],
        registryId?: string,
    ): Promise<BatchGetImageAnswer> {
        const imageIds = [
            ...digests.map((imageDigest) => ({ imageDigest })),
            ...tags.map((imageTag) => ({ imageTag })),
        ];
        const command = new BatchGetImageCommand({ registryId, repositoryName, imageIds, acceptedMediaTypes });
        return withCallName("ecr:BatchGetImage", this.ecr.send(command));
    }

    /** Gives an image a tag. @returns false when an image, this one or another, has the tag already */
    async giveTag({ repositoryName, tag, digest, manifest, mediaType }: NewTag): Promise<boolean> {
        const command = new PutImageCommand({
            repositoryName,
            imageTag: tag,
            imageDigest: digest,
            imageManifest: manifest,
            imageManifestMediaType: mediaType,
        });
        try {
            await this.ecr.send(command);
            return true;
        } catch (error) {
            const isGiven =
                error instanceof ImageTagAlreadyExistsException || error instanceof ImageAlreadyExistsException;
            if (isGiven) return false;
            return withCallName("ecr:PutImage", Promise.reject(error as Error));
        }
    }

    /** Reads all pages of the findings of a digest. @returns undefined where ECR knows no scan of it */
    async scanFindings(repository: RepositoryName, imageDigest: string): Promise<ScanAnswer[] | undefined> {
        const pages: ScanAnswer[] = [];
        try {
            const config = { client: this.ecr, pageSize: 1000 };
            const all = paginateDescribeImageScanFindings(config, { ...repository, imageId: { imageDigest } });
            for await (const page of all) pages.push(page);
            return pages;
        } catch (error) {
            if (error instanceof ScanNotFoundException) return undefined;
            return withCallName("ecr:DescribeImageScanFindings", Promise.reject(error as Error));
        }
    }

    /** Reads the login of this build's registries, as Docker's configuration holds it. */
    async login(): Promise<string> {
        const answer = await withCallName(
            "ecr:GetAuthorizationToken",
            this.ecr.send(new GetAuthorizationTokenCommand({})),
        );
        const token = answer.authorizationData?.[0]?.authorizationToken;
        if (token === undefined) throw new Error("ECR gave no login.");
        return token;
    }

    /**
     * Reads the text of a secret.
     *
     * @param name name or ARN in Secrets Manager
     * @throws Error for a secret that holds bytes
     */
    async secret(name: string): Promise<string> {
        const { SecretsManagerClient, GetSecretValueCommand } = await import("@aws-sdk/client-secrets-manager");
        const command = new GetSecretValueCommand({ SecretId: name });
        const answer = await withCallName("secretsmanager:GetSecretValue", new SecretsManagerClient({}).send(command));
        if (answer.SecretString === undefined) throw new Error(`The secret ${name} holds bytes; a text is needed.`);
        return answer.SecretString;
    }

    /** Reads the text of an object in S3. */
    async object(bucket: string, key: string): Promise<string> {
        const { GetObjectCommand } = await import("@aws-sdk/client-s3");
        const command = new GetObjectCommand({ Bucket: bucket, Key: key });
        const { Body } = await withCallName("s3:GetObject", (await this.s3Client()).send(command));
        if (Body === undefined) throw new Error(`S3 gave nothing of ${bucket}/${key}.`);
        return Body.transformToString();
    }

    /**
     * Reads the digest that a proof names. S3 answers AccessDenied for a missing object to callers that may not list the bucket; this
     * counts as no proof too.
     *
     * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
     */
    async readProof(bucket: string, key: string): Promise<ReadProof> {
        try {
            return { digest: await this.object(bucket, key) };
        } catch (error) {
            const { name, message } = ((error as Error).cause ?? error) as Error;
            if (name === "NoSuchKey" || name === "AccessDenied") return { reason: `${name}: ${message}` };
            throw error;
        }
    }

    /** Writes a text as an object in S3, and replaces an existing object. */
    async writeObject(bucket: string, key: string, text: string): Promise<void> {
        const { PutObjectCommand } = await import("@aws-sdk/client-s3");
        const command = new PutObjectCommand({ Bucket: bucket, Key: key, Body: text });
        await withCallName("s3:PutObject", (await this.s3Client()).send(command));
    }

    /** Loads one client for all objects, which asks for the build's credentials once. */
    private s3Client(): Promise<S3Client> {
        this.s3 ??= import("@aws-sdk/client-s3").then(({ S3Client }) => new S3Client({}));
        return this.s3;
    }
}

/** Prefixes AWS's message with the call that failed. @throws Error with AWS's error as its cause */
async function withCallName<T>(call: string, answer: Promise<T>): Promise<T> {
    try {
        return await answer;
    } catch (error) {
        const { name, message } = error as Error;
        throw new Error(`${call} failed: ${message || name}`, { cause: error });
    }
}
