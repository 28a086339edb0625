import type { CallTargets } from "./callTargets";

/** Request to the registry that a pull request must not be able to make, with a login that the role may ask for. */
export interface HostileRequest {
    what: string;
    method: "POST" | "PUT" | "DELETE" | "PATCH";
    /** Path below `/v2/`. */
    path: string;
    body?: string;
    contentType?: string;
}

/** Lists the requests to the registry. */
export function hostileRequests({
    outputs,
    manifest,
    mediaType,
    digest,
    baseRepository,
}: CallTargets): HostileRequest[] {
    const repository = nameOf(outputs.repositoryUrl!);
    const put = (what: string, tag: string, name = repository): HostileRequest => ({
        what: `pushes ${what}`,
        method: "PUT",
        path: `${name}/manifests/${tag}`,
        body: manifest,
        contentType: mediaType,
    });
    return [
        { what: "uploads a layer", method: "POST", path: `${repository}/blobs/uploads/` },
        {
            what: "mounts a layer of another repository",
            method: "POST",
            path: `${repository}/blobs/uploads/?mount=${digest}&from=${baseRepository}`,
        },
        put("to the content tag of the trusted image", outputs.imageTag!),
        put("the default branch's cache", "cache-main-amd64"),
        put("a pinned stage", `deps-${"0".repeat(40)}`),
        put("a commit's image", `git-${"1".repeat(40)}`),
        put("an image by digest", digest),
        put("a base image", "1.37-musl", baseRepository),
        put("to a repository that does not exist", "latest", "hostile/new"),
        {
            what: "deletes the trusted image from the registry",
            method: "DELETE",
            path: `${repository}/manifests/${digest}`,
        },
    ];
}

/** Cuts the registry's name of a repository out of its address. */
export function nameOf(repositoryUrl: string): string {
    return repositoryUrl.slice(repositoryUrl.indexOf("/") + 1);
}
