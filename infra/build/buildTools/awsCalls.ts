import {
    BatchGetImageCommand,
    ECRClient,
    GetAuthorizationTokenCommand,
    ImageAlreadyExistsException,
    ImageTagAlreadyExistsException,
    PutImageCommand,
} from "@aws-sdk/client-ecr";
import type { BatchGetImageAnswer } from "./foundImage";

/** The forms of manifests that a lookup accepts: all there are. */
const acceptedMediaTypes = [
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
];

/** A tag that an image is given, whose manifest the repository has. */
export interface NewTag {
    /** Name of the repository. */
    repositoryName: string;
    tag: string;
    /** `sha256:…`. */
    digest: string;
    /** The manifest's own bytes. */
    manifest: string;
    mediaType: string;
}

/**
 * The calls of a build to AWS, with the credentials and in the region that CodeBuild gives it. One process makes them all: each start of
 * AWS's command line costs more than the call (docs/decisions/086). Clients that few builds need are loaded when they are needed.
 */
export class AwsCalls {
    private readonly ecr = new ECRClient({});

    /** What a repository has of up to 100 tags. */
    async lookUp(repositoryName: string, tags: string[]): Promise<BatchGetImageAnswer> {
        const imageIds = tags.map((imageTag) => ({ imageTag }));
        const command = new BatchGetImageCommand({ repositoryName, imageIds, acceptedMediaTypes });
        return told("ecr:BatchGetImage", this.ecr.send(command));
    }

    /** Gives an image a tag. @returns false when the tag was given before, to this image or to another one */
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
            return told("ecr:PutImage", Promise.reject(error as Error));
        }
    }

    /** The login of this build's registries, as Docker's configuration has it. */
    async login(): Promise<string> {
        const answer = await told("ecr:GetAuthorizationToken", this.ecr.send(new GetAuthorizationTokenCommand({})));
        const token = answer.authorizationData?.[0]?.authorizationToken;
        if (token === undefined) throw new Error("ECR gave no login.");
        return token;
    }

    /**
     * The text of a secret.
     *
     * @param name name or ARN in Secrets Manager
     * @throws Error for a secret that holds bytes
     */
    async secret(name: string): Promise<string> {
        const { SecretsManagerClient, GetSecretValueCommand } = await import("@aws-sdk/client-secrets-manager");
        const command = new GetSecretValueCommand({ SecretId: name });
        const answer = await told("secretsmanager:GetSecretValue", new SecretsManagerClient({}).send(command));
        if (answer.SecretString === undefined) throw new Error(`The secret ${name} holds bytes; a text is needed.`);
        return answer.SecretString;
    }

    /** The text of an object in S3. */
    async object(bucket: string, key: string): Promise<string> {
        const { S3Client, GetObjectCommand } = await import("@aws-sdk/client-s3");
        const command = new GetObjectCommand({ Bucket: bucket, Key: key });
        const { Body } = await told("s3:GetObject", new S3Client({}).send(command));
        if (Body === undefined) throw new Error(`S3 gave nothing of ${bucket}/${key}.`);
        return Body.transformToString();
    }
}

/** @throws Error that names the call; AWS's own words say who may not do what on which resource */
async function told<T>(call: string, answer: Promise<T>): Promise<T> {
    try {
        return await answer;
    } catch (error) {
        const { name, message } = error as Error;
        throw new Error(`${call} failed: ${message || name}`, { cause: error });
    }
}
