/** Published description of a way to build images with a cache. */
export interface WriteUp {
    /** Title, as published. */
    title: string;
    /** Author or site. */
    publisher: string;
    /** Address of the page. */
    address: string;
}

/** Write-ups whose strategies are measured. */
export const writeUps = {
    lastTag: {
        title: "AWS Journey: Docker Build Optimization and Image Tagging",
        publisher: "Rijal Efendi",
        address: "https://rijalefendi.xyz/posts/aws-journey-docker-optimization",
    },
    inlineCache: {
        title: "Accelerating Docker Deployments in CI/CD Pipelines with Caching Strategies",
        publisher: "Pareto",
        address:
            "https://www.pareto.si/blog/accelerating-docker-deployments-in-ci-cd-pipelines-with-caching-strategies/",
    },
    registryMinimum: {
        title: "Reduce Docker image build time on AWS CodeBuild using Amazon ECR as a remote cache",
        publisher: "AWS DevOps Blog",
        address:
            "https://aws.amazon.com/blogs/devops/reduce-docker-image-build-time-on-aws-codebuild-using-amazon-ecr-as-a-remote-cache/",
    },
    registryMaximum: {
        title: "Optimizing Multi-Architecture Container Image Builds on AWS",
        publisher: "Javier in the Cloud",
        address: "https://www.javierinthecloud.com/optimizing-multi-architecture-container-image-builds-on-aws/",
    },
    carriedDirectories: {
        title: "Docker Image Optimization using ECR and S3",
        publisher: "Xcelore",
        address: "https://xcelore.com/blog/speed-up-docker-image-optimization-using-ecr-and-s3/",
    },
} satisfies Record<string, WriteUp>;

/** Cites a write-up in Markdown. */
export function citation({ title, publisher, address }: WriteUp): string {
    return `[${title}](${address}) (${publisher})`;
}
