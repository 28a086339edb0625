import * as path from "node:path";
import { ensureBaseImages } from "../world/base-images";
import { ensureApplicationSecret, startContainerHost } from "../world/container-host";
import { ensureDatabaseImage } from "../world/database-image";
import { secretName } from "../world/deployment";
import { startWorld } from "../world/services";
import { type Report, type StartedToolchain, startToolchain, type Toolchain } from "../world/toolchain";
import { orError, type StepControl, type Steps } from "./steps";

/** Tools of the update itself. */
export type UpdateTools = Pick<Toolchain, "pulumiRoot" | "dockerBuildProvider" | "dockerBuildx">;

/** Results of the steps up to the update. */
export type Preparation = ReturnType<typeof addPreparation>;

/** Adds the steps that every build or run needs. */
export function addPreparation(steps: Steps) {
    let report: Report = () => undefined;
    const tools = startToolchain((line) => report(line), steps.signal);
    const containers = orError(tools.containers);
    const toolchain = steps.add("Tools", {}, (_, step) => {
        report = step.report;
        return tools.all;
    });
    const { dockerBuildx, buildkitd, goRoot, python, debian } = tools;
    const world = steps.add("Services", { python, debian, buildkitd, dockerBuildx }, (given, { report, signal }) => {
        const { python, debian, ...builder } = given;
        return startWorld({ ...python, ...debian, ...builder }, report, signal);
    });
    const baseImages = steps.add(
        "Base images",
        { world, dockerBuildx, goRoot, debian },
        ({ world, dockerBuildx, goRoot, debian }, { report, signal }) =>
            ensureBaseImages({ toolchain: { dockerBuildx, goRoot, ...debian }, world, signal }, report),
    );
    const databaseImage = steps.add(
        "Database image",
        { world, dockerBuildx, debian },
        ({ world, dockerBuildx, debian }, step) =>
            dispensable(step, () =>
                ensureDatabaseImage(
                    { toolchain: { dockerBuildx, ...debian }, world, signal: step.signal },
                    step.report,
                ),
            ),
    );
    const host = steps.add("Container host", { world, python, containers }, ({ world, python, containers }, step) =>
        dispensable(step, async () => {
            if (containers instanceof Error) throw containers;
            const host = await startContainerHost({ ...containers, ...python }, world, step.report, step.signal);
            await ensureApplicationSecret(world, secretName);
            return host;
        }),
    );
    return {
        updateTools: handled(updateTools(tools)),
        /** All tools, as paths of executables and folders. */
        tools: handled(toolchain.then(async (found) => toolPaths({ ...found, ...(await containers) }))),
        aws: handled(python.then(({ aws }) => aws)),
        world,
        baseImages,
        /** Container host, or the reason why there is none. */
        host,
        /** Promise that resolves when the database's image exists, or with the reason why it does not. */
        databaseImage,
    };
}

async function updateTools({ pulumi, dockerBuildProvider, dockerBuildx }: StartedToolchain): Promise<UpdateTools> {
    return {
        pulumiRoot: path.dirname(path.dirname(await pulumi)),
        dockerBuildProvider: await dockerBuildProvider,
        dockerBuildx: await dockerBuildx,
    };
}

/** Lists the paths of tools; Docker's tools have lists and tables of paths among their members. */
function toolPaths(tools: object): string[] {
    return Object.values(tools)
        .flat()
        .filter((value) => typeof value === "string");
}

/** Handles a rejection in advance, so that an early one does not end the process. */
function handled<T>(promise: Promise<T>): Promise<T> {
    promise.catch(() => undefined);
    return promise;
}

/** Runs work that the stack can do without. @returns its result, or the error, shown as the reason for skipping the step */
async function dispensable<T>(step: StepControl, work: () => Promise<T>): Promise<T | Error> {
    try {
        return await work();
    } catch (error) {
        step.signal.throwIfAborted();
        step.skip((error as Error).message);
        return error as Error;
    }
}
