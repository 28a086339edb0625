import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { projectRoot } from "../../../local/paths";
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

describe("a command whose output nobody reads any more", () => {
    let command: ChildProcess;

    afterEach(() => command.kill("SIGKILL"));

    it("ends as with Ctrl-C, also while Pulumi's SDK prints exceptions", async () => {
        // GIVEN a command that prints, with the handler of exceptions that the SDK has during an update
        const program = `
            require("ts-node/register");
            process.on("uncaughtException", (error) => console.error(error));
            void require("./local/commands/command").runCommandLine(async (signal) => {
                const printing = setInterval(() => console.log("still here"), 10);
                await require("node:events").once(signal, "abort");
                clearInterval(printing);
                throw signal.reason;
            });`;
        command = spawn(process.execPath, ["-e", program], { cwd: projectRoot, stdio: ["ignore", "pipe", "pipe"] });
        const ended = once(command, "exit");
        await once(command.stdout!, "data");
        // WHEN the readers of its output end
        command.stdout!.destroy();
        command.stderr!.destroy();
        // THEN it cleans up and ends
        assert.deepEqual(await ended, [130, null]);
    });
});
