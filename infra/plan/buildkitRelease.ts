/**
 * Release of BuildKit for all builds: `up` copies it into CodeBuild's repository, and this repository's own tools use it
 * (tools/buildkit/go.mod). The digest is that of the index of all its platforms (docs/decisions/135).
 */
export const buildkitRelease = {
    version: "0.34.0",
    digest: "sha256:b059f8d7226d0b326bc871af489a5dddf65e36af4d20d14251b072974d9ee87c",
} as const;

/** Image reference of {@link buildkitRelease}. */
export const buildkitReference = `docker.io/moby/buildkit:v${buildkitRelease.version}@${buildkitRelease.digest}`;
