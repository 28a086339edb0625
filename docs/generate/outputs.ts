/** Output of the stack, for the reference. */
export interface OutputRow {
    /** Condition under which the output has a value. */
    present: string;
    /** Description, in prose. */
    description: string;
}

const always = "always";
const built = "where the stack builds images";
const targets = { ec2: "with `ec2`", ecs: "with `ecs`", lambda: "with `lambda`", ci: "with `ci`" };

/** Outputs of the program, in the order of the reference; a test compares them with the program's. */
export const outputs: Record<string, OutputRow> = {
    imageUri: { present: always, description: "`repository@sha256:…` of the first image: the name to deploy." },
    imageDigest: { present: always, description: "Digest of the first image, `sha256:…`." },
    imageTag: {
        present: built,
        description: "Content tag of the first image: `src-` and a hash of everything that can change the image.",
    },
    repositoryUrl: { present: always, description: "Address of the first image's repository." },
    cacheRef: {
        present: built,
        description: "Cache of the first image that this stack writes; none with `cacheMode` off.",
    },
    imageTagParameter: {
        present: always,
        description: "Name of the SSM parameter that records the releases of the first image.",
    },
    images: { present: always, description: "The six outputs above for every image, by the image's name." },
    buildProjectName: { present: built, description: "Name of the CodeBuild project." },
    pullRequestProjectName: {
        present: "with `source.webhooks`",
        description: "Name of the CodeBuild project of pull requests.",
    },
    webhooks: {
        present: "with `source.webhooks` at GitHub Enterprise Server",
        description: "Payload address and secret of each webhook, to enter at the Git host. Secret.",
    },
    buildRoleArn: { present: built, description: "Role of builds." },
    cacheBucketName: { present: built, description: "Bucket of build tools, image definitions and proofs of builds." },
    directoryAppParameter: {
        present: always,
        description: "Name of the SSM parameter with the folder of the compose files on target hosts.",
    },
    secretNameParameter: {
        present: always,
        description: "Name of the SSM parameter with the name of the application's secret.",
    },
    deployedTag: { present: always, description: "Tag that deploys give to the image that runs: `deployed-<stack>`." },
    deployDocument: { present: targets.ec2, description: "Name of the SSM document that deploys an image." },
    deployTargets: { present: targets.ec2, description: "Instances, as `aws ssm send-command --targets` takes them." },
    deployService: { present: targets.ec2, description: "Compose service that runs the first image." },
    deployBucketName: { present: targets.ec2, description: "Bucket of the compose files." },
    instanceProfileName: {
        present: "with `ec2`, without `ec2.existingRoleName`",
        description: "Instance profile for the instances.",
    },
    instanceRoleArn: { present: "with `ec2`, without `ec2.existingRoleName`", description: "Role of the instances." },
    ecsCluster: { present: targets.ecs, description: "Name of the cluster." },
    ecsService: { present: targets.ecs, description: "Name of the service." },
    ecsContainer: { present: targets.ecs, description: "Name of the container that runs the first image." },
    ecsTaskDefinition: {
        present: targets.ecs,
        description: "Declared revision of the task definition, from which deploys make theirs.",
    },
    lambdaFunction: { present: targets.lambda, description: "Name of the function." },
    lambdaAlias: { present: targets.lambda, description: "Alias that callers use and deploys move." },
    lambdaArchitecture: { present: targets.lambda, description: "Architecture that deploys set with the image." },
    serviceUrl: { present: targets.ecs, description: "Address that users call." },
    ciBuildRoleArn: {
        present: "with `ci`, where the stack builds images",
        description: "Role of CI jobs that start builds.",
    },
    ciDeployRoleArn: { present: targets.ci, description: "Role of CI jobs that deploy." },
    ciCopyRoleArn: {
        present: "with `ci.promoteTo`",
        description: "Role of CI jobs that copy releases to another account.",
    },
    deliveryPipelineName: { present: "with `delivery`", description: "Name of the pipeline of CodePipeline." },
    deliveryApprovalPolicy: {
        present: "with `delivery`",
        description: "Policy, as JSON, of people who approve promotions.",
    },
    deliveryRoleArn: {
        present: "with `deliveredBy`",
        description: "Role by which the pipeline of another environment releases to this one.",
    },
    deployEnv: {
        present: always,
        description:
            "The outputs that deploy jobs need, as lines `IMAGE_URI=…` of a dotenv file. Names of further images follow the variable: `IMAGE_URI_WORKER`.",
    },
};
