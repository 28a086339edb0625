/** Variables of this machine by which programs reach the network: proxies, trusted certificates, and the time zone. */
export const networkVariables = [
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

/** Picks variables of this process by their names; variables that are not set are left out. */
export function pickVariables(names: string[]): Record<string, string> {
    return Object.fromEntries(
        names.flatMap((name) => {
            const value = process.env[name];
            return value === undefined ? [] : [[name, value] as const];
        }),
    );
}
