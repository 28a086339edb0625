import type { ActionDeclaration } from "@aws-sdk/client-codepipeline";
import { STSClient } from "@aws-sdk/client-sts";
import { actFor, type CredentialsProvider, newCredentials, type RoleCredentials } from "../roleCredentials";
import { ActionError } from "./actionError";
import type { ExecutionRecord } from "./records";
import type { AwsAccess } from "./services";

/** Role that an action works under. */
export interface ActionRole {
    /** ARN of the role. */
    arn: string;
    credentials: CredentialsProvider;
}

/**
 * Finds the role of an action: CodePipeline assumes the pipeline's role, if its trust policy allows it for this pipeline, and with its
 * credentials the role that the action names.
 */
export function actionRole(aws: AwsAccess, { id, pipeline }: ExecutionRecord, action: ActionDeclaration): ActionRole {
    const { endpoint, region, accountId, accessKeyId, secretAccessKey } = aws;
    const pipelineRole = pipeline.roleArn ?? "";
    const service = new STSClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
    actFor(service, `arn:aws:codepipeline:${region}:${accountId}:${pipeline.name}`, accountId);
    const asPipeline = () => assume(service, pipelineRole, id, "CodePipeline");
    if (action.roleArn === undefined || action.roleArn === pipelineRole) {
        return { arn: pipelineRole, credentials: asPipeline };
    }
    const { roleArn } = action;
    const sts = new STSClient({ endpoint, region, credentials: asPipeline });
    return { arn: roleArn, credentials: () => assume(sts, roleArn, id, `The role ${pipelineRole}`) };
}

async function assume(sts: STSClient, role: string, session: string, caller: string): Promise<RoleCredentials> {
    return newCredentials(sts, role, session).catch((error: Error) => {
        if (error instanceof ActionError) throw error;
        const sentence = `${caller} is not authorized to perform sts:AssumeRole on ${role}: ${error.message}`;
        throw new ActionError("PermissionError", sentence, { cause: error });
    });
}
