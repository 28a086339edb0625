/** Statement of a policy document, as far as its principal matters here. */
interface Statement {
    /** Effect of the statement: Allow or Deny. */
    Effect?: string;
    /** Principals: "*" or lists by type. */
    Principal?: "*" | { AWS?: string | string[] };
    [member: string]: unknown;
}

/**
 * Selects the statements of a repository policy that apply to a caller of the same account. The result is a document without principals,
 * which the emulator can simulate; undefined when none applies. An Allow for the whole account leaves the decision to the identity policies
 * and is left out (IAM user guide, "AWS JSON policy elements: Principal").
 *
 * @param arn ARN of a user or an assumed role session
 */
export function statementsFor(arn: string, policyText: string): string | undefined {
    const document = JSON.parse(policyText) as { Statement: Statement | Statement[] };
    const applying = [document.Statement].flat().filter((statement) => applies(statement, namesOf(arn)));
    if (applying.length === 0) return undefined;
    const statements = applying.map((statement) => ({ ...statement, Principal: undefined, Resource: "*" }));
    return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

interface Names {
    own: string[];
    account: string[];
}

function applies({ Effect, Principal }: Statement, { own, account }: Names): boolean {
    const named = Principal === "*" ? ["*"] : [Principal?.AWS ?? []].flat();
    return named.some((name) => own.includes(name) || (Effect === "Deny" && account.includes(name)));
}

function namesOf(arn: string): Names {
    const account = arn.split(":")[4] ?? "";
    const role = /:assumed-role\/([^/]+)\//.exec(arn)?.[1];
    const roleArn = role === undefined ? [] : [`arn:aws:iam::${account}:role/${role}`];
    return { own: ["*", arn, ...roleArn], account: [account, `arn:aws:iam::${account}:root`] };
}
