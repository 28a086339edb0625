/** One permission of a policy: its purpose, and the narrowest resources that serve the purpose. */
export interface Statement {
    /** Purpose in CamelCase; unique within a policy. */
    Sid: string;
    /** @default Allow */
    Effect?: "Allow" | "Deny";
    /** Identity that the statement is about, in trust and resource policies. */
    Principal?: "*" | Record<string, string>;
    /** Actions such as `ecr:PutImage`; wildcards only in a Deny. */
    Action: string | string[];
    /** ARNs. @default - none, as trust policies want it */
    Resource?: string | string[];
    /** Condition keys and their values, by operator. */
    Condition?: Record<string, Record<string, string | string[]>>;
}

/**
 * Renders a policy document as JSON text. The same statements always give the same text, so previews show no false difference.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
 */
export function policyDocument(statements: Statement[]): string {
    return JSON.stringify({
        Version: "2012-10-17",
        Statement: statements.map(({ Sid, Effect = "Allow", ...rest }) => ({ Sid, Effect, ...rest })),
    });
}

/** Reads the statements of a policy document, so that another policy can hold them. @param document JSON text of {@link policyDocument} */
export function statementsOf(document: string): Statement[] {
    return (JSON.parse(document) as { Statement: Statement[] }).Statement;
}
