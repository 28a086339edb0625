import assert from "node:assert/strict";
import { streamlitRequirements } from "../../../bench/workloads/streamlit";

/** Entries of requirements: a version with its hashes each. */
const entriesOf = (text: string) => text.split(/\n(?=\S)/).map((entry) => entry.trim());

describe("bench: the workload streamlit", () => {
    it("updates pandas, and nothing else", () => {
        const [before, after] = [entriesOf(streamlitRequirements.before), entriesOf(streamlitRequirements.after)];
        const [old, updated] = [
            before.filter((one) => !after.includes(one)),
            after.filter((one) => !before.includes(one)),
        ];
        assert.deepEqual([before.length, after.length], [34, 34]);
        assert.deepEqual([old.length, updated.length], [1, 1]);
        for (const entry of [old[0]!, updated[0]!]) {
            assert.match(
                entry,
                /^pandas==[\d.]+ \\\n {4}--hash=sha256:[0-9a-f]{64} \\\n {4}--hash=sha256:[0-9a-f]{64}$/,
            );
        }
    });
});
