/** Tag of a secret. */
export interface SecretTag {
    Key?: string;
    Value?: string;
}

/** Calls of AWS Secrets Manager that the resources make (API reference of Secrets Manager, 2017-10-17). */
export interface SecretsManager {
    createSecret(input: {
        Name: string;
        Description?: string;
        KmsKeyId?: string;
        Tags?: SecretTag[];
        ForceOverwriteReplicaSecret?: boolean;
    }): Promise<{ ARN?: string }>;
    describeSecret(input: { SecretId: string }): Promise<{
        ARN?: string;
        Name?: string;
        Description?: string;
        KmsKeyId?: string;
        DeletedDate?: Date;
        Tags?: SecretTag[];
        VersionIdsToStages?: Record<string, string[]>;
    }>;
    updateSecret(input: { SecretId: string; Description?: string; KmsKeyId?: string }): Promise<unknown>;
    deleteSecret(input: {
        SecretId: string;
        RecoveryWindowInDays?: number;
        ForceDeleteWithoutRecovery?: boolean;
    }): Promise<unknown>;
    tagResource(input: { SecretId: string; Tags: SecretTag[] }): Promise<unknown>;
    untagResource(input: { SecretId: string; TagKeys: string[] }): Promise<unknown>;
    putSecretValue(input: {
        SecretId: string;
        SecretString?: string;
        SecretBinary?: Uint8Array;
        VersionStages?: string[];
    }): Promise<{ ARN?: string; VersionId?: string }>;
    getSecretValue(input: { SecretId: string; VersionId?: string; VersionStage?: string }): Promise<{
        ARN?: string;
        VersionId?: string;
        CreatedDate?: Date;
        SecretString?: string;
        SecretBinary?: Uint8Array;
        VersionStages?: string[];
    }>;
    updateSecretVersionStage(input: {
        SecretId: string;
        VersionStage: string;
        RemoveFromVersionId?: string;
        MoveToVersionId?: string;
    }): Promise<unknown>;
}
