import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { Build, StartBuildCommandInput } from "@aws-sdk/client-codebuild";
import { DescribeImagesCommand } from "@aws-sdk/client-ecr";
import { GetParameterCommand } from "@aws-sdk/client-ssm";
import { jobVariables } from "../../world/deployment";
import { projectRoot } from "../../paths";
import { update } from "../../world/stack";
import type { Changes } from "../../world/stack/updateLog";
import { runCommand } from "../../world/toolchain/command";
import { exported, metricsOf, runBuild, uploadSource } from "./builds";
import { deniedActions, deniedActionsBuildspec } from "./deniedActions";
import type { SmokeRun } from "./smokeRun";

/** Reason of a check that was not run; that is no failure. */
export class NotRun extends Error {}

/** Check of a run. */
export interface Check {
    check: string;
    /** Function that runs the check. @returns its findings. @throws NotRun, or an error that names the fault */
    run: (run: SmokeRun) => Promise<string>;
}

/** Checks between the creation of the stack and its end, in their order. */
export const checks: Check[] = [
    { check: "pulumi up makes the stack", run: makeStack },
    { check: "CodeBuild adopts the image of pulumi up", run: adopt },
    { check: "CodeBuild builds a code change", run: buildChange },
    { check: "pulumi up gives the digest of that build", run: sameDigest },
    { check: "the deploy scripts record a release", run: recordRelease },
    { check: "pulumi up without a change changes nothing", run: changeNothing },
    { check: "a pull request's build is denied the rest", run: denyPullRequest },
];

async function makeStack(run: SmokeRun): Promise<string> {
    const changes = await updateStack(run);
    return `${countsOf(changes)}; ${outputsOf(run).imageDigest}`;
}

async function adopt(run: SmokeRun): Promise<string> {
    const { imageDigest, buildProjectName } = outputsOf(run);
    const build = await buildSource(run, buildProjectName!);
    const { ImagesAdopted, ImagesBuilt } = await metricsOf(run.account.clients, build);
    expectEqual("images adopted", ImagesAdopted, 1);
    expectEqual("images built", ImagesBuilt, 0);
    expectEqual("IMAGE_DIGEST", exported(build).IMAGE_DIGEST, imageDigest);
    return `${imageDigest} adopted, nothing built`;
}

async function buildChange(run: SmokeRun): Promise<string> {
    const { imageDigest, buildProjectName } = outputsOf(run);
    const { file, word } = run.application;
    const location = path.join(run.context, file);
    const code = await fs.readFile(location, "utf8");
    // Another word in each run: nobody has built it before.
    await fs.writeFile(location, code.replace(word, `${word} ${run.date.getTime()}`));
    const build = await buildSource(run, buildProjectName!).catch(async (error: Error) => {
        await fs.writeFile(location, code);
        throw error;
    });
    const { ImagesBuilt, StepsCached, StepsRun } = await metricsOf(run.account.clients, build);
    expectEqual("images built", ImagesBuilt, 1);
    const { IMAGE_DIGEST } = exported(build);
    if (IMAGE_DIGEST === imageDigest) throw new Error(`the change has the digest of what was there, ${imageDigest}.`);
    run.builtDigest = IMAGE_DIGEST;
    return `${IMAGE_DIGEST}; ${StepsRun} steps run, ${StepsCached} cached`;
}

async function sameDigest(run: SmokeRun): Promise<string> {
    if (run.builtDigest === undefined) throw new NotRun("no code change was built");
    const changes = await updateStack(run);
    expectEqual("imageDigest", outputsOf(run).imageDigest, run.builtDigest);
    return `${countsOf(changes)}; ${run.builtDigest}`;
}

async function recordRelease(run: SmokeRun): Promise<string> {
    const { account, signal } = run;
    const { deployEnv, imageUri, imageDigest, imageTagParameter, deployedTag, repositoryUrl } = outputsOf(run);
    const script = 'lib=$1; . "$lib/deploy.sh"; use_image "$2"; require_image; begin_release; record_release';
    const args = ["-eu", "-c", script, "release", path.join(projectRoot, "deploy/lib"), imageUri!];
    await runCommand("sh", args, { env: { ...account.environment, ...jobVariables(deployEnv!) }, signal });
    const live = new GetParameterCommand({ Name: `${imageTagParameter}:live` });
    const { Parameter } = await account.clients.ssm.send(live);
    expectEqual("the label live", Parameter?.Value?.split("@").pop(), imageDigest);
    const repositoryName = repositoryUrl!.slice(repositoryUrl!.indexOf("/") + 1);
    const tagged = new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag: deployedTag }] });
    const { imageDetails } = await account.clients.ecr.send(tagged);
    expectEqual(`the tag ${deployedTag}`, imageDetails?.[0]?.imageDigest, imageDigest);
    return `version ${Parameter?.Version} is live, ${deployedTag} is on ${imageDigest}`;
}

async function changeNothing(run: SmokeRun): Promise<string> {
    outputsOf(run);
    const { create, update: updated, replace, delete: deleted, same } = await updateStack(run);
    expectEqual("changes", create + updated + replace + deleted, 0);
    return `${same} same`;
}

async function denyPullRequest(run: SmokeRun): Promise<string> {
    if (run.pullRequests === undefined) throw new NotRun("no connection");
    outputsOf(run);
    await run.declarePullRequests();
    await updateStack(run);
    const outputs = outputsOf(run);
    const commands = deniedActions(outputs);
    const build = await startBuild(run, {
        projectName: outputs.pullRequestProjectName!,
        buildspecOverride: deniedActionsBuildspec(commands),
    });
    const { TRIED, LET_THROUGH } = exported(build);
    expectEqual("actions tried", TRIED, String(Object.keys(commands).length));
    if (LET_THROUGH !== "") throw new Error(`let through: ${LET_THROUGH}.`);
    return `${TRIED} actions tried, none let through`;
}

async function updateStack(run: SmokeRun): Promise<Changes> {
    const { log, outputs } = await update(run.stack, run.report, run.signal);
    run.outputs = outputs as Record<string, string>;
    return log.changes;
}

/** Returns the stack's outputs. @throws NotRun before the first successful update */
function outputsOf({ outputs }: SmokeRun): Record<string, string> {
    if (outputs === undefined) throw new NotRun("there is no stack");
    return outputs;
}

async function buildSource(run: SmokeRun, projectName: string): Promise<Build> {
    const source = await uploadSource(run.account.clients, projectName, run.context);
    return startBuild(run, { projectName, ...source });
}

function startBuild({ account, report, signal }: SmokeRun, start: StartBuildCommandInput): Promise<Build> {
    return runBuild(account.clients, start, report, signal);
}

function expectEqual(what: string, found: unknown, expected: unknown): void {
    if (found !== expected) throw new Error(`${what} is ${String(found)} and should be ${String(expected)}.`);
}

function countsOf(changes: Changes): string {
    const done = Object.entries(changes).filter(([, count]) => count > 0);
    return done.map(([operation, count]) => `${count} ${operation}`).join(", ");
}
