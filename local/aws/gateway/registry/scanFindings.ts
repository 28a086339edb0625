import {
    DescribeImagesCommand,
    DescribeRepositoriesCommand,
    type ECRClient,
    type ImageDetail,
    type ImageIdentifier,
} from "@aws-sdk/client-ecr";
import { accountId } from "../../ministack/account";
import { RequestError } from "../../requestError";
import { type CallHandler, jsonAnswer } from "../call/callHandler";
import { pageOf } from "../call/page";
import type { ImageScans } from "./imageScans";

/** Parts of the gateway that serve calls about scans. */
export interface ScanContext {
    /** Repositories and images, as the emulator keeps them. */
    repositories: ECRClient;
    /** Results of scans. */
    scans: ImageScans;
}

/** Handlers of the calls about scans of images, which the emulator lacks: a scan is complete as soon as the image is there. */
export const scanCalls: Record<string, CallHandler<ScanContext>> = {
    "ecr:DescribeImageScanFindings": async ({ members }, { repositories, scans }) => {
        const repositoryName = String(members.repositoryName);
        const imageId = members.imageId as ImageIdentifier;
        const { image, scanOnPush } = await lookUp(repositories, repositoryName, imageId);
        const { imageDigest = "", imageTag = "null" } = imageId;
        const id = `{imageDigest:'${image?.imageDigest ?? (imageDigest || "null")}', imageTag:'${imageTag}'}`;
        const place = `in the registry with id '${accountId}'`;
        if (image === undefined) {
            const sentence = `The image with imageId ${id} does not exist within the repository with name '${repositoryName}' ${place}`;
            throw new RequestError("ImageNotFoundException", sentence);
        }
        if (!scanOnPush) {
            const sentence = `Image scan does not exist for the image with '${id}' in the repository with name '${repositoryName}' ${place}`;
            throw new RequestError("ScanNotFoundException", sentence);
        }
        const findings = scans.findingsOf(repositoryName, image.imageDigest ?? "");
        const counts: Record<string, number> = {};
        for (const { severity } of findings) counts[severity] = (counts[severity] ?? 0) + 1;
        const completed = Number(image.imagePushedAt ?? new Date()) / 1000;
        const { items, nextToken } = pageOf(findings, members);
        return jsonAnswer({
            registryId: accountId,
            repositoryName,
            imageId: { ...imageId, imageDigest: image.imageDigest },
            imageScanStatus: { status: "COMPLETE", description: "The scan was completed successfully." },
            imageScanFindings: {
                imageScanCompletedAt: completed,
                vulnerabilitySourceUpdatedAt: completed,
                findingSeverityCounts: counts,
                findings: items,
            },
            nextToken,
        });
    },
};

/** Looks an image up. @throws RequestError for an unknown repository */
async function lookUp(
    ecr: ECRClient,
    repositoryName: string,
    imageId: ImageIdentifier,
): Promise<{ image?: ImageDetail; scanOnPush: boolean }> {
    try {
        const { repositories = [] } = await ecr.send(
            new DescribeRepositoriesCommand({ repositoryNames: [repositoryName] }),
        );
        const { imageDetails = [] } = await ecr.send(
            new DescribeImagesCommand({ repositoryName, imageIds: [imageId] }),
        );
        const scanOnPush = repositories[0]?.imageScanningConfiguration?.scanOnPush ?? false;
        return { image: imageDetails[0], scanOnPush };
    } catch (error) {
        const { name, message } = error as Error;
        if (name === "ImageNotFoundException") return { scanOnPush: false };
        if (name === "RepositoryNotFoundException") throw new RequestError(name, message);
        throw error;
    }
}
