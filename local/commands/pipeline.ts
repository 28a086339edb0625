import { CodePipelineClient } from "@aws-sdk/client-codepipeline";
import { git } from "../aws/codebuild/git";
import { administratorSettings } from "../world/services";
import { Fault, runCommandLine } from "./command";
import { addEnvironments } from "./environmentSteps";
import { approveAtOnce, askOnTerminal } from "./pipelineApproval";
import { parsePipelineOptions } from "./pipelineOptions";
import { runPipeline } from "./pipelineProgress";
import { addPreparation } from "./startSteps";
import { Steps } from "./steps";

/**
 * Runs `npm run pipeline [-- --source FOLDER] [--yes]`: the pipeline that stack `local` declares takes the last commit of a folder through
 * all gates to stack `local-prod`. The pipeline runs behind CodePipeline's API; this command only starts it, tells its progress and answers
 * the approval.
 */
void runCommandLine(async (signal) => {
    const { folder, yes } = parsePipelineOptions(process.argv.slice(2));
    if (!yes && !process.stdin.isTTY) {
        throw new Fault("There is no terminal to ask for the approval; run with --yes, which approves.");
    }
    const commit = await lastCommit(folder);
    const steps = new Steps(signal);
    const preparation = addPreparation(steps);
    const environments = addEnvironments(steps, preparation, folder);
    await steps.run();
    const [world, { first, addresses }] = [await preparation.world, await environments];
    const print = (line: string) => console.log(line);
    const { status } = await runPipeline({
        client: new CodePipelineClient(administratorSettings(world)),
        start: {
            name: String(first.deliveryPipelineName),
            sourceRevisions: [{ actionName: "Source", revisionType: "COMMIT_ID", revisionValue: commit }],
        },
        print,
        answer: yes ? approveAtOnce(print) : askOnTerminal,
        signal,
    });
    if (status !== "Succeeded") throw new Fault(`The pipeline did not reach the end: ${status}; the reason is above.`);
    console.log(`${addresses.join(" and ")} run commit ${commit}.`);
});

/** Names the last commit of a folder. @throws Fault for a folder without commits */
async function lastCommit(folder: string): Promise<string> {
    const output = await git(folder, "rev-parse", "--verify", "HEAD^{commit}").catch((error: Error) => {
        throw new Fault(`The source is ${folder}; allowed: a git work tree with a commit (${error.message}).`);
    });
    return output.trim();
}
