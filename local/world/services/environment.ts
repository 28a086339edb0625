import type { WorldLayout } from "./layout";

/** Variables that services get from the person's environment: how to find programs and how to reach the network. */
const passedOn = [
    "PATH",
    "HOME",
    "USER",
    "LANG",
    "LC_ALL",
    "TZ",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "NODE_EXTRA_CA_CERTS",
];

/**
 * The environment that all services share. The rest of the person's environment stays out: AWS_PROFILE or a variable
 * that MiniStack happens to read would change the world.
 */
export function baseEnvironment(layout: WorldLayout): Record<string, string> {
    const passed = passedOn.flatMap((name) => {
        const value = process.env[name];
        return value === undefined ? [] : [[name, value] as const];
    });
    return { ...Object.fromEntries(passed), TMPDIR: layout.temporary };
}
