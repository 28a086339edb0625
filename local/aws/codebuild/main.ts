import { text } from "node:stream/consumers";
import { projectRoot } from "../../paths";
import { runBuild, submitBuild } from "./buildRun";
import { openHost } from "./host";
import { RequestError } from "../requestError";
import { type StartReply, type StartRequest, toBuildRequest } from "./startBuild";

/**
 * Runs one build for the API. The request comes on standard input, one line with the reply goes to standard output, and then the build runs
 * to its end. SIGTERM stops the build.
 */
async function main(): Promise<void> {
    const interruption = new AbortController();
    process.on("SIGTERM", () => interruption.abort()).on("SIGINT", () => interruption.abort());
    const host = await openHost((line) => console.error(line));
    const request = JSON.parse(await text(process.stdin)) as StartRequest;
    try {
        const submitted = await submitBuild(await toBuildRequest(request, projectRoot), host);
        reply({ build: submitted.build });
        await runBuild(submitted, host, [], interruption.signal);
    } catch (error) {
        if (!(error instanceof RequestError)) throw error;
        reply({ code: error.code, message: error.message });
    }
}

function reply(value: StartReply): void {
    process.stdout.write(`${JSON.stringify(value)}\n`);
}

main().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
});
