import type { NetworkAccess } from "../aws/networkAccess";
import type { Statement } from "../aws/policyDocument";
import { unscopedStatement } from "../aws/unscopedActions";
import { proofsPrefix } from "../plan/proofKey";
import type { SourceAccess } from "./projectSettings";

/** Resources that every project's role needs, whatever it builds. */
export interface ProjectScope {
    /** ARN of the project's log group. */
    logGroupArn: string;
    /** Resources that a fetch of the source needs. */
    source: SourceAccess;
    /** VPC that builds run in. @default - none */
    network?: NetworkAccess;
    /** KMS key of the data that builds read and write. @default - none */
    kmsKeyArn?: string;
    /** Report group of the images' tests. @default - no image has tests */
    reportGroupArn?: string;
}

/** Returns the statement with these resources, or none where there is nothing to allow. */
export function whenAny(resources: string[], statement: Statement): Statement[] {
    return resources.length === 0 ? [] : [{ ...statement, Resource: resources }];
}

/** Statement that allows a login to the account's registry; other statements allow the calls after the login. */
export const logIn = unscopedStatement("LogIn", ["ecr:GetAuthorizationToken"]);

/** Actions that add to a log. */
export const writeLogActions = ["logs:CreateLogStream", "logs:PutLogEvents"];

/** Allows writing the project's log. */
export function logStatement({ logGroupArn }: Pick<ProjectScope, "logGroupArn">): Statement {
    return {
        Sid: "WriteLog",
        Action: writeLogActions,
        Resource: [logGroupArn, `${logGroupArn}:*`],
    };
}

/**
 * Allows reporting test results, also in the first build, which creates the group.
 *
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/test-permissions.html
 */
export function reportStatements({ reportGroupArn }: Pick<ProjectScope, "reportGroupArn">): Statement[] {
    return whenAny(reportGroupArn === undefined ? [] : [reportGroupArn], {
        Sid: "ReportTests",
        Action: [
            "codebuild:BatchPutTestCases",
            "codebuild:CreateReport",
            "codebuild:CreateReportGroup",
            "codebuild:UpdateReport",
        ],
    });
}

/** Allows reading a bucket's objects that `pulumi up` put there for builds. */
export function buildToolsStatement(bucketArn: string, objectKeys: string[]): Statement {
    return {
        Sid: "ReadBuildTools",
        Action: "s3:GetObject",
        Resource: objectKeys.map((key) => `${bucketArn}/${key}`),
    };
}

/**
 * Names the proofs of repositories' builds as resources of a policy. A pattern ends in `/*` and reaches repositories below its own, so
 * these need no entries; only the stack has repositories there.
 */
export function proofResources(bucketArn: string, repositoryArns: string[]): string[] {
    const names = repositoryArns.map((arn) => arn.slice(arn.indexOf(":repository/") + ":repository/".length));
    const isBelow = (name: string) => names.some((other) => name.startsWith(`${other}/`));
    return names.filter((name) => !isBelow(name)).map((name) => `${bucketArn}/${proofsPrefix}/${name}/*`);
}

/**
 * Allows fetching the source. UseConnection is left out: CodeBuild does not need it for its own source, and it can also push to the
 * repository behind the connection.
 *
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/connections-github-app.html
 * @see https://docs.aws.amazon.com/dtconsole/latest/userguide/security-iam.html#permissions-reference-connections-use
 */
export function sourceStatements({ connectionArn, s3ObjectArn, artifactBucketArn }: SourceAccess): Statement[] {
    // An ARN of before 2024 names the service by its old name, and so do the actions on it.
    const service = connectionArn?.split(":")[2];
    return [
        ...whenAny(connectionArn === undefined ? [] : [connectionArn], {
            Sid: "UseSourceConnection",
            Action: ["GetConnection", "GetConnectionToken"].map((action) => `${service}:${action}`),
        }),
        ...whenAny(s3ObjectArn === undefined ? [] : [s3ObjectArn], {
            Sid: "ReadSource",
            Action: ["s3:GetObject", "s3:GetObjectVersion"],
        }),
        ...whenAny(artifactBucketArn === undefined ? [] : [`${artifactBucketArn}/*`], {
            Sid: "PassPipelineArtifacts",
            Action: ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"],
        }),
        ...whenAny(artifactBucketArn === undefined ? [] : [artifactBucketArn], {
            Sid: "FindPipelineArtifacts",
            Action: ["s3:GetBucketAcl", "s3:GetBucketLocation"],
        }),
    ];
}

/**
 * Allows CodeBuild, and nobody else, network interfaces in the project's subnets.
 *
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/auth-and-access-control-iam-identity-based-access-control.html#customer-managed-policies-example-create-vpc-network-interface
 */
export function networkStatements(network: NetworkAccess | undefined): Statement[] {
    if (network === undefined) return [];
    const { networkInterfaceArns, subnetArns, securityGroupArns } = network;
    return [
        unscopedStatement("FindNetwork", [
            "ec2:DescribeDhcpOptions",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeSubnets",
            "ec2:DescribeVpcs",
        ]),
        {
            Sid: "CreateNetworkInterfaces",
            Action: "ec2:CreateNetworkInterface",
            Resource: [networkInterfaceArns, ...subnetArns, ...securityGroupArns],
        },
        {
            Sid: "DeleteNetworkInterfaces",
            Action: "ec2:DeleteNetworkInterface",
            Resource: networkInterfaceArns,
            Condition: { ArnEquals: { "ec2:Subnet": subnetArns } },
        },
        {
            Sid: "LendNetworkInterfaces",
            Action: "ec2:CreateNetworkInterfacePermission",
            Resource: networkInterfaceArns,
            Condition: {
                ArnEquals: { "ec2:Subnet": subnetArns },
                StringEquals: { "ec2:AuthorizedService": "codebuild.amazonaws.com" },
            },
        },
    ];
}

/**
 * Actions that encrypt build outputs with a customer managed key. AWS's list has the wildcards `kms:ReEncrypt*` and `kms:GenerateDataKey*`.
 * This list names the actions, without the key pairs that symmetric keys do not encrypt with.
 *
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-kms.html
 */
export const encryptActions = [
    "kms:Decrypt",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
];

/** Allows using the key that encrypts the data of builds, for reading and writing or for reading only. */
export function keyStatements(kmsKeyArn: string | undefined, use: "read" | "write"): Statement[] {
    return whenAny(kmsKeyArn === undefined ? [] : [kmsKeyArn], {
        Sid: "UseEncryptionKey",
        Action: use === "read" ? ["kms:Decrypt"] : [...encryptActions, "kms:DescribeKey"].sort(),
    });
}
