import * as path from "node:path";

/** Services of the offline world; each one needs only services before it. */
export const serviceNames = ["ministack", "gateway", "aws-provider", "buildkitd", "dockerd"] as const;

/** Name of a service. */
export type ServiceName = (typeof serviceNames)[number];

/** Absolute paths of everything in one offline world. */
export interface WorldLayout {
    folder: string;
    /** File that describes the running world; see World. */
    services: string;
    /** File of the last run's ports, which the next run takes again. */
    ports: string;
    logs: string;
    /** Folder of the records of running processes, the sockets and the administrator's key pair. */
    run: string;
    administrator: string;
    data: string;
    /** Folder of the Pulumi backend with this world's stacks. */
    state: string;
    gatewayState: string;
    /** Certificate that the gateway writes for its clients. */
    gatewayCertificate: string;
    ministackSocket: string;
    buildkitData: string;
    dockerData: string;
    dockerSocket: string;
    /** Folder of the emulated EC2 instance; see local/world/container-host. */
    instance: string;
    /** Temporary folder of all services, TMPDIR. */
    temporary: string;
    buildkitSocket: string;
    /** Folder that knows the world's own builder, BUILDX_CONFIG. */
    buildxConfig: string;
    /** Folder of Docker's configuration for that builder, DOCKER_CONFIG. */
    dockerConfig: string;
}

/** Names the paths of a world. @param folder absolute path of the world's folder */
export function worldLayout(folder: string): WorldLayout {
    const below = (...names: string[]) => path.join(folder, ...names);
    return {
        folder,
        services: below("services.json"),
        ports: below("ports.json"),
        logs: below("logs"),
        run: below("run"),
        administrator: below("run", "administrator.json"),
        data: below("data"),
        state: below("data", "state"),
        gatewayState: below("data", "gateway"),
        gatewayCertificate: below("data", "gateway", "gateway.crt"),
        ministackSocket: below("run", "ministack.sock"),
        buildkitData: below("data", "buildkit"),
        dockerData: below("data", "docker"),
        dockerSocket: below("run", "docker.sock"),
        instance: below("data", "instance"),
        temporary: below("data", "tmp"),
        buildkitSocket: below("run", "buildkitd.sock"),
        buildxConfig: below("buildx"),
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
