import * as path from "node:path";

/** The services of the offline world, in the order in which they need each other. */
export const serviceNames = ["ministack", "gateway", "aws-provider", "buildkitd", "dockerd"] as const;

/** One of the services. */
export type ServiceName = (typeof serviceNames)[number];

/** Where everything of one offline world is (absolute paths). */
export interface WorldLayout {
    folder: string;
    /** How to reach the running world; see World. */
    services: string;
    /** The ports of the last run, which the next one takes again. */
    ports: string;
    logs: string;
    /** Records of running processes, sockets and the administrator's key pair. */
    run: string;
    administrator: string;
    data: string;
    /** The Pulumi backend of the stacks that exist in this world. */
    state: string;
    gatewayState: string;
    /** The gateway writes it there for its clients. */
    gatewayCertificate: string;
    ministackSocket: string;
    buildkitData: string;
    dockerData: string;
    dockerSocket: string;
    /** Everything of the emulated EC2 instance; see local/world/container-host. */
    instance: string;
    /** TMPDIR of all services. */
    temporary: string;
    buildkitSocket: string;
    /** BUILDX_CONFIG of the world's own builder. */
    buildxConfig: string;
    /** DOCKER_CONFIG that goes with it. */
    dockerConfig: string;
}

/** @param folder the world's folder (absolute) */
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

/** @returns the file that a service's output goes to */
export function logFile(layout: WorldLayout, service: ServiceName): string {
    return path.join(layout.logs, `${service}.log`);
}

/** @returns the file that a service's process is recorded in */
export function recordFile(layout: WorldLayout, service: ServiceName): string {
    return path.join(layout.run, `${service}.json`);
}
