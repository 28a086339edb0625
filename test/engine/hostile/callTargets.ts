/** Of what the calls are made. */
export interface CallTargets {
    outputs: Record<string, string>;
    /** Digest and manifest of the image that was built by `pulumi up`. */
    digest: string;
    manifest: string;
    mediaType: string;
    /** A repository of base images. */
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
