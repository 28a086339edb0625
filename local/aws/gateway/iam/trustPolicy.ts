interface Statement {
    Effect?: string;
    Action?: string | string[];
    Principal?: { Service?: string | string[] } | string;
    Condition?: Record<string, Record<string, string | string[]>>;
}

/** AWS service that acts for one of its resources. */
export interface ServiceCaller {
    /** Service principal, such as `codebuild.amazonaws.com`. */
    service: string;
    /** Value of aws:SourceArn: the resource that the service acts for. */
    sourceArn: string;
    /** Value of aws:SourceAccount: 12 digits. */
    sourceAccount: string;
}

/** Condition operators in trust policies of services, with their comparisons. */
const operators: Partial<Record<string, (pattern: string, value: string) => boolean>> = {
    StringEquals: (pattern, value) => pattern === value,
    StringLike: matches,
    ArnEquals: matches,
    ArnLike: matches,
};

/**
 * Tells whether a role's trust policy lets a service assume it. A condition with another operator or key counts as not met.
 *
 * @param document JSON text of the policy
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
export function trustsService(document: string, caller: ServiceCaller): boolean {
    const { Statement } = JSON.parse(document) as { Statement?: Statement | Statement[] };
    const values: Partial<Record<string, string>> = {
        "aws:sourcearn": caller.sourceArn,
        "aws:sourceaccount": caller.sourceAccount,
    };
    const applies = ({ Action, Principal, Condition }: Statement) =>
        listOf(Action).some((action) => ["sts:AssumeRole", "sts:*", "*"].includes(action)) &&
        typeof Principal === "object" &&
        listOf(Principal.Service).includes(caller.service) &&
        Object.entries(Condition ?? {}).every(([operator, keys]) =>
            Object.entries(keys).every(([key, patterns]) => {
                const value = values[key.toLowerCase()];
                const compare = operators[operator];
                if (value === undefined || compare === undefined) return false;
                return listOf(patterns).some((pattern) => compare(pattern, value));
            }),
        );
    const statements = listOf(Statement).filter(applies);
    return statements.length > 0 && statements.every(({ Effect }) => Effect === "Allow");
}

function listOf<T>(value: T | T[] | undefined): T[] {
    if (value === undefined) return [];
    return Array.isArray(value) ? value : [value];
}

function matches(pattern: string, value: string): boolean {
    const literals = pattern.split(/([*?])/).map((part) => {
        if (part === "*") return ".*";
        return part === "?" ? "." : part.replace(/[.+^${}()|[\]\\]/g, "\\$&");
    });
    return new RegExp(`^${literals.join("")}$`, "s").test(value);
}
