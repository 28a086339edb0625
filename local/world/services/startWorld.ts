import * as fs from "node:fs/promises";
import { accountId } from "../../aws/ministack/account";
import { worldDirectory } from "../../paths";
import type { Report } from "../toolchain";
import { withLock } from "../toolchain/lock";
import { runTogether } from "../toolchain/parallel";
import { ensureAdministrator } from "./administrator";
import {
    checkBuilder,
    checkBuildkitCanRun,
    registerBuilder,
    requestedBuilder,
    worldBuilder,
    type Builder,
} from "./builder";
import {
    awsProviderService,
    buildkitdService,
    endpointOf,
    gatewayService,
    ministackService,
    region,
    type DefinitionContext,
    type ServiceDefinition,
    type WorldTools,
} from "./definitions";
import { explainWorldFault } from "./faults";
import { writeJsonFile } from "../../machine/jsonFile";
import { worldLayout, type WorldLayout } from "./layout";
import { choosePorts } from "./ports";
import { endSession } from "../../machine/processes";
import { removeRecord, runningRecords, type ServiceRecord } from "./records";
import { endStrayServices } from "./strays";
import { ensureService } from "./supervise";
import type { World } from "./world";

/**
 * Starts the services of the offline world in worldDirectory(), or keeps running ones, and describes the world in services.json. A failed
 * or aborted call stops the services that it started.
 *
 * @throws one sentence with the remedy when a service cannot be started; the signal's reason when aborted
 */
export async function startWorld(toolchain: WorldTools, report: Report, signal?: AbortSignal): Promise<World> {
    const layout = worldLayout(worldDirectory());
    const requested = requestedBuilder();
    if (!requested) checkBuildkitCanRun(layout);
    try {
        await makeFolders(layout);
        const onWait = (holder: number) =>
            report(`waiting for process ${holder}, which starts or stops the services …`);
        return await withLock(layout.folder, onWait, signal, () => start(toolchain, layout, requested, report, signal));
    } catch (error) {
        throw explainWorldFault(layout.folder, error);
    }
}

async function makeFolders(layout: WorldLayout): Promise<void> {
    for (const folder of [layout.folder, layout.logs, layout.run, layout.data, layout.temporary, layout.dockerConfig]) {
        await fs.mkdir(folder, { recursive: true, mode: 0o700 });
        // Another program may have made it, for all to read.
        await fs.chmod(folder, 0o700);
    }
}

async function start(
    toolchain: WorldTools,
    layout: WorldLayout,
    requested: Builder | undefined,
    report: Report,
    signal: AbortSignal | undefined,
): Promise<World> {
    await endStrayServices(layout, await runningRecords(layout));
    const [ports, administrator] = [await choosePorts(layout, report), await ensureAdministrator(layout)];
    const context = { toolchain, layout, ports, administrator, report };
    const started: ServiceRecord[] = [];
    const ensure = (definition: ServiceDefinition, linked: AbortSignal) =>
        ensureService(definition, layout, report, (record) => started.push(record), linked);
    try {
        const [awsProvider, builder] = await runTogether<[ServiceRecord, Builder]>(signal, [
            (linked) => ensureAws(context, ensure, linked),
            (linked) => ensureBuilder(context, requested, ensure, linked),
        ]);
        signal?.throwIfAborted();
        const world: World = {
            endpoint: endpointOf(ports),
            registry: `127.0.0.1:${ports.gateway}`,
            region,
            accountId,
            ...administrator,
            ...builder,
            certificate: layout.gatewayCertificate,
            awsProviderPort: awsProvider.port ?? 0,
        };
        await writeJsonFile(layout.services, world);
        return world;
    } catch (error) {
        await Promise.all(started.map(endSession));
        await Promise.all(started.map(({ service }) => removeRecord(layout, service)));
        await fs.rm(layout.services, { force: true });
        throw error;
    }
}

type Ensure = (definition: ServiceDefinition, signal: AbortSignal) => Promise<ServiceRecord>;

/** Starts MiniStack, the gateway and the aws provider. @returns the record of the aws provider, the last of the chain */
async function ensureAws(context: DefinitionContext, ensure: Ensure, signal: AbortSignal): Promise<ServiceRecord> {
    const ministack = await ensure(ministackService(context), signal);
    await ensure(gatewayService(context, ministack), signal);
    return ensure(awsProviderService(context), signal);
}

async function ensureBuilder(
    context: DefinitionContext,
    requested: Builder | undefined,
    ensure: Ensure,
    signal: AbortSignal,
): Promise<Builder> {
    if (requested) {
        await checkBuilder(requested, context.toolchain, signal);
        return requested;
    }
    const builder = worldBuilder(context.layout);
    await ensure(buildkitdService(context), signal);
    await registerBuilder(builder, context.toolchain, signal);
    return builder;
}
