import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { projectRoot } from "../../../local/paths";
import type { CodeBlock } from "../markdown";

/** Call of a program that a page tells its reader to type. */
export interface Call {
    /** Page, from the repository's root, and line of the block. */
    place: string;
    /** Program as typed: `npm`, `deploy/ecs.sh`. */
    program: string;
    arguments: string[];
}

/** Programs that a block may call: each is recorded and not run. */
const recorded = ["aws", "docker", "node", "npm", "npx", "pulumi"];

/** Programs that really run: they read and write the folder of the block alone. */
const run = ["cp", "tail"];

/** Marks of the record: the end of an argument, and the end of a call. */
const [endOfArgument, endOfCall] = ["\0", "\x1e"];

/**
 * Runs a block of commands by bash and records its calls, so that quotes, variables and pipes mean what they mean to a reader's shell. The
 * block runs in a folder that has the clone as `cached-image-pipeline`, an application as `shop`, and stand-ins for the deploy scripts.
 * Words in angle brackets and variables stand for the reader's own, and optional words in square brackets are given.
 *
 * @param folder empty folder
 * @throws Error with the place for a program that is not recorded, a file that does not exist, or a fault of the syntax
 */
export function recordCalls(folder: string, page: string, { text, line }: CodeBlock): Call[] {
    const place = `${page}:${line}`;
    const record = path.join(folder, "record");
    fs.writeFileSync(record, "");
    fs.mkdirSync(path.join(folder, "shop"));
    fs.symlinkSync(projectRoot, path.join(folder, "cached-image-pipeline"));
    const programs = path.join(folder, "programs");
    for (const program of recorded) writeStandIn(path.join(programs, program), program, record);
    for (const script of deployScripts()) {
        // The second place is that of a program that has installed the package.
        for (const parent of ["", "node_modules/cached-image-pipeline"]) {
            writeStandIn(path.join(folder, parent, script), script, record);
        }
    }
    for (const program of run) fs.symlinkSync(path.join("/bin", program), path.join(programs, program));

    const own = path.join(folder, path.dirname(page));
    fs.mkdirSync(own, { recursive: true });
    const isExample = page.startsWith("examples/");
    if (isExample) fs.symlinkSync(path.join(folder, "node_modules"), path.join(own, "node_modules"));
    const cwd = isExample ? own : folder;
    const script = text.replace(/<[^<>\n]+>/g, "placeholder").replace(/\[(--[^\]\n]+)\]/g, "$1");
    const env = { PATH: programs, HOME: folder };
    const { status, stderr } = spawnSync("/bin/bash", ["--norc", "-eo", "pipefail", "-c", script], {
        cwd,
        env,
        encoding: "utf8",
    });
    if (status !== 0) throw new Error(`${place} ends with ${status}: ${stderr}`);
    return fs
        .readFileSync(record, "utf8")
        .split(endOfCall)
        .slice(0, -1)
        .map((call) => {
            const [program, ...rest] = call.split(endOfArgument);
            return { place, program: program!, arguments: rest.slice(0, -1).map((word) => word || "placeholder") };
        });
}

/** Lists the deploy scripts, from the repository's root. */
function deployScripts(): string[] {
    const names = fs.readdirSync(path.join(projectRoot, "deploy"));
    return names.filter((name) => name.endsWith(".sh")).map((name) => `deploy/${name}`);
}

/** Writes a program that records its call. */
function writeStandIn(file: string, program: string, record: string): void {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const script = `#!/bin/bash
{ printf '%s\\0' '${program}' "$@"; printf '\\x1e'; } >> '${record}'
`;
    fs.writeFileSync(file, script, { mode: 0o755 });
}
