import type { ApiCall } from "./apiRequest";
import { accountId } from "../../ministack/account";
import type { RequestTarget } from "../http/requestTarget";
import { s3Target } from "./s3Action";

/** Function that turns the value of a member into an ARN. */
type ToArn = (value: string, region: string) => string;

/** Member that names a resource, with the conversion of its value into the ARN. The first present members decide. */
type MemberRule = [member: string, toArn: ToArn];

const regional =
    (service: string, resource: string): ToArn =>
    (value, region) =>
        value.startsWith("arn:") ? value : `arn:aws:${service}:${region}:${accountId}:${resource}${value}`;

const iam =
    (resource: string): ToArn =>
    (value) =>
        `arn:aws:iam::${accountId}:${resource}/${value}`;

const asIs: ToArn = (value) => value;

/** Makes the ARN of a parameter without the version or label behind its name. */
const parameter: ToArn = (value, region) =>
    regional("ssm", "parameter/")(value.replace(/^\//, "").replace(/(?<!^arn:.*):[^:/]*$/, ""), region);

const kmsKey: ToArn = (value, region) => regional("kms", value.startsWith("alias/") ? "" : "key/")(value, region);

/** Makes the ARN of a build's project. Build ids are `<project>:<uuid>`; IAM knows only the project. */
const projectOfBuild: ToArn = (value, region) =>
    regional("codebuild", "project/")(value.replace(/^arn:[^/]*\//, "").replace(/:[^:]*$/, ""), region);

/** Makes the ARN of a report's group. Reports are `<group>:<uuid>`; IAM knows only the group. */
const groupOfReport: ToArn = (value) => value.replace(":report/", ":report-group/").replace(/:[^:]*$/, "");

/** Members that name the resource, by service. Source: service authorization reference of each service. */
const rules: Partial<Record<string, MemberRule[]>> = {
    ecr: [
        ["repositoryName", regional("ecr", "repository/")],
        ["repositoryNames", regional("ecr", "repository/")],
        ["resourceArn", asIs],
    ],
    ssm: [
        ["DocumentName", regional("ssm", "document/")],
        ["Name", parameter],
        ["Names", parameter],
        ["Path", parameter],
        ["ResourceId", parameter],
    ],
    codebuild: [
        ["reportGroupArn", asIs],
        ["reportArns", groupOfReport],
        ["projectName", regional("codebuild", "project/")],
        ["name", regional("codebuild", "project/")],
        ["names", regional("codebuild", "project/")],
        ["ids", projectOfBuild],
        ["id", projectOfBuild],
    ],
    logs: [
        ["logGroupName", regional("logs", "log-group:")],
        ["logGroupIdentifier", regional("logs", "log-group:")],
        ["resourceArn", asIs],
    ],
    secretsmanager: [
        ["SecretId", regional("secretsmanager", "secret:")],
        ["Name", regional("secretsmanager", "secret:")],
    ],
    kms: [
        ["KeyId", kmsKey],
        ["TargetKeyId", kmsKey],
    ],
    iam: [
        ["RoleName", iam("role")],
        ["UserName", iam("user")],
        ["GroupName", iam("group")],
        ["InstanceProfileName", iam("instance-profile")],
        ["PolicyArn", asIs],
        ["PolicyName", iam("policy")],
        ["OpenIDConnectProviderArn", asIs],
    ],
    sts: [["RoleArn", asIs]],
    "codestar-connections": [["ConnectionArn", asIs]],
};

/** Rules for SSM's document operations, which name the document as `Name`, like parameter operations name the parameter. */
const ssmDocumentRules: MemberRule[] = [["Name", regional("ssm", "document/")]];

/** Lists the ARNs that a call is checked on; empty where the API names no resource. */
export function resourceArns(call: ApiCall, method: string, target: RequestTarget): string[] {
    if (call.service === "s3") return s3Resources(method, target);
    if (call.service === "lambda") return lambdaResources(call.region, target.path);
    if (call.service === "codepipeline") return pipelineResources(call);
    const isDocument = call.service === "ssm" && /Document/.test(call.action ?? "");
    for (const [member, toArn] of (isDocument ? ssmDocumentRules : rules[call.service]) ?? []) {
        const values = valuesOf(call, member);
        if (values.length > 0) return values.map((value) => toArn(value, call.region));
    }
    return [];
}

function valuesOf(call: ApiCall, member: string): string[] {
    const parameter = call.parameters.get(member);
    if (parameter !== null) return [parameter];
    const value = call.members[member];
    return (Array.isArray(value) ? value : [value]).filter((item): item is string => typeof item === "string");
}

function s3Resources(method: string, { path, query }: RequestTarget): string[] {
    const { bucket, key } = s3Target(path);
    if (bucket === "") return [];
    const manyObjects = method === "POST" && key === "" && query.has("delete");
    return [`arn:aws:s3:::${bucket}${manyObjects ? "/*" : key && `/${key}`}`];
}

function lambdaResources(region: string, path: string): string[] {
    const name = /\/functions\/([^/]+)/.exec(path)?.[1];
    if (name !== undefined) return [regional("lambda", "function:")(decodeURIComponent(name), region)];
    const arn = /\/tags\/(.+)$/.exec(path)?.[1];
    return arn === undefined ? [] : [decodeURIComponent(arn)];
}

/**
 * Makes the ARN of a pipeline, or of its stage or action where the operation is about one.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodepipeline.html
 */
function pipelineResources({ action, members, region }: ApiCall): string[] {
    if (typeof members.resourceArn === "string") return [members.resourceArn];
    const declared = (members.pipeline as { name?: unknown } | undefined)?.name;
    const name = members.pipelineName ?? members.name ?? declared;
    if (typeof name !== "string") return [];
    const parts: Partial<Record<string, unknown[]>> = {
        "codepipeline:PutApprovalResult": [members.stageName, members.actionName],
        "codepipeline:RetryStageExecution": [members.stageName],
    };
    return [regional("codepipeline", "")([name, ...(parts[action ?? ""] ?? [])].join("/"), region)];
}
