import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../../local/paths";

const from = "IMAGE_TAG_PARAMETER=/shop/dev/config/image-tag\nIMAGE_URI=shop-dev@sha256:1\nREPOSITORY_URL=shop-dev\n";
const to = "IMAGE_TAG_PARAMETER=/shop/prod/config/image-tag\nIMAGE_URI=shop-prod@sha256:0\nREPOSITORY_URL=shop-prod\n";

/** Reads a job file. */
function jobs<T>(file: string): T {
    return parse(fs.readFileSync(path.join(projectRoot, "deploy", file), "utf8")) as T;
}

type Job = "copy" | "promote";

/** Services, by the script of a job and the variables that it gets. */
const services: Record<
    string,
    { script: (job: Job) => string; variables: (folder: string) => Record<string, string> }
> = {
    GitHub: {
        script: (job) =>
            jobs<{ jobs: Record<Job, { steps: { run?: string }[] }> }>("github-workflow.yml")
                .jobs[job].steps.map(({ run = "" }) => run)
                .join(""),
        variables: (folder) => ({ FROM: from, TO: to, RUNNER_TEMP: folder, COPY_ROLE_ARN: "" }),
    },
    GitLab: {
        script: (job) => jobs<Record<Job, { script: string[] }>>("gitlab-ci.yml")[job].script.join("\n"),
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

describe("the jobs that promote", () => {
    let folder: string;
    beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "promote-jobs-"))));
    afterEach(() => fs.rmSync(folder, { recursive: true }));

    /** Runs a job's script beside stand-ins of the programs that it calls. @returns what these were given */
    function run(service: string, job: Job, { copied = false, promoteExit = 0 } = {}) {
        const write = (file: string, text: string) => fs.writeFileSync(path.join(folder, file), text, { mode: 0o755 });
        for (const name of ["deploy", "bin"]) fs.mkdirSync(path.join(folder, name));
        const note = 'echo "$0 $* in $REPOSITORY_URL" >> calls';
        write("deploy/promote.sh", `#!/bin/sh\n${note}\necho promoting\necho shop-dev@sha256:1\nexit ${promoteExit}\n`);
        write("deploy/ecs.sh", `#!/bin/sh\n${note}\n`);
        write("bin/aws", "#!/bin/sh\necho password\n");
        write("bin/docker", '#!/bin/sh\necho "docker $* with $(cat)" >> calls\n');
        write("promote.env", to);
        const { script, variables } = services[service]!;
        const { status } = spawnSync("bash", ["-eo", "pipefail", "-c", script(job)], {
            cwd: folder,
            env: {
                PATH: `${folder}/bin:${process.env.PATH}`,
                TARGET: "ecs",
                ...variables(folder),
                ...(copied && { COPY_ROLE_ARN: "arn:aws:iam::1:role/shop-dev-copy" }),
            },
        });
        return { status, calls: fs.readFileSync(path.join(folder, "calls"), "utf8").trim().split("\n") };
    }
    const promoted = "deploy/promote.sh --from /shop/dev/config/image-tag --image shop-dev@sha256:1";

    for (const service of Object.keys(services)) {
        it(`deploys on ${service} what the first environment built and released, with the values of the other`, () => {
            assert.deepEqual(run(service, "promote"), {
                status: 0,
                calls: [`${promoted} in shop-dev`, "deploy/ecs.sh --image shop-dev@sha256:1 in shop-prod"],
            });
        });

        it(`deploys nothing on ${service} when the image may not be promoted`, () => {
            assert.deepEqual(run(service, "promote", { promoteExit: 1 }), {
                status: 1,
                calls: [`${promoted} in shop-dev`],
            });
        });

        it(`copies to another account on ${service} by a job before, logged in to both registries`, () => {
            const login = (host: string) => `docker login --username AWS --password-stdin ${host} with password`;
            assert.deepEqual(run(service, "copy", { copied: true }), {
                status: 0,
                calls: [login("shop-dev"), login("shop-prod"), `${promoted} --to shop-prod in shop-dev`],
            });
        });

        it(`deploys the copy on ${service} where there was one`, () => {
            assert.deepEqual(run(service, "promote", { copied: true }), {
                status: 0,
                calls: ["deploy/ecs.sh --image shop-prod@sha256:1 in shop-prod"],
            });
        });
    }
});
