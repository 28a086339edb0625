import type { Policies, PolicyDecision } from "./policies";
import { isRoot, type Principal } from "./principals";
import type { Decision } from "./registryAuthorization";

/** Keys of a request's context, such as `ssm:resourceTag/Deploy`, with their values. */
export type ContextKeys = Record<string, string>;

interface PolicyStatement {
    Condition?: Record<string, Record<string, string | string[]>>;
}

/**
 * Decisions on requests for resources whose tags policies may test. The emulator's own evaluation has no such context. So conditions on
 * tags are evaluated here, and the emulator gets the rest of the policy.
 */
export class TaggedAuthorization {
    constructor(private readonly policies: Policies) {}

    /** Decides whether a principal may perform an action on a resource with these context keys. */
    async decide(principal: Principal, action: string, resource: string, keys: ContextKeys): Promise<Decision> {
        if (isRoot(principal)) return { allowed: true };
        const simulate = (documents: string[]): Promise<PolicyDecision> =>
            this.policies.simulateDocuments(
                documents.map((document) => withoutTagConditions(document, keys)),
                action,
                resource,
            );
        const limits = [
            await this.policies.identityPolicies(principal),
            await this.policies.boundary(principal),
            await this.policies.sessionPolicies(principal),
        ].filter((documents) => documents !== undefined);
        for (const documents of limits) {
            const decision = documents.length === 0 ? "implicitDeny" : await simulate(documents);
            if (decision !== "allowed") {
                const reason = decision === "explicitDeny" ? "with an explicit deny" : "because no policy allows it";
                const request = `perform: ${action} on resource: ${resource}`;
                return { allowed: false, message: `User: ${principal.arn} is not authorized to ${request} ${reason}` };
            }
        }
        return { allowed: true };
    }
}

/** Reduces a policy for resources with these tags: statements with unmet conditions on tags are left out, met conditions are removed. */
function withoutTagConditions(document: string, keys: ContextKeys): string {
    const policy = JSON.parse(document) as { Statement: PolicyStatement | PolicyStatement[] };
    const statements = [policy.Statement].flat().flatMap((statement) => withoutTags(statement, keys));
    return JSON.stringify({ ...policy, Statement: statements });
}

function withoutTags(statement: PolicyStatement, keys: ContextKeys): PolicyStatement[] {
    const remaining: NonNullable<PolicyStatement["Condition"]> = {};
    for (const [operator, conditions] of Object.entries(statement.Condition ?? {})) {
        for (const [key, values] of Object.entries(conditions)) {
            if (!/^(ssm:resourceTag|aws:ResourceTag)\//i.test(key)) {
                remaining[operator] = { ...remaining[operator], [key]: values };
            } else if (!isMet(operator, valueOf(keys, key), [values].flat())) {
                return [];
            }
        }
    }
    return [{ ...statement, Condition: remaining }];
}

/** Finds the value of a context key. Its name is not case-sensitive, but the tag key in it is. */
function valueOf(keys: ContextKeys, wanted: string): string | undefined {
    const normal = (key: string) => key.replace(/^[^/]*/, (prefix) => prefix.toLowerCase());
    return Object.entries(keys).find(([key]) => normal(key) === normal(wanted))?.[1];
}

/** Tests a condition. @throws Error for an unknown operator */
function isMet(operator: string, actual: string | undefined, wanted: string[]): boolean {
    const like = (pattern: string) =>
        new RegExp(
            `^${pattern
                .replace(/[.+^${}()|[\]\\]/g, "\\$&")
                .replaceAll("*", ".*")
                .replaceAll("?", ".")}$`,
            "s",
        );
    const operators: Record<string, () => boolean> = {
        StringEquals: () => actual !== undefined && wanted.includes(actual),
        StringNotEquals: () => actual === undefined || !wanted.includes(actual),
        StringLike: () => actual !== undefined && wanted.some((pattern) => like(pattern).test(actual)),
        Null: () => wanted.includes(String(actual === undefined)),
    };
    const test = operators[operator];
    if (test === undefined) throw new Error(`The condition operator ${operator} on a tag is not evaluated offline.`);
    return test();
}
