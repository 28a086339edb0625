import { stringify } from "yaml";

/** Lists actions that must be denied to a build of a pull request, as commands by name; none does harm where it is allowed. */
export function deniedActions(outputs: Record<string, string>): Record<string, string> {
    const { repositoryUrl = "", cacheBucketName: bucket, imageTagParameter, buildProjectName, buildRoleArn } = outputs;
    const repository = repositoryUrl.slice(repositoryUrl.indexOf("/") + 1);
    const put = (prefix: string) => `aws s3api put-object --bucket ${bucket} --key ${prefix}/smoke`;
    return {
        "ecr:InitiateLayerUpload": `aws ecr initiate-layer-upload --repository-name ${repository}`,
        "ecr:PutImage": `aws ecr put-image --repository-name ${repository} --image-tag smoke --image-manifest {}`,
        "ecr:PutImageTagMutability": `aws ecr put-image-tag-mutability --repository-name ${repository} --image-tag-mutability MUTABLE`,
        "ssm:GetParameter": `aws ssm get-parameter --name ${imageTagParameter}`,
        "ssm:PutParameter": `aws ssm put-parameter --name ${imageTagParameter} --value smoke --overwrite`,
        "secretsmanager:ListSecrets": "aws secretsmanager list-secrets --max-items 1",
        "s3:ListBucket": `aws s3api list-objects-v2 --bucket ${bucket} --max-items 1`,
        "s3:PutObject build-tools": put("build-tools"),
        "s3:PutObject build-cache": put("build-cache"),
        "s3:PutObject artifacts": put("artifacts"),
        "s3:PutObject built": put("built"),
        "sts:AssumeRole": `aws sts assume-role --role-arn ${buildRoleArn} --role-session-name smoke`,
        "iam:CreateRole": "aws iam create-role --role-name smoke --assume-role-policy-document {}",
        "codebuild:StartBuild": `aws codebuild start-build --project-name ${buildProjectName}`,
    };
}

/**
 * Renders a buildspec that tries each command and exports the number of tries and the allowed commands. A failure other than a denial
 * counts as allowed.
 */
export function deniedActionsBuildspec(commands: Record<string, string>): string {
    const script = [
        "TRIED=0 LET_THROUGH=",
        "try() {",
        "  TRIED=$((TRIED + 1))",
        '  if output=$("${@:2}" 2>&1) || [[ "$output" != *"not authorized"* && "$output" != *AccessDenied* ]]; then',
        '    echo "$1: $output"; LET_THROUGH="$LET_THROUGH${LET_THROUGH:+, }$1"',
        "  fi",
        "}",
        ...Object.entries(commands).map(([name, command]) => `try '${name}' ${command}`),
        "export TRIED LET_THROUGH",
    ].join("\n");
    return stringify({
        version: "0.2",
        env: { shell: "bash", "exported-variables": ["TRIED", "LET_THROUGH"] },
        phases: { build: { commands: [script] } },
    });
}
