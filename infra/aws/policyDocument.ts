/** One permission of a policy: what it is for, and the narrowest resources that serve it. */
export interface Statement {
    /** Its purpose in CamelCase; unique within a policy. */
    Sid: string;
    /** @default Allow */
    Effect?: "Allow" | "Deny";
    /** Who is meant, in trust and resource policies. */
    Principal?: "*" | Record<string, string>;
    /** Actions such as `ecr:PutImage`; wildcards only in a Deny. */
    Action: string | string[];
    /** ARNs. @default - none, as trust policies want it */
    Resource?: string | string[];
    /** Operator, key, values. */
    Condition?: Record<string, Record<string, string | string[]>>;
}

/**
 * A policy document as JSON text. The same statements always give the same text, so that previews show no difference where
 * there is none.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
 */
export function policyDocument(statements: Statement[]): string {
    return JSON.stringify({
        Version: "2012-10-17",
        Statement: statements.map(({ Sid, Effect = "Allow", ...rest }) => ({ Sid, Effect, ...rest })),
    });
}
