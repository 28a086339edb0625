import { accountId } from "../../ministack/account";
import { passedHeaders } from "../http/messages";
import type { RegistryContext } from "./registryContext";
import { repositoryArn } from "./repositoryArn";
import { isImmutable } from "./tagMutability";

/**
 * Makes the headers of a registry request to the emulator: without the token, and with the Host that fixes account and region. The emulator
 * would guess both otherwise (ministack services/ecr.py, _select_registry_request_scope).
 */
export function registryHeaders(context: RegistryContext, rawHeaders: string[]): string[] {
    const host = `${accountId}.dkr.ecr.${context.configuration.region}.amazonaws.com`;
    return [...passedHeaders(rawHeaders, ["authorization", "host"]), "Host", host];
}

/** Removes a manifest from the registry; a missing manifest is no error. */
export async function deleteManifest(context: RegistryContext, repository: string, digest: string): Promise<void> {
    const answer = await context.upstream.send({
        method: "DELETE",
        path: `/v2/${encodeURI(repository)}/manifests/${digest}`,
        headers: registryHeaders(context, []),
    });
    answer.resume();
    if (answer.statusCode === 202 || answer.statusCode === 404) return;
    throw new Error(`The emulator answered ${answer.statusCode} when told to delete ${repository}@${digest}.`);
}

/** Finds the digest that a tag names now; undefined when the tag or its repository does not exist. */
export async function digestOfTag(
    context: RegistryContext,
    repository: string,
    tag: string,
): Promise<string | undefined> {
    const answer = await context.upstream.send({
        method: "HEAD",
        path: `/v2/${encodeURI(repository)}/manifests/${encodeURIComponent(tag)}`,
        headers: registryHeaders(context, []),
    });
    answer.resume();
    const digest = answer.headers["docker-content-digest"];
    return answer.statusCode === 200 && typeof digest === "string" ? digest : undefined;
}

/** Tells whether a tag of a repository may not be moved once it exists. */
export function tagIsImmutable(context: RegistryContext, repository: string, tag: string): boolean {
    const settings = context.mutabilities.get(repositoryArn(context, repository));
    return settings !== undefined && isImmutable(settings, tag);
}
