/** Resources that the calls are about. */
export interface CallTargets {
    outputs: Record<string, string>;
    /** Digest and manifest of the image that `pulumi up` built. */
    digest: string;
    manifest: string;
    mediaType: string;
    /** Repository of base images. */
    baseRepository: string;
    secretName: string;
    /** Key of an object that builds do not read. */
    otherKey: string;
    /** Key of the build tools. */
    toolsKey: string;
    pullRequestRole: string;
    /** Log group of the project that pushes. */
    trustedLogGroup: string;
}
