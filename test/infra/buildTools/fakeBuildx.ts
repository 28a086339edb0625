import * as fs from "node:fs";
import * as path from "node:path";
import { writeTree } from "../temporaryFolder";

/** Start of the program. */
export interface BuildxCall {
    program: string;
    command: string;
    args: string[];
    variables: Record<string, string>;
}

/** Program that notes its arguments and variables, and ends as the last argument says. */
const program = `#!${process.execPath}
const fs = require("node:fs");
const [command, ...args] = process.argv.slice(2);
const names = ["DOCKER_CONFIG", "BUILDX_CONFIG", "BUILDX_METADATA_PROVENANCE", "BUILDX_GIT_INFO", "BUILDX_GIT_LABELS", "OWN"];
const variables = Object.fromEntries(names.map((name) => [name, process.env[name]]));
fs.appendFileSync(process.env.CALLS, JSON.stringify({ program: "NAME", command, args, variables }) + "\\n");
const last = args.at(-1);
if (command === "create") console.log("some_builder");
if (last === "fails") {
    console.error("ERROR: failed to build");
    process.exitCode = 3;
} else if (last === "killed") process.kill(process.pid, "SIGKILL");
else {
    const vertex = { digest: "1", name: "[1/1] RUN make", started: "2026-01-01T00:00:00Z", completed: "2026-01-01T00:00:02Z" };
    if (command === "build") console.error(JSON.stringify({ vertexes: [vertex] }));
    const file = args.find((one) => one.startsWith("--metadata-file="))?.slice("--metadata-file=".length);
    const digest = last === "unpushed" ? {} : { "containerimage.digest": "sha256:1" };
    if (file !== undefined) fs.writeFileSync(file, JSON.stringify(digest));
}
`;

/**
 * Writes a stand-in for Docker's program, on a PATH of its own.
 *
 * @param folder an existing folder
 * @returns variables by which it is found, and its starts so far
 */
export function fakeBuildx(folder: string, name: "docker" | "docker-buildx") {
    const bin = path.join(folder, "bin");
    writeTree(bin, { [name]: program.replace("NAME", name) });
    fs.chmodSync(path.join(bin, name), 0o755);
    const calls = path.join(folder, "calls");
    return {
        variables: { PATH: bin, CALLS: calls },
        calls: () =>
            fs
                .readFileSync(calls, "utf8")
                .trimEnd()
                .split("\n")
                .map((line) => JSON.parse(line) as BuildxCall),
    };
}
