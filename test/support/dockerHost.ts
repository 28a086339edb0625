import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { dockerService } from "../../local/world/container-host/dockerService";
import { worldLayout } from "../../local/world/services/layout";
import { stopDocker } from "../../local/world/services/stopDocker";
import { ensureService } from "../../local/world/services/supervise";
import { ensureContainerTools, ensureToolchain } from "../../local/world/toolchain";
import { runCommand } from "../../local/world/toolchain/command";

/** Docker daemon of a test, with compose. */
export type DockerHost = Awaited<ReturnType<typeof startDockerHost>>;

/** Starts the daemon in a temporary folder. */
export async function startDockerHost() {
    const report = (line: string) => console.log(`      ${line}`);
    const tools = await ensureContainerTools(report);
    const { busybox } = await ensureToolchain(report);
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "docker-host-"));
    const layout = worldLayout(folder);
    for (const one of [layout.logs, layout.run, layout.temporary]) fs.mkdirSync(one, { recursive: true, mode: 0o700 });
    await ensureService(dockerService(tools, layout), layout, report, () => undefined, new AbortController().signal);

    const plugins = path.join(folder, ".docker/cli-plugins");
    fs.mkdirSync(plugins, { recursive: true });
    fs.symlinkSync(tools.dockerCompose, path.join(plugins, "docker-compose"));
    const environment = {
        PATH: `${path.dirname(tools.docker)}:${process.env.PATH ?? ""}`,
        HOME: folder,
        DOCKER_HOST: `unix://${layout.dockerSocket}`,
        DOCKER_CONFIG: path.join(folder, ".docker"),
    };
    const docker = (...args: string[]) => runCommand(tools.docker, args, { env: environment });
    return {
        folder,
        environment,
        docker,
        /** Makes an image of busybox and a script `/run`, with these variables. */
        importImage: async (reference: string, script: string, variables: Record<string, string>) => {
            const root = fs.mkdtempSync(path.join(folder, "image-"));
            fs.mkdirSync(path.join(root, "bin"));
            fs.copyFileSync(busybox, path.join(root, "bin/busybox"));
            for (const name of ["sh", "httpd", "wget", "nc", "sleep", "mkdir", "cat"]) {
                fs.symlinkSync("busybox", path.join(root, "bin", name));
            }
            fs.writeFileSync(path.join(root, "run"), script, { mode: 0o755 });
            const archive = `${root}.tar`;
            await runCommand("tar", ["-C", root, "-cf", archive, "."]);
            const changes = [`CMD ["/bin/sh", "/run"]`, "ENV PATH=/bin"];
            for (const [name, value] of Object.entries(variables)) changes.push(`ENV ${name}=${value}`);
            await docker("import", ...changes.flatMap((change) => ["--change", change]), archive, reference);
        },
        stop: async () => {
            await stopDocker(layout);
            fs.rmSync(folder, { recursive: true, force: true });
        },
    };
}
