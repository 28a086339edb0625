import * as path from "node:path";
import { services } from "./services";

/** Settings that a MiniStack is started with. */
export interface MinistackSettings {
    /** Path of the executable; the Python of its environment lies beside it. */
    executable: string;
    /** Path of the Unix socket that MiniStack listens on. Its folder must be closed to other users, or be a place where that does not matter. */
    socket: string;
    /** Access key of MiniStack's administrator. */
    accessKeyId: string;
    /** Secret of that access key. */
    secretAccessKey: string;
    /** AWS region of requests that name none. */
    region: string;
}

/**
 * User that MiniStack becomes when root starts it: an id that owns nothing. `nobody` would not do, since other programs run as it and could
 * end this one.
 *
 * @see https://systemd.io/UIDS-GIDS/ (61184 to 65519)
 */
const unprivilegedUser = 61997;

/** Program that starts MiniStack behind a socket. */
export const launcher = path.join(__dirname, "launch.py");

/** Makes command and variables of a MiniStack that only the gateway can reach; see launch.py. */
export function ministackProcess(settings: MinistackSettings): {
    command: [string, ...string[]];
    environment: Record<string, string>;
} {
    const python = path.join(path.dirname(settings.executable), "python");
    return {
        command: [python, "-I", launcher],
        environment: {
            MINISTACK_SOCKET: settings.socket,
            MINISTACK_USER: process.getuid?.() === 0 ? String(unprivilegedUser) : "",
            AUTH: "true",
            AWS_ACCESS_KEY_ID: settings.accessKeyId,
            AWS_SECRET_ACCESS_KEY: settings.secretAccessKey,
            IOT_MTLS_ENABLED: "0",
            SFTP_ENABLED: "0",
            MINISTACK_REGION: settings.region,
            SERVICES: Object.keys(services).join(","),
        },
    };
}
