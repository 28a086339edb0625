import { createRequire } from "node:module";
import { parseArgs } from "node:util";
import { runCommandLine } from "./command";
import { inputsOfStart, unchangedSince } from "./lastStart";
import { unchangedSummary } from "./summary";
import type * as WholeStart from "./wholeStart";

/**
 * `npm start [-- --preview]`: brings the offline world up, runs `pulumi up` of stack `local`, the CodeBuild build that it declares and
 * the deploy (or only `pulumi preview`). Says so and ends when nothing has changed since the last time.
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
