import type * as http from "node:http";
import { GetRoleCommand, type IAMClient, UpdateAssumeRolePolicyCommand } from "@aws-sdk/client-iam";
import type { Answer } from "../http/messages";
import { apiError } from "../call/apiError";
import type { ApiCall } from "../call/apiRequest";
import { accountId } from "../../ministack/account";
import { Serial } from "../../serial";
import { type ServiceCaller, trustsService } from "./trustPolicy";

/** Calls that read or change trust policies; they wait while a policy is replaced. */
const trustActions = new Set(["iam:GetRole", "iam:ListRoles", "iam:UpdateAssumeRolePolicy", "sts:AssumeRole"]);

/** Trust policy for the account root, which the emulated services call as. */
const openPolicy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { AWS: `arn:aws:iam::${accountId}:root` }, Action: "sts:AssumeRole" }],
});

/**
 * Roles that the services of this world assume as AWS's do. A service calls as the administrator and names in the headers x-amz-source-arn
 * and x-amz-source-account the resource that it acts for. The emulator cannot evaluate aws:SourceArn and aws:SourceAccount in trust
 * policies. So the gateway evaluates them, and opens the role to the administrator for the one call.
 */
export class ServiceRoles {
    private readonly trust = new Serial();

    /** @param iam the emulator's IAM, as its administrator and past the gateway */
    constructor(private readonly iam: IAMClient) {}

    /** Tells whether a call has to go through `run`. */
    concerns(call: ApiCall): boolean {
        return trustActions.has(call.action ?? "");
    }

    /**
     * Forwards a call; if a service assumes a role, checks the caller and the role's trust policy first.
     *
     * @param authenticate function that returns the refusal of a caller whose signature is not valid
     * @param send function that forwards the call and answers it
     * @param refuse function that answers the call with a refusal
     */
    async run(
        call: ApiCall,
        headers: http.IncomingHttpHeaders,
        {
            authenticate,
            send,
            refuse,
        }: {
            authenticate: () => Promise<Answer | undefined>;
            send: () => Promise<void>;
            refuse: (answer: Answer) => void;
        },
    ): Promise<void> {
        await this.trust.run("trust", async () => {
            const caller = serviceCaller(call, headers);
            if (caller === undefined) return send();
            const refusal = await authenticate();
            if (refusal !== undefined) return refuse(refusal);
            const roleArn = call.parameters.get("RoleArn") ?? "";
            const RoleName = roleArn.split("/").pop();
            const { Role } = await this.iam.send(new GetRoleCommand({ RoleName })).catch(noSuchRole);
            const document = decodeURIComponent(Role?.AssumeRolePolicyDocument ?? "{}");
            if (!trustsService(document, caller)) {
                const message = `User: ${caller.service} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`;
                return refuse(apiError(call, 403, "AccessDenied", message));
            }
            const replace = (PolicyDocument: string) =>
                this.iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
            await replace(openPolicy);
            await send().finally(() => replace(document));
        });
    }
}

/** Finds the service behind a call; undefined for all other callers. Only the administrator gets here with such a header. */
function serviceCaller(call: ApiCall, headers: http.IncomingHttpHeaders): ServiceCaller | undefined {
    const sourceArn = headers["x-amz-source-arn"];
    if (call.action !== "sts:AssumeRole" || typeof sourceArn !== "string") return undefined;
    const service = `${sourceArn.split(":")[2]}.amazonaws.com`;
    return { service, sourceArn, sourceAccount: String(headers["x-amz-source-account"]) };
}

function noSuchRole(error: Error): { Role?: undefined } {
    if (error.name === "NoSuchEntityException" || error.name === "NoSuchEntity") return {};
    throw error;
}
