import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { projectRoot } from "../../../local/paths";
import { temporaryFolder, writeTree } from "../../infra/temporaryFolder";

describe("npm run doctor", function () {
    this.timeout(30_000);
    const folder = temporaryFolder();

    /** Runs the command in the temporary folder, with no offline world. */
    function doctor(...args: string[]) {
        const command = ["local/bootstrap.js", "local/commands/doctor.ts", ...args];
        const { status, stdout, stderr } = spawnSync(process.execPath, command, {
            cwd: projectRoot,
            encoding: "utf8",
            env: {
                ...process.env,
                INIT_CWD: folder.path,
                CACHED_IMAGE_PIPELINE_WORLD: ".local-none",
                FORCE_COLOR: "0",
            },
        });
        return { status, stdout, stderr };
    }

    const unchecked = `BuildKit's own checks were not run. No offline world is running in ${path.join(projectRoot, ".local-none")}; run \`npm start\` first.\n`;

    it("exits with 0 when it finds nothing", () => {
        writeTree(folder.path, { Dockerfile: "FROM scratch\n" });
        const stdout = `${path.join(folder.path, "Dockerfile")}\n\nNo findings.\n\n${unchecked}`;
        assert.deepEqual(doctor("Dockerfile"), { status: 0, stdout, stderr: "" });
    });

    it("exits with 0 when it only advises", () => {
        writeTree(folder.path, { Dockerfile: "FROM python:3.12 AS deps\nRUN pip install flask\nFROM deps\n" });
        const { status, stdout } = doctor("Dockerfile");
        assert.equal(status, 0);
        assert.deepEqual(
            stdout.split("\n").filter((line) => line.startsWith("line ")),
            ["line 2: packages-in-one-layer"],
        );
    });

    it("exits with 1 and explains what it finds, in the stage and context that are named", () => {
        writeTree(folder.path, { "docker/api": "ARG TAG\nFROM python:$TAG AS api\nFROM python", "app/x": "" });
        const { status, stdout } = doctor("docker/api", "--target=api", "--context=app", "--build-arg=TAG=latest");
        assert.equal(status, 1);
        assert.deepEqual(
            stdout.split("\n").filter((line) => line.startsWith("line ")),
            ["line 2: unpinned-base"],
        );
    });

    const refusals: [string, string[], (folder: string) => string][] = [
        ["a file that is not there", ["none"], (parent) => `${parent}/none: there is no such file.`],
        [
            "a file that is no Dockerfile",
            ["text"],
            (parent) => `${parent}/text: line 1: "HELLO" is no instruction of a Dockerfile.`,
        ],
        ["no file", [], () => "No Dockerfile is named; allowed: npm run doctor -- "],
        ["an option that is not known", ["text", "--fix"], () => "Unknown option '--fix'."],
        [
            "a build argument without a value",
            ["text", "--build-arg=A"],
            () => '--build-arg is "A"; allowed: <NAME>=<value>',
        ],
    ];
    for (const [title, args, message] of refusals) {
        it(`exits with 2 and one sentence for ${title}`, () => {
            writeTree(folder.path, { text: "hello world\n" });
            const { status, stdout, stderr } = doctor(...args);
            assert.deepEqual([status, stdout, stderr.startsWith(message(folder.path))], [2, "", true], stderr);
        });
    }
});
