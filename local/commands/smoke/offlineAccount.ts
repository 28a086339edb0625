import * as path from "node:path";
import { worldDirectory } from "../../paths";
import { administratorSettings, builderEnvironment, type World } from "../../world/services";
import { openLocalStack } from "../../world/stack";
import type { Toolchain } from "../../world/toolchain";
import { type SmokeAccount, smokeClients } from "./account";
import { builderFault } from "./tools";

/** Opens the emulated account of a running offline world. */
export function offlineAccount(
    stackName: string,
    { world, toolchain }: { world: World; toolchain: Toolchain },
): SmokeAccount {
    const { endpoint, region, accountId, accessKeyId, secretAccessKey } = world;
    const advice = "Run `npm start`, which builds it.";
    return {
        accountId,
        region,
        folder: path.join(worldDirectory(), "smoke", stackName),
        tools: [
            { command: [toolchain.aws, "--version"], advice },
            {
                command: [toolchain.dockerBuildx, "inspect", "--bootstrap", world.builder],
                fault: builderFault,
                advice,
            },
        ],
        environment: {
            ...builderEnvironment(world),
            PATH: [path.dirname(toolchain.aws), process.env.PATH ?? ""].join(path.delimiter),
            AWS_ENDPOINT_URL: endpoint,
            AWS_REGION: region,
            AWS_ACCESS_KEY_ID: accessKeyId,
            AWS_SECRET_ACCESS_KEY: secretAccessKey,
        },
        clients: smokeClients(administratorSettings(world)),
        openStack: (settings) => openLocalStack({ world, toolchain, stackName, settings }),
    };
}
