import { z } from "zod";
import type { Examination } from "../../infra/doctor/examine";
import { withEcr, withRegistryLogin } from "../world/base-images/registry";
import { builderEnvironment, type World } from "../world/services";
import { CommandError, runCommand } from "../world/toolchain/command";
import { explainFault } from "../world/toolchain/faults";

const location = z.object({ ranges: z.array(z.object({ start: z.object({ line: z.number() }) })) });

/** Schema of the used parts of the output of `docker-buildx build --call=check,format=json`. */
const answer = z.object({
    warnings: z
        .array(z.object({ ruleName: z.string(), detail: z.string(), url: z.string().optional(), location }))
        .nullable(),
    buildError: z.object({ message: z.string() }).optional(),
});

/** Results of BuildKit's own checks. */
export interface BuildkitChecks {
    /** Warnings of the checks. */
    warnings: {
        /** BuildKit's name of the check. */
        ruleName: string;
        /** Line of the Dockerfile; the first line is 1. */
        line: number;
        /** Fault in BuildKit's words. */
        detail: string;
        /** Page about the check. @default - none */
        url?: string;
    }[];
    /** Reason of an early end: BuildKit reads the base images' configuration. @default - the checks completed */
    failure?: string;
}

/**
 * Runs BuildKit's own checks, which build no image.
 *
 * @throws one sentence when BuildKit gives no answer
 * @see https://docs.docker.com/reference/build-checks/
 */
export async function buildkitChecks(
    { dockerfile, context, target, buildArgs }: Examination,
    world: World,
    dockerBuildx: string,
    signal: AbortSignal,
): Promise<BuildkitChecks> {
    const args = { BASE_REGISTRY: `${world.registry}/base`, ...buildArgs };
    const command = [
        ...["--builder", world.builder, "build", "--call=check,format=json", "--progress=quiet"],
        ...["--file", dockerfile],
        ...(target === undefined ? [] : ["--target", target]),
        ...Object.entries(args).map(([name, value]) => `--build-arg=${name}=${value}`),
        context,
    ];
    const output = await withEcr(world, (ecr) =>
        withRegistryLogin(ecr, world, (dockerConfig) =>
            printedBy(dockerBuildx, command, builderEnvironment({ ...world, dockerConfig }), signal),
        ),
    );
    const { warnings, buildError } = answer.parse(JSON.parse(output));
    return {
        warnings: (warnings ?? []).map(({ location, ...rest }) => ({
            ...rest,
            line: location.ranges[0]?.start.line ?? 1,
        })),
        failure: buildError?.message,
    };
}

/** Reads the JSON output of a command; docker-buildx fails when there are warnings. */
async function printedBy(
    command: string,
    args: string[],
    env: NodeJS.ProcessEnv,
    signal: AbortSignal,
): Promise<string> {
    try {
        return await runCommand(command, args, { env, signal });
    } catch (error) {
        // A message may follow the JSON, whose last brace stands in the first column.
        const end = error instanceof CommandError && error.output.startsWith("{") ? error.output.indexOf("\n}\n") : -1;
        if (end < 0) throw explainFault("BuildKit's check of the Dockerfile", error);
        return (error as CommandError).output.slice(0, end + 2);
    }
}
