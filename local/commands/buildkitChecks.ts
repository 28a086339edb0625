import { z } from "zod";
import type { Examination } from "../../infra/doctor/examine";
import { withEcr, withRegistryLogin } from "../world/base-images/registry";
import { builderEnvironment, type World } from "../world/services";
import { CommandError, runCommand } from "../world/toolchain/command";
import { explainFault } from "../world/toolchain/faults";

const location = z.object({ ranges: z.array(z.object({ start: z.object({ line: z.number() }) })) });

/** Schema of the used parts of the output of `docker-buildx build --call=check,format=json`. */
const checksSchema = z
    .object({
        warnings: z
            .array(
                z
                    .object({ ruleName: z.string(), detail: z.string(), url: z.string().optional(), location })
                    // The first line of the Dockerfile is 1.
                    .transform(({ location, ...rest }) => ({ ...rest, line: location.ranges[0]?.start.line ?? 1 })),
            )
            .nullable(),
        buildError: z.object({ message: z.string() }).optional(),
    })
    // The checks end early where BuildKit cannot read the base images' configuration.
    .transform(({ warnings, buildError }) => ({ warnings: warnings ?? [], failure: buildError?.message }));

/** Results of BuildKit's own checks: warnings, and the reason of an early end. */
export type BuildkitChecks = z.infer<typeof checksSchema>;

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
    return checksSchema.parse(JSON.parse(output));
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
