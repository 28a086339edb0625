/** Place where requests to a service name their operation: header X-Amz-Target, parameter Action, or method and path. */
export type OperationPlace = "target" | "action" | "path";

/** Services that the project uses, by their names in IAM actions; MiniStack serves no others. */
export const services: Partial<Record<string, OperationPlace>> = {
    codebuild: "target",
    ec2: "action",
    ecr: "target",
    ecs: "target",
    iam: "action",
    lambda: "path",
    logs: "target",
    s3: "path",
    secretsmanager: "target",
    ssm: "target",
    sts: "action",
};

/** Services that the gateway serves alone, since MiniStack has none of their calls. */
export const gatewayServices: typeof services = {
    "codestar-connections": "target",
    codepipeline: "target",
};
