import * as path from "node:path";

/** Services of the offline world; each one needs only services before it. */
export const serviceNames = ["ministack", "gateway", "aws-provider", "buildkitd", "dockerd"] as const;

/** Name of a service. */
export type ServiceName = (typeof serviceNames)[number];

/** Absolute paths of everything in one offline world. */
export type WorldLayout = ReturnType<typeof worldLayout>;

/** Names the paths of a world. @param folder absolute path of the world's folder */
export function worldLayout(folder: string) {
    const below = (...names: string[]) => path.join(folder, ...names);
    return {
        folder,
        /** File that describes the running world; see World. */
        services: below("services.json"),
        /** File of the last run's ports, which the next run takes again. */
        ports: below("ports.json"),
        logs: below("logs"),
        /** Folder of the records of running processes, the sockets and the administrator's key pair. */
        run: below("run"),
        administrator: below("run", "administrator.json"),
        data: below("data"),
        /** Folder of the Pulumi backend with this world's stacks. */
        state: below("data", "state"),
        gatewayState: below("data", "gateway"),
        /** Certificate that the gateway writes for its clients. */
        gatewayCertificate: below("data", "gateway", "gateway.crt"),
        ministackSocket: below("run", "ministack.sock"),
        buildkitData: below("data", "buildkit"),
        dockerData: below("data", "docker"),
        dockerSocket: below("run", "docker.sock"),
        /** Folder of the emulated EC2 instance; see local/world/container-host. */
        instance: below("data", "instance"),
        /** Temporary folder of all services, TMPDIR. */
        temporary: below("data", "tmp"),
        buildkitSocket: below("run", "buildkitd.sock"),
        /** Folder that knows the world's own builder, BUILDX_CONFIG. */
        buildxConfig: below("buildx"),
        /** Folder of Docker's configuration for that builder, DOCKER_CONFIG. */
        dockerConfig: below("docker"),
    };
}

/** Names the file of a service's output. */
export function logFile(layout: WorldLayout, service: ServiceName): string {
    return path.join(layout.logs, `${service}.log`);
}

/** Names the file that records a service's process. */
export function recordFile(layout: WorldLayout, service: ServiceName): string {
    return path.join(layout.run, `${service}.json`);
}
