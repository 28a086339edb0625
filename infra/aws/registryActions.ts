/** Actions that a pull of an image or of a cache needs. */
export const pullActions = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];

/** Actions that a push of an image or of a cache needs, with the pull that follows a cache miss. */
export const pushActions = [
    ...pullActions,
    "ecr:CompleteLayerUpload",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
].sort();
