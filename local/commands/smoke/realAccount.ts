import * as path from "node:path";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { projectRoot } from "../../paths";
import { withoutGit } from "../../world/services";
import { openStack, qualified } from "../../world/stack";
import { type SmokeAccount, smokeClients } from "./account";
import { realTools } from "./tools";

/**
 * Opens the account of the current credentials, in the current region, as AWS's tools find them. The state is kept in `.smoke/<stack>`, so
 * no other stack is affected; Pulumi downloads the providers.
 *
 * @throws one sentence when there are no credentials or no region
 */
export async function realAccount(stackName: string): Promise<SmokeAccount> {
    const sts = new STSClient();
    const region = await sts.config.region().catch((error: Error) => {
        throw new Error(`There is no region: set AWS_REGION, or one for your profile (${error.message}).`);
    });
    const { Account } = await sts.send(new GetCallerIdentityCommand()).catch((error: Error) => {
        throw new Error(`AWS does not say whose credentials these are; log in, or set AWS_PROFILE: ${error.message}`);
    });
    const folder = path.join(projectRoot, ".smoke", stackName);
    return {
        accountId: Account ?? "",
        region,
        folder,
        tools: realTools,
        environment: { ...process.env, AWS_REGION: region },
        clients: smokeClients({ region }),
        openStack: (settings) =>
            openStack({
                stackName,
                work: path.join(folder, "pulumi"),
                state: path.join(folder, "state"),
                config: { "aws:region": region, ...qualified(settings) },
                environment: { AWS_REGION: region, ...withoutGit },
            }),
    };
}
