import type * as http from "node:http";

/** Names of this machine that clients of the gateway use; the port may belong to a proxy before it. */
const ownHost = /^(127\.0\.0\.1|localhost)(:\d+)?$/;

/**
 * Explains why a browser's request for a page is refused. Such a request names the page's origin, or a host name that the page's owner
 * pointed here. No client of AWS or of a registry does either. Undefined: not refused.
 *
 * @see https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Origin
 */
export function refuseBrowser({ host = "", origin }: http.IncomingHttpHeaders): string | undefined {
    if (origin !== undefined) return `The gateway serves no web pages, and this request comes from ${origin}.`;
    if (ownHost.test(host)) return undefined;
    return `The gateway serves 127.0.0.1 and localhost, and this request names the host "${host}".`;
}
