import { buildkitReference, buildkitRelease } from "../../../infra/plan/buildkitRelease";
import { CommandError, runCommand } from "../../world/toolchain/command";
import type { RequiredTool, SmokeAccount } from "./account";

/** Programs that a run on a real account needs. */
export const realTools: RequiredTool[] = [
    {
        command: ["docker", "buildx", "inspect", "--bootstrap"],
        fault: builderFault,
        advice:
            "Images are built on this machine first: install Docker with buildx (https://docs.docker.com/engine/install/), " +
            `then make a builder: docker buildx create --use --driver docker-container --driver-opt image=${buildkitReference}.`,
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
 * Explains why a builder gives other digests than CodeBuild for the same inputs. Its driver writes no cache to a registry, or one of its
 * nodes runs another minor release of BuildKit than CodeBuild.
 *
 * @param inspected output of `docker buildx inspect --bootstrap`
 * @returns undefined where the digests agree
 * @see https://docs.docker.com/build/builders/drivers/
 * @see docs/decisions/135-one-release-of-buildkit.md
 */
export function builderFault(inspected: string): string | undefined {
    const driver = /^Driver:[ \t]*(\S*)/m.exec(inspected)?.[1] ?? "";
    if (driver === "" || driver === "docker") return `the driver is "${driver}", which writes no cache to a registry`;
    const versions = [...inspected.matchAll(/^BuildKit version:[ \t]*(\S+)/gim)].map(([, version]) => version!);
    if (versions.length === 0) return "it names no version of BuildKit";
    const wanted = minorOf(buildkitRelease.version);
    const other = versions.find((version) => minorOf(version) !== wanted);
    return other === undefined ? undefined : `BuildKit is ${other}, where CodeBuild builds with ${wanted}`;
}

/** Cuts the major and minor number out of a version, with or without a `v`; other texts stay unchanged. */
function minorOf(version: string): string {
    return /^v?(\d+\.\d+)\./.exec(version)?.[1] ?? version;
}

/**
 * Makes sure that the programs of a smoke run are installed.
 *
 * @throws one sentence with the program, its answer, and the remedy
 */
export async function checkTools({
    tools,
    environment: env,
}: Pick<SmokeAccount, "tools" | "environment">): Promise<void> {
    for (const { command, fault, advice } of tools) {
        const [executable = "", ...args] = command;
        const output = await runCommand(executable, args, { env }).catch((error: unknown) => {
            if (!(error instanceof CommandError)) throw error;
            throw refusal(`\`${command.join(" ")}\` does not succeed (${error.message})`, advice);
        });
        const found = fault?.(output);
        if (found !== undefined) throw refusal(`\`${command.join(" ")}\` shows what will not do: ${found}`, advice);
    }
}

function refusal(reason: string, advice: string): Error {
    return new Error(`${reason}. ${advice} Nothing was created.`);
}
