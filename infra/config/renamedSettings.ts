/** Names of settings today, by the names that they had before; both are paths below the project. */
export const renamedSettings: Record<string, string> = {
    throwAway: "forceDestroy",
    directoryApp: "hostFolder",
    keepBuilds: "maxBuildCount",
    functionNames: "lambdaFunctionNames",
    createRepository: "existingRepositories (with the opposite value)",
    cacheBucketName: "existingCacheBucketName",
    "ec2.targetTag": "ec2.instanceTag",
    "ec2.roleName": "ec2.existingRoleName",
    "ecs.clusterName": "ecs.existingClusterName",
    "ecs.network": "ecs.existingNetwork",
    "ecs.loadBalancer": "ecs.existingLoadBalancer",
    "ci.github.providerArn": "ci.github.existingProviderArn",
    "ci.gitlab.providerArn": "ci.gitlab.existingProviderArn",
};
