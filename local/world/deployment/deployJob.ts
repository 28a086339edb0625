import * as fs from "node:fs/promises";
import * as path from "node:path";
import { ensureTokenKey, signToken } from "../../aws/gateway/iam/webIdentity";

/** CI job that deploys of stack `local` run as, on a fictitious GitLab. */
const job = {
    url: "https://gitlab.example",
    subject: "project_path:cached-image-pipeline/local:ref_type:branch:ref:main",
};

/** Validity of the job's token in seconds: the longest duration of a deploy. */
const tokenSeconds = 3600;

/** Makes the setting `ci` of stack `local`: a deploy role that lets the job in. */
export function deployJobSettings(accountId: string): {
    gitlab: { url: string; existingProviderArn: string; deploySubjects: string[] };
} {
    const existingProviderArn = `arn:aws:iam::${accountId}:oidc-provider/${new URL(job.url).host}`;
    return { gitlab: { url: job.url, existingProviderArn, deploySubjects: [job.subject] } };
}

/**
 * Makes variables with which AWS clients assume a role by the token of the job's run, as in deploy/gitlab-ci.yml. The token's owner alone
 * may read its file. The key of this world signs the token, and the gateway verifies the signature. The emulator checks issuer, subject and
 * audience against the role's trust policy.
 *
 * @param folder existing folder for the token
 * @param gatewayState the gateway's state folder, which holds the key
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/access-assume-role-web.html
 */
export async function deployJobVariables(
    roleArn: string,
    folder: string,
    gatewayState: string,
): Promise<Record<string, string>> {
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: job.url, aud: job.url, sub: job.subject, iat: now, exp: now + tokenSeconds };
    const file = path.join(folder, "job-token");
    await fs.rm(file, { force: true });
    await fs.writeFile(file, signToken(claims, ensureTokenKey(gatewayState)), { mode: 0o600 });
    return { AWS_ROLE_ARN: roleArn, AWS_ROLE_SESSION_NAME: "deploy", AWS_WEB_IDENTITY_TOKEN_FILE: file };
}
