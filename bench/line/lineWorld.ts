import * as fs from "node:fs/promises";
import * as path from "node:path";
import {
    type ContainerHost,
    ensureApplicationSecret,
    registerInstance,
    startContainerHost,
} from "../../local/world/container-host";
import { databaseImageReference, ensureDatabaseImage } from "../../local/world/database-image";
import { ec2Settings, instanceTags, pipelineSettings, secretName } from "../../local/world/deployment";
import type { LinkLimits } from "../../local/aws/gateway/http/shaping";
import { worldDirectory } from "../../local/paths";
import { worldLayout } from "../../local/world/services/layout";
import { openLocalStack, runUp } from "../../local/world/stack";
import { ensureContainerTools, type Report } from "../../local/world/toolchain";
import { type BenchEnvironment, openEnvironment } from "../run/environment";
import { go } from "../workloads/go";
import { connectRepository } from "./pipelineRepository";

/** World that commits go through: services, a container host with a database, and a stack that deploys to it. */
export interface LineWorld {
    environment: BenchEnvironment;
    host: ContainerHost;
    /** Reference of the database's image. */
    databaseImage: string;
    /** Outputs of stack `local`. */
    outputs: Record<string, unknown>;
    /** Socket of the container host's Docker daemon. */
    dockerSocket: string;
}

/** Starts the world. The caller closes the environment. */
export async function openLineWorld(limits: LinkLimits, report: Report, signal: AbortSignal): Promise<LineWorld> {
    const environment = await openEnvironment([go], limits, report, signal);
    try {
        const { toolchain, world } = environment;
        report("container host …");
        const tools = { ...toolchain, ...(await ensureContainerTools(report, signal)) };
        const host = await startContainerHost(tools, world, report, signal);
        await ensureDatabaseImage({ toolchain, world, signal }, report);
        const databaseImage = await databaseImageReference(world);
        await ensureApplicationSecret(world, secretName);
        report("pulumi up …");
        await connectRepository(world);
        // Pinned as in the other line of this project, since both have the branch's cache in common.
        const images = go.images.map(({ name, pinnedStages }) => ({ name, pinnedStages }));
        const settings = { images, ...ec2Settings(host, databaseImage, world), ...pipelineSettings(world) };
        const stack = await openLocalStack({ toolchain, world, settings });
        const { outputs } = await runUp(stack, { toolchain, world }, () => undefined, signal);
        await registerInstance(host, world, instanceTags, String(outputs.instanceRoleArn));
        await fs.mkdir(path.join(worldDirectory(), "deploy"), { recursive: true, mode: 0o700 });
        return { environment, host, databaseImage, outputs, dockerSocket: worldLayout(worldDirectory()).dockerSocket };
    } catch (error) {
        await environment.close();
        throw error;
    }
}
