import assert from "node:assert/strict";
import { runShellScript } from "../../../../local/aws/ssm/shellStep";
import { makeTemporaryFolder } from "../../world/toolchain/temporaryFolder";

describe("a shell script of the agent", () => {
    it("is ended when its command was cancelled before it began", async () => {
        const { status } = await runShellScript({
            script: "exec sleep 60",
            folder: await makeTemporaryFolder(),
            environment: { PATH: process.env.PATH ?? "" },
            timeoutSeconds: 60,
            signal: AbortSignal.abort(),
        });
        assert.equal(status, "Cancelled");
    });
});
