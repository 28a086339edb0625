import assert from "node:assert/strict";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { projectRoot, worldDirectory } from "../../local/paths";
import { readAccessLog } from "../support/accessLog";
import { engineWorld, type EngineWorld, layeredFiles, TestStack, writeContext } from "../support/engineWorld";
import { runProject } from "./projectRun";

describe("a CodeBuild build that adopts its image", function () {
    this.timeout(120_000);
    let engine: EngineWorld;
    let outputs: Record<string, string>;
    let folder: string;

    before(async () => {
        engine = await engineWorld();
        const images = [{ name: "app", context: await writeContext("adopted-app", layeredFiles("print(1)\n")) }];
        const stack = await TestStack.open(engine, "adopted", { images });
        outputs = (await stack.up()).outputs as Record<string, string>;
        folder = await fs.mkdtemp(path.join(worldDirectory(), "counted-"));
    });

    after(() => fs.rm(folder, { recursive: true }));

    /** Makes a buildspec whose PATH starts with programs that note each of their starts and then run the real ones. */
    async function countingBuildspec(programs: string[]): Promise<string> {
        for (const program of programs) {
            const script = [
                "#!/bin/sh",
                `echo ${program} >> "${folder}/starts"`,
                `PATH=\${PATH#"${folder}:"}`,
                `exec ${program} "$@"`,
                "",
            ].join("\n");
            await fs.writeFile(path.join(folder, program), script, { mode: 0o755 });
        }
        const text = await fs.readFile(path.join(projectRoot, "buildspecs/image.yml"), "utf8");
        const first = "  pre_build:\n    commands:\n";
        assert.ok(text.includes(first));
        return text.replace(first, `${first}      - export PATH="${folder}:$PATH"\n`);
    }

    it("starts no builder, the AWS CLI once, Node at most twice, reads one proof, and sends at most eight requests besides the log", async () => {
        const buildspec = await countingBuildspec(["aws", "node", "docker-buildx", "docker"]);
        const before = (await readAccessLog()).length;
        // WHEN
        const { build, succeeded, log, metrics } = await runProject(engine, outputs, { buildspec, isCommit: true });
        // THEN
        assert.ok(succeeded, log);
        assert.equal(metrics.ImagesAdopted, 1);
        assert.equal(build.builderStarted, false);
        const starts = (await fs.readFile(path.join(folder, "starts"), "utf8")).trimEnd().split("\n");
        assert.equal(starts.filter((program) => program === "aws").length, 1, starts.join());
        assert.ok(starts.filter((program) => program === "node").length <= 2, starts.join());
        assert.ok(!starts.some((program) => program.startsWith("docker")), starts.join());
        const role = outputs.buildRoleArn!.split("/").pop()!;
        // CodeBuild delivers the log under the same role, in as many requests as the time takes.
        const requests = (await readAccessLog())
            .slice(before)
            .filter(({ principal, action }) => principal.includes(role) && !action?.startsWith("logs:"));
        const actions = requests.map(({ action }) => action).join(", ");
        console.log(`        ${metrics.SecondsTotal} s; ${requests.length} requests: ${actions}`);
        assert.ok(requests.length <= 8, actions);
        const proof = requests.filter(
            ({ action, resource }) => action === "s3:GetObject" && resource.includes("/built/"),
        );
        assert.equal(proof.length, 1, actions);
    });
});
