import { accountId } from "../../ministack/account";
import { apiError } from "../call/apiError";
import type { ApiCall } from "../call/apiRequest";
import type { Edits, Json } from "../call/callHandler";
import type { Answer } from "../http/messages";
import type { RegistryContext } from "./registryContext";
import { deleteManifest } from "./repositoryTags";
import type { TagMutability } from "./tagMutability";

/** Edits that turn successful answers of the emulator's ECR API into those of a registry at this address. */
export const ecrEdits: Edits<RegistryContext> = {
    "ecr:CreateRepository": (body, call, context) => {
        const repository = body.repository as Json;
        context.mutabilities.set(String(repository.repositoryArn), requestedMutability(call));
        return { ...body, repository: describedRepository(repository, context) };
    },
    "ecr:DescribeRepositories": (body, _call, context) => ({
        ...body,
        repositories: (body.repositories as Json[]).map((repository) => describedRepository(repository, context)),
    }),
    "ecr:DeleteRepository": (body, _call, context) => {
        const repository = describedRepository(body.repository as Json, context);
        context.mutabilities.delete(String(repository.repositoryArn));
        return { ...body, repository };
    },
    "ecr:PutImageTagMutability": (body, call, context) => {
        const settings = requestedMutability(call);
        for (const arn of call.resources) context.mutabilities.set(arn, settings);
        return { ...body, ...settings };
    },
    "ecr:GetAuthorizationToken": authorizationToken,
    "ecr:DescribeImages": missingImage,
    "ecr:BatchDeleteImage": deletedManifests,
    "ecr:BatchGetImage": askedImages,
};

function describedRepository(repository: Json, context: RegistryContext): Json {
    const settings = context.mutabilities.get(String(repository.repositoryArn));
    return { ...repository, ...settings, repositoryUri: `${context.host}/${String(repository.repositoryName)}` };
}

function requestedMutability({ members }: ApiCall): TagMutability {
    const { imageTagMutability = "MUTABLE", imageTagMutabilityExclusionFilters: filters } =
        members as Partial<TagMutability>;
    return { imageTagMutability, ...(filters && { imageTagMutabilityExclusionFilters: filters }) };
}

function authorizationToken(body: Json, call: ApiCall, context: RegistryContext): Json | Answer {
    const principal = context.principals.of(call.accessKeyId);
    if (principal.arn === "unknown") {
        const message = "The access key was not issued through this gateway, so no registry token can be bound to it.";
        return apiError(call, 403, "UnrecognizedClientException", message);
    }
    const token = context.tokens.issue(principal, Date.now());
    const data = {
        authorizationToken: token.authorizationToken,
        expiresAt: Math.floor(token.expiresAt / 1000),
        proxyEndpoint: `http://${context.host}`,
    };
    return { ...body, authorizationData: [data] };
}

/** Deletes manifests of deleted images: the emulator forgets the image, but would still serve its manifest by digest. */
async function deletedManifests(body: Json, call: ApiCall, context: RegistryContext): Promise<Json> {
    const repository = String(call.members.repositoryName);
    for (const { imageDigest } of (body.imageIds as ImageIdentifier[] | undefined) ?? []) {
        if (imageDigest !== undefined) await deleteManifest(context, repository, imageDigest);
    }
    return body;
}

/** Lists each image by the tag that was asked for, as ECR does; the emulator names the image's latest tag. */
function askedImages(body: Json, call: ApiCall): Json {
    const failures = body.failures as { imageId: ImageIdentifier }[];
    const isFailed = (asked: ImageIdentifier) =>
        failures.some(
            ({ imageId }) => imageId.imageTag === asked.imageTag && imageId.imageDigest === asked.imageDigest,
        );
    const asked = (call.members.imageIds as ImageIdentifier[]).filter((one) => !isFailed(one));
    const images = (body.images as { imageId: ImageIdentifier }[]).map((image, index) => ({
        ...image,
        imageId: { imageDigest: image.imageId.imageDigest, ...asked[index] },
    }));
    return { ...body, images };
}

interface ImageIdentifier {
    imageDigest?: string;
    imageTag?: string;
}

/** Fails with ImageNotFoundException as ECR does; the emulator leaves out images that do not exist. */
function missingImage(body: Json, call: ApiCall): Json | Answer {
    const found = body.imageDetails as { imageDigest: string; imageTags?: string[] }[];
    const requested = (call.members.imageIds as ImageIdentifier[] | undefined) ?? [];
    const missing = requested.find(
        ({ imageDigest, imageTag }) =>
            !found.some((image) =>
                imageDigest === undefined
                    ? image.imageTags?.includes(imageTag ?? "")
                    : image.imageDigest === imageDigest,
            ),
    );
    if (missing === undefined) return body;
    const { imageDigest = "null", imageTag = "null" } = missing;
    const repository = String(call.members.repositoryName);
    const message = `The image with imageId {imageDigest:'${imageDigest}', imageTag:'${imageTag}'} does not exist within the repository with name '${repository}' in the registry with id '${accountId}'`;
    return apiError(call, 400, "ImageNotFoundException", message);
}
