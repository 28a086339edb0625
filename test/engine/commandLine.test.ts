import assert from "node:assert/strict";
import * as path from "node:path";
import { projectRoot, worldDirectory } from "../../local/paths";
import { CommandError, runCommand } from "../../local/world/toolchain/command";
import { engineWorld, type EngineWorld, singleFile, TestStack, writeContext } from "../support/engineWorld";
import { type LanguageHost, serveLanguageHost } from "../support/languageHost";

const stackName = "command-line";

describe("the program as Pulumi's command line starts it", function () {
    this.timeout(180_000);
    let engine: EngineWorld;
    let stack: TestStack;
    let host: LanguageHost;

    /** Runs `pulumi` in the repository itself, with its own Pulumi.yaml. */
    function pulumi(...args: string[]): Promise<string> {
        const { envVars, pulumiHome } = stack.stack.workspace;
        const settings = path.join(worldDirectory(), "pulumi", `Pulumi.${stackName}.yaml`);
        return runCommand(
            engine.toolchain.pulumi,
            [...args, "--stack", stackName, "--config-file", settings, "--non-interactive"],
            {
                cwd: projectRoot,
                env: {
                    ...process.env,
                    ...envVars,
                    PULUMI_HOME: pulumiHome,
                    PULUMI_DEBUG_LANGUAGES: `nodejs:${host.port}`,
                },
            },
        );
    }

    before(async () => {
        engine = await engineWorld();
        host = await serveLanguageHost();
        const images = [{ name: "app", context: await writeContext(stackName, singleFile("1")) }];
        stack = await TestStack.open(engine, stackName, { images });
    });

    after(async () => {
        host?.stop();
        await stack?.destroy();
    });

    it("is found by `main`, compiled by `tsconfig.json` and reads the stack's settings", async () => {
        const output = await pulumi("up", "--yes", "--skip-preview");

        assert.match(output, /imageUri +: "127\.0\.0\.1:\d+\/cached-image-pipeline-command-line@sha256:[0-9a-f]{64}"/);
        assert.deepEqual(host.outputs, [""]);
    });

    it("declares just what it declares inside another process", async () => {
        const changes = await stack.preview();

        assert.deepEqual(Object.keys(changes), ["same"]);
    });

    it("ends an update with one sentence about a wrong setting", async () => {
        const failure = await pulumi("preview", "--config", "cached-image-pipeline:cacheMode=most").catch(
            (error: unknown) => error,
        );

        assert.ok(failure instanceof CommandError, "the preview succeeded");
        assert.match(failure.output, /cached-image-pipeline:cacheMode is "most"; allowed: max, min, off/);
        assert.doesNotMatch(failure.output, /^ +at /m);
    });
});
