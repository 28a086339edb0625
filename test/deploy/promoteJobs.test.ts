import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../../local/paths";

const from = "IMAGE_TAG_PARAMETER=/shop/dev/config/image-tag\nIMAGE_URI=shop@sha256:1\nREPOSITORY_URL=shop-dev\n";
const to = "IMAGE_TAG_PARAMETER=/shop/prod/config/image-tag\nIMAGE_URI=shop@sha256:0\nREPOSITORY_URL=shop-prod\n";

/** Reads a job file. */
function jobs<T>(file: string): T {
    return parse(fs.readFileSync(path.join(projectRoot, "deploy", file), "utf8")) as T;
}

/** Scripts of the jobs that promote, with the variables that the service gives them. */
const scripts: Record<string, { lines: string; variables: (folder: string) => Record<string, string> }> = {
    GitHub: {
        lines: jobs<{ jobs: { promote: { steps: { run?: string }[] } } }>("github-workflow.yml")
            .jobs.promote.steps.map(({ run = "" }) => run)
            .join(""),
        variables: (folder) => ({ FROM: from, TO: to, RUNNER_TEMP: folder }),
    },
    GitLab: {
        lines: jobs<{ promote: { script: string[] } }>("gitlab-ci.yml").promote.script.join("\n"),
        // A dotenv report of the job before gives variables.
        variables: () =>
            Object.fromEntries(
                from
                    .trim()
                    .split("\n")
                    .map((line) => line.split("=")),
            ) as Record<string, string>,
    },
};

describe("the job that promotes", () => {
    let folder: string;
    beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "promote-jobs-"))));
    afterEach(() => fs.rmSync(folder, { recursive: true }));

    /** Runs the script beside stand-ins of the deploy scripts. @returns what these were given */
    function run(service: string, promoteExit = 0) {
        const write = (file: string, text: string) => fs.writeFileSync(path.join(folder, file), text, { mode: 0o755 });
        fs.mkdirSync(path.join(folder, "deploy"));
        const note = 'echo "$0 $* in $REPOSITORY_URL" >> calls';
        write("deploy/promote.sh", `#!/bin/sh\n${note}\necho promoting\necho shop@sha256:1\nexit ${promoteExit}\n`);
        write("deploy/ecs.sh", `#!/bin/sh\n${note}\n`);
        write("promote.env", to);
        const { lines, variables } = scripts[service]!;
        const { status } = spawnSync("bash", ["-eo", "pipefail", "-c", lines], {
            cwd: folder,
            env: { PATH: process.env.PATH, TARGET: "ecs", ...variables(folder) },
        });
        return { status, calls: fs.readFileSync(path.join(folder, "calls"), "utf8").trim().split("\n") };
    }
    const promoted = "deploy/promote.sh --from /shop/dev/config/image-tag --image shop@sha256:1 in shop-dev";

    for (const service of Object.keys(scripts)) {
        it(`deploys on ${service} what the first environment built and released, with the values of the other`, () => {
            assert.deepEqual(run(service), {
                status: 0,
                calls: [promoted, "deploy/ecs.sh --image shop@sha256:1 in shop-prod"],
            });
        });

        it(`deploys nothing on ${service} when the image may not be promoted`, () => {
            assert.deepEqual(run(service, 1), { status: 1, calls: [promoted] });
        });
    }
});
