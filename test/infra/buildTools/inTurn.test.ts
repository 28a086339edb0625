import assert from "node:assert/strict";
import { inTurn } from "../../../infra/buildTools/inTurn";

/** Ending of an item: at once, or with the next one. */
type Ending = "ends" | "fails" | "waits";

/** Goes through a list. @returns the events in their order, and the outcome */
async function run(limit: number, endings: Ending[]) {
    const events: string[] = [];
    let release: (() => void) | undefined;
    const ended = await inTurn(
        limit,
        endings.map((ending, index) => ({ ending, name: "abcdef"[index]! })),
        async ({ ending, name }) => {
            events.push(`begin ${name}`);
            if (ending === "waits") await new Promise<void>((resolve) => (release = resolve));
            else if (release !== undefined) setImmediate(release);
            if (ending === "fails") throw new Error(`${name} failed`);
            events.push(`end ${name}`);
        },
    ).then(
        () => "ended",
        (error: Error) => error.message,
    );
    return { events, ended };
}

describe("inTurn", () => {
    const cases: [what: string, limit: number, endings: Ending[], events: string[], ended: string][] = [
        ["does nothing with an empty list", 4, [], [], "ended"],
        [
            "takes one after the other where the limit is one",
            1,
            ["ends", "ends"],
            ["begin a", "end a", "begin b", "end b"],
            "ended",
        ],
        [
            "has as many at once as the limit says: the first one ends with the second one",
            2,
            ["waits", "ends"],
            ["begin a", "begin b", "end b", "end a"],
            "ended",
        ],
        ["begins none after one that failed", 1, ["fails", "ends"], ["begin a"], "a failed"],
        [
            "waits for those that run beside one that failed, and begins no further one",
            2,
            ["waits", "fails", "ends"],
            ["begin a", "begin b", "end a"],
            "b failed",
        ],
        ["tells the first failure of several", 2, ["fails", "fails", "ends"], ["begin a", "begin b"], "a failed"],
    ];
    for (const [what, limit, endings, events, ended] of cases) {
        it(what, async () => assert.deepEqual(await run(limit, endings), { events, ended }));
    }
});
