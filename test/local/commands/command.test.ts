import assert from "node:assert/strict";
import { withAdvice } from "../../../local/commands/command";

describe("a fault of a command", () => {
    it("is told with what to do, when its own words do not say it", () => {
        assert.equal(
            withAdvice("write /x: no space left on device"),
            "The disk is full; free some space and run the command again, it goes on from here.\nwrite /x: no space left on device",
        );
    });

    it("is left alone when it does", () => {
        assert.equal(withAdvice("go is not installed; install it"), "go is not installed; install it");
    });
});
