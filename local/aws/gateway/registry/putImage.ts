import { createHash } from "node:crypto";
import { accountId } from "../../ministack/account";
import { apiError } from "../call/apiError";
import type { ApiCall } from "../call/apiRequest";
import type { Answer } from "../http/messages";
import type { RegistryContext } from "./registryContext";
import { repositoryArn } from "./repositoryArn";
import { digestOfTag, tagIsImmutable } from "./repositoryTags";
import { immutableTagMessage } from "./tagMutability";

/**
 * Refuses a PutImage that ECR refuses but the emulator would accept, or refuse in other words. These are a tag that names the image
 * already, and an immutable tag that names another one. Undefined: the emulator decides.
 * Source: ECR API reference, PutImage (ImageAlreadyExistsException, ImageTagAlreadyExistsException).
 *
 * @param authenticate function that returns the refusal of a caller whose signature is not valid
 */
export async function refusePutImage(
    call: ApiCall,
    context: RegistryContext,
    authenticate: () => Promise<Answer | undefined>,
): Promise<Answer | undefined> {
    const { repositoryName, imageManifest, imageTag, imageDigest } = call.members;
    if (call.action !== "ecr:PutImage" || typeof imageTag !== "string") return undefined;
    if (typeof repositoryName !== "string" || typeof imageManifest !== "string") return undefined;
    const current = await digestOfTag(context, repositoryName, imageTag);
    if (current === undefined) return undefined;

    const digest =
        typeof imageDigest === "string"
            ? imageDigest
            : `sha256:${createHash("sha256").update(imageManifest).digest("hex")}`;
    const refusal =
        current === digest
            ? {
                  code: "ImageAlreadyExistsException",
                  message: `Image with digest '${digest}' and tag '${imageTag}' already exists in the repository with name '${repositoryName}' in registry with id '${accountId}'`,
              }
            : tagIsImmutable(context, repositoryName, imageTag)
              ? { code: "ImageTagAlreadyExistsException", message: immutableTagMessage(imageTag, repositoryName) }
              : undefined;
    if (refusal === undefined) return undefined;

    const principal = context.principals.of(call.accessKeyId);
    if (principal.arn === "unknown") return undefined;
    const unauthenticated = await authenticate();
    if (unauthenticated !== undefined) return unauthenticated;
    const arn = repositoryArn(context, repositoryName);
    const decision = await context.authorization.decide(principal, "ecr:PutImage", arn);
    if (!decision.allowed) return apiError(call, 403, "AccessDeniedException", decision.message);
    return apiError(call, 400, refusal.code, refusal.message);
}
