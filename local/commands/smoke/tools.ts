import { CommandError, runCommand } from "../../world/toolchain/command";
import type { RequiredTool, SmokeAccount } from "./account";

/** The programs that a run on a real account needs. */
export const realTools: RequiredTool[] = [
    {
        command: ["docker", "buildx", "inspect", "--bootstrap"],
        // The driver that comes with Docker writes no cache to a registry: https://docs.docker.com/build/builders/drivers/
        output: /^Driver:\s+(?!docker\s*$)\S/m,
        advice:
            "Images are built on this machine first: install Docker with buildx (https://docs.docker.com/engine/install/), " +
            "then make a builder: docker buildx create --use --driver docker-container.",
    },
    {
        command: ["pulumi", "version"],
        advice: "Install Pulumi's CLI: https://www.pulumi.com/docs/iac/download-install/.",
    },
    {
        command: ["aws", "--version"],
        advice: "Install the AWS CLI: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html.",
    },
];

/**
 * Makes sure that the programs of a smoke run are there.
 *
 * @throws one sentence with the program, what it answered, and what to install
 */
export async function checkTools({
    tools,
    environment: env,
}: Pick<SmokeAccount, "tools" | "environment">): Promise<void> {
    for (const { command, output = /(?:)/, advice } of tools) {
        const [executable = "", ...args] = command;
        const answer = await runCommand(executable, args, { env }).catch((error: unknown) => {
            if (!(error instanceof CommandError)) throw error;
            throw refusal(command, error.message, advice);
        });
        if (!output.test(answer)) throw refusal(command, output.source, advice);
    }
}

function refusal(command: string[], reason: string, advice: string): Error {
    return new Error(`\`${command.join(" ")}\` does not succeed (${reason}). ${advice} Nothing was created.`);
}
