import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { ServiceDefinition } from "../services/definitions";
import type { WorldLayout } from "../services/layout";
import { clearContainerLeftovers } from "../services/strays";
import type { ContainerTools } from "../toolchain";
import { dockerRequest } from "../services/dockerApi";

/**
 * Defines a Docker daemon for the world alone. It changes neither the machine's firewall nor its forwarding. Containers reach each other
 * over bridges, and Docker's own proxy serves published ports.
 */
export function dockerService(tools: ContainerTools, layout: WorldLayout): ServiceDefinition {
    const configuration = path.join(layout.run, "docker-daemon.json");
    const flags = {
        "config-file": configuration,
        "data-root": layout.dockerData,
        "exec-root": path.join(layout.run, "docker"),
        pidfile: path.join(layout.run, "dockerd.pid"),
        host: `unix://${layout.dockerSocket}`,
        bridge: "none",
        iptables: "false",
        ip6tables: "false",
        "ip-forward": "false",
        "ip-masq": "false",
    };
    return {
        name: "dockerd",
        command: [tools.dockerd, ...Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`)],
        environment: {
            ...tools.environment,
            PATH: [...tools.folders, process.env.PATH ?? "", "/usr/sbin", "/sbin"].join(path.delimiter),
        },
        probe: async () => ((await dockerRequest(layout.dockerSocket, "GET", "/_ping")) === undefined ? undefined : {}),
        deadline: 60_000,
        beforeStart: async () => {
            await clearContainerLeftovers(layout.dockerData);
            await fs.rm(path.join(layout.run, "dockerd.pid"), { force: true });
            await fs.writeFile(configuration, "{}", { mode: 0o600 });
        },
    };
}
