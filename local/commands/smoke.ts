import * as fs from "node:fs";
import * as path from "node:path";
import { createInterface } from "node:readline/promises";
import { projectRoot } from "../paths";
import { parseSmokeOptions } from "./smoke/options";
import { realAccount } from "./smoke/realAccount";
import { leftoverAdvice, resultTable, writeResult } from "./smoke/report";
import { runSmoke, sampleApplication } from "./smoke/run";
import { Fault, runCommandLine } from "./command";

/**
 * Runs `npm run smoke -- --stack NAME [--yes] [--connection ARN --repository URL]`. It creates a throw-away stack on the AWS account of the
 * current credentials, checks it, and destroys it again. The exit code is 0 exactly when every executed check has passed.
 */
void runCommandLine(async (signal) => {
    const committed = (name: string) => fs.existsSync(path.join(projectRoot, `Pulumi.${name}.yaml`));
    const { stackName, yes, pullRequests } = parseSmokeOptions(process.argv.slice(2), committed);
    const account = await realAccount(stackName);
    const result = await runSmoke({
        account,
        stackName,
        pullRequests,
        application: sampleApplication,
        confirm: async (plan) => {
            console.log(plan);
            return yes || (await asked(signal));
        },
        report: (line) => console.error(line),
        signal,
    });
    if (result === undefined) throw new Fault("Nothing was created.");
    const files = await writeResult(account.folder, result);
    console.log(resultTable(result));
    for (const line of leftoverAdvice(result)) console.log(line);
    console.log(
        `Written: ${files.map((file) => path.relative(projectRoot, file)).join(", ")}. docs/real-aws.md says how to send it.`,
    );
    signal.throwIfAborted();
    if (!result.passed) process.exitCode = 1;
});

async function asked(signal: AbortSignal): Promise<boolean> {
    if (!process.stdin.isTTY) throw new Fault("There is no terminal to ask on; give --yes. Nothing was created.");
    const terminal = createInterface({ input: process.stdin, output: process.stdout });
    try {
        return /^y(es)?$/i.test((await terminal.question("Go on? (yes/no) ", { signal })).trim());
    } finally {
        terminal.close();
    }
}
