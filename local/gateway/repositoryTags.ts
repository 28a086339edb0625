import { type GatewayContext, repositoryArn } from "./context";
import { isImmutable } from "./tagMutability";
import { accountId } from "./configuration";
import { passedHeaders } from "./messages";

/**
 * Host header that pins a registry request to account and region, which the emulator otherwise guesses
 * from the repository's name (ministack services/ecr.py, _select_registry_request_scope).
 */
export function registryHost(context: GatewayContext): string {
    return `${accountId}.dkr.ecr.${context.configuration.region}.amazonaws.com`;
}

/** Headers of a registry request on its way to the emulator: without the token, with the registry's host. */
export function registryHeaders(context: GatewayContext, rawHeaders: string[]): string[] {
    return [...passedHeaders(rawHeaders, ["authorization", "host"]), "Host", registryHost(context)];
}

/** Digest that a tag names now; undefined when the tag or its repository does not exist. */
export async function digestOfTag(
    context: GatewayContext,
    repository: string,
    tag: string,
): Promise<string | undefined> {
    const answer = await context.upstream.send({
        method: "HEAD",
        path: `/v2/${repository}/manifests/${tag}`,
        headers: registryHeaders(context, []),
    });
    answer.resume();
    const digest = answer.headers["docker-content-digest"];
    return answer.statusCode === 200 && typeof digest === "string" ? digest : undefined;
}

/** Whether a tag of a repository may not be moved once it exists. */
export function tagIsImmutable(context: GatewayContext, repository: string, tag: string): boolean {
    const settings = context.mutabilities.of(repositoryArn(context, repository));
    return settings !== undefined && isImmutable(settings, tag);
}
