import type { Policies, PolicyDecision } from "./policies";
import { isRoot, type Principal } from "./principals";

/** Decision on a principal's request; a refusal carries AWS's whole sentence. */
export type Decision = { allowed: true } | { allowed: false; message: string };

/** Decisions on requests that the emulator does not decide: those of the registry, and the calls that the gateway serves itself. */
export class RegistryAuthorization {
    private readonly decisions = new Map<string, Promise<Decision>>();

    constructor(private readonly policies: Policies) {}

    /**
     * Decides whether a principal may perform an action on a resource. Answers are kept until `forget`.
     * Source: IAM user guide, policy evaluation logic for requests within a single account.
     */
    decide(principal: Principal, action: string, resource: string): Promise<Decision> {
        if (isRoot(principal)) return Promise.resolve({ allowed: true });
        const key = JSON.stringify([principal, action, resource]);
        const known = this.decisions.get(key) ?? this.evaluate(principal, action, resource);
        this.decisions.set(key, known);
        known.catch(() => this.decisions.delete(key));
        return known;
    }

    /** Forgets all answers: policies may have changed. */
    forget(): void {
        this.decisions.clear();
    }

    private async evaluate(principal: Principal, action: string, resource: string): Promise<Decision> {
        const reason = await this.refusal(principal, action, resource);
        if (reason === undefined) return { allowed: true };
        const request = `perform: ${action} on resource: ${resource}`;
        return { allowed: false, message: `User: ${principal.arn} is not authorized to ${request} ${reason}` };
    }

    /** Makes the end of AWS's sentence; undefined when the principal may. */
    private async refusal(principal: Principal, action: string, resource: string): Promise<string | undefined> {
        const simulate = (documents: string[]) => this.policies.simulateDocuments(documents, action, resource);
        const denied = (kind: string) => `with an explicit deny in ${kind}`;
        const notAllowed = (kind: string) => `because no ${kind} allows the ${action} action`;

        const statements = await this.policies.repositoryPolicy(principal, resource);
        const byRepository: PolicyDecision = statements === undefined ? "implicitDeny" : await simulate([statements]);
        if (byRepository === "explicitDeny") return denied("a resource-based policy");
        const byIdentity = await this.policies.simulatePrincipal(principal, action, resource);
        if (byIdentity === "explicitDeny") return denied("an identity-based policy");
        if (byIdentity !== "allowed" && byRepository !== "allowed") return notAllowed("identity-based policy");

        const limits = {
            "permissions boundary": await this.policies.boundary(principal),
            "session policy": await this.policies.sessionPolicies(principal),
        };
        for (const [kind, documents] of Object.entries(limits)) {
            const byLimit = documents === undefined ? "allowed" : await simulate(documents);
            if (byLimit === "explicitDeny") return denied(`a ${kind}`);
            if (byLimit !== "allowed") return notAllowed(kind);
        }
        return undefined;
    }
}
