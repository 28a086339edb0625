import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { projectRoot, toolsDirectory } from "../../local/paths";

/** Real AWS CLI, loaded once instead of half a second for each of hundreds of calls. */
export interface AwsCli {
    /** Folder to put first on PATH. */
    folder: string;
    /** Variables that the command in it needs. */
    environment: Record<string, string>;
    stop(): Promise<void>;
}

/** Starts the CLI. */
export async function startAwsCli(): Promise<AwsCli> {
    const state = fs.mkdtempSync(path.join(os.tmpdir(), "aws-cli-"));
    const programs = path.join(projectRoot, "test/support/aws-cli");
    const python = path.join(toolsDirectory, "python/bin/python");
    const socket = path.join(state, "socket");
    const client = fs.readFileSync(path.join(programs, "client.py"), "utf8");
    fs.writeFileSync(path.join(state, "aws"), `#!${python} -IS\n${client}`, { mode: 0o700 });
    const child = spawn(python, [path.join(programs, "server.py"), socket], { stdio: ["ignore", "pipe", "inherit"] });
    const started = once(child.stdout, "data");
    await Promise.race([started, once(child, "exit")]);
    if (child.exitCode !== null) throw new Error("The AWS CLI did not start; its error is above.");
    return {
        folder: state,
        environment: { AWS_CLI_SERVER: socket },
        stop: async () => {
            child.kill("SIGKILL");
            await once(child, "exit");
            fs.rmSync(state, { recursive: true, force: true });
        },
    };
}
