import { createRequire } from "node:module";
import { parseArgs } from "node:util";
import { runCommandLine } from "./command";
import { inputsOfStart, unchangedSince } from "./lastStart";
import { unchangedSummary } from "./summary";
import type * as WholeStart from "./wholeStart";

/**
 * Runs `npm start [-- --preview]`: starts the offline world, updates stack `local` by `pulumi up`, runs the declared CodeBuild build and
 * deploys (or only `pulumi preview`). Ends with a message when nothing has changed since the last start.
 */
void runCommandLine(async (signal) => {
    const { values } = parseArgs({ options: { preview: { type: "boolean", default: false } } });
    const inputs = inputsOfStart();
    const unchanged = values.preview ? undefined : await unchangedSince(inputs);
    if (unchanged !== undefined) {
        console.log(unchangedSummary(unchanged));
        return;
    }
    // Loading the rest takes longer than all of the above.
    const { preview, start } = createRequire(__filename)("./wholeStart") as typeof WholeStart;
    await (values.preview ? preview(signal) : start(inputs, signal));
});
