import type { WorldLayout } from "./layout";

/** Variables of the person's environment that services get: paths of programs and settings of the network. */
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
 * Makes the environment that all services share. Other variables of the person stay out: AWS_PROFILE, or one that MiniStack reads, would
 * change the world.
 */
export function baseEnvironment(layout: WorldLayout): Record<string, string> {
    const passed = passedOn.flatMap((name) => {
        const value = process.env[name];
        return value === undefined ? [] : [[name, value] as const];
    });
    return { ...Object.fromEntries(passed), TMPDIR: layout.temporary };
}
