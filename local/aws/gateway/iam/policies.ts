import { type ECRClient, GetRepositoryPolicyCommand } from "@aws-sdk/client-ecr";
import {
    GetPolicyCommand,
    GetPolicyVersionCommand,
    GetRoleCommand,
    GetRolePolicyCommand,
    GetUserCommand,
    GetUserPolicyCommand,
    type IAMClient,
    ListAttachedRolePoliciesCommand,
    ListAttachedUserPoliciesCommand,
    ListRolePoliciesCommand,
    ListUserPoliciesCommand,
    SimulateCustomPolicyCommand,
    SimulatePrincipalPolicyCommand,
} from "@aws-sdk/client-iam";
import { accountId } from "../../ministack/account";
import type { Principal } from "./principals";
import { statementsFor } from "./repositoryPolicy";

/** Verdict of a set of policies on an action. */
export type PolicyDecision = "allowed" | "explicitDeny" | "implicitDeny";

/** IAM's names for a user or role. */
interface Identity {
    kind: "role" | "user";
    name: string;
}

/** Client that asks the emulator about policies, as its administrator and past the gateway. */
export class Policies {
    constructor(
        private readonly iam: IAMClient,
        private readonly ecr: ECRClient,
    ) {}

    /** Evaluates the identity policies of a user or role; the emulator leaves boundaries out. */
    async simulatePrincipal({ arn }: Principal, action: string, resource: string): Promise<PolicyDecision> {
        const { kind, name } = identityOf(arn);
        const answer = await this.iam.send(
            new SimulatePrincipalPolicyCommand({
                PolicySourceArn: `arn:aws:iam::${accountId}:${kind}/${name}`,
                ActionNames: [action],
                ResourceArns: [resource],
            }),
        );
        return answer.EvaluationResults?.[0]?.EvalDecision ?? "implicitDeny";
    }

    /** Reads the identity policies of a user or role, without those of its groups. */
    async identityPolicies({ arn }: Principal): Promise<string[]> {
        const { kind, name } = identityOf(arn);
        const role = { RoleName: name };
        const user = { UserName: name };
        const inline =
            kind === "role"
                ? (await this.iam.send(new ListRolePoliciesCommand(role))).PolicyNames
                : (await this.iam.send(new ListUserPoliciesCommand(user))).PolicyNames;
        const attached =
            kind === "role"
                ? (await this.iam.send(new ListAttachedRolePoliciesCommand(role))).AttachedPolicies
                : (await this.iam.send(new ListAttachedUserPoliciesCommand(user))).AttachedPolicies;
        const documents = (inline ?? []).map(async (PolicyName) => {
            const found =
                kind === "role"
                    ? await this.iam.send(new GetRolePolicyCommand({ ...role, PolicyName }))
                    : await this.iam.send(new GetUserPolicyCommand({ ...user, PolicyName }));
            return decodeURIComponent(found.PolicyDocument ?? "");
        });
        const managed = (attached ?? []).map(({ PolicyArn }) => this.managedPolicy(PolicyArn ?? ""));
        return Promise.all([...documents, ...managed]);
    }

    /** Evaluates policy documents together. */
    async simulateDocuments(documents: string[], action: string, resource: string): Promise<PolicyDecision> {
        const answer = await this.iam.send(
            new SimulateCustomPolicyCommand({
                PolicyInputList: documents,
                ActionNames: [action],
                ResourceArns: [resource],
            }),
        );
        return answer.EvaluationResults?.[0]?.EvalDecision ?? "implicitDeny";
    }

    /** Reads the permissions boundary of a user or role; undefined without one. */
    async boundary({ arn }: Principal): Promise<string[] | undefined> {
        const { kind, name } = identityOf(arn);
        const entity =
            kind === "role"
                ? (await this.iam.send(new GetRoleCommand({ RoleName: name }))).Role
                : (await this.iam.send(new GetUserCommand({ UserName: name }))).User;
        const boundaryArn = entity?.PermissionsBoundary?.PermissionsBoundaryArn;
        return boundaryArn === undefined ? undefined : [await this.managedPolicy(boundaryArn)];
    }

    /** Reads the policies that limit a role session; undefined without any. */
    async sessionPolicies({ sessionPolicies = [], sessionPolicyArns = [] }: Principal): Promise<string[] | undefined> {
        if (sessionPolicies.length + sessionPolicyArns.length === 0) return undefined;
        return [...sessionPolicies, ...(await Promise.all(sessionPolicyArns.map((arn) => this.managedPolicy(arn))))];
    }

    /** Reads the statements of a repository's policy that apply to a principal; undefined without any, and for other resources. */
    async repositoryPolicy({ arn }: Principal, resource: string): Promise<string | undefined> {
        if (!resource.startsWith("arn:aws:ecr:")) return undefined;
        const repositoryName = resource.replace(/^.*:repository\//, "");
        try {
            const { policyText } = await this.ecr.send(new GetRepositoryPolicyCommand({ repositoryName }));
            return policyText === undefined ? undefined : statementsFor(arn, policyText);
        } catch (error) {
            const absent = ["RepositoryPolicyNotFoundException", "RepositoryNotFoundException"];
            if (error instanceof Error && absent.includes(error.name)) return undefined;
            throw error;
        }
    }

    private async managedPolicy(arn: string): Promise<string> {
        const { Policy } = await this.iam.send(new GetPolicyCommand({ PolicyArn: arn }));
        const { PolicyVersion } = await this.iam.send(
            new GetPolicyVersionCommand({ PolicyArn: arn, VersionId: Policy?.DefaultVersionId }),
        );
        return decodeURIComponent(PolicyVersion?.Document ?? "");
    }
}

/**
 * Finds the user or role behind a principal.
 *
 * @throws Error for a principal that is neither
 */
function identityOf(arn: string): Identity {
    const role = /:assumed-role\/([^/]+)\//.exec(arn)?.[1];
    if (role !== undefined) return { kind: "role", name: role };
    const user = /:user\/(?:.*\/)?([^/]+)$/.exec(arn)?.[1];
    if (user !== undefined) return { kind: "user", name: user };
    throw new Error(`"${arn}" is neither a user nor an assumed role, so its policies cannot be evaluated.`);
}
