import type { BuildStore } from "../codebuild/buildStore";

/** Stops a build that runs. The pipeline service does this itself, so no role needs codebuild:StopBuild. */
export async function stopBuild(builds: BuildStore, id: string): Promise<void> {
    const build = await builds.read(id);
    if (build?.buildComplete === false) await builds.requestStop(id);
}
