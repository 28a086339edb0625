import type * as http from "node:http";

/** Names of this machine that clients of the gateway use; the port may be that of a proxy before it. */
const ownHost = /^(127\.0\.0\.1|localhost)(:\d+)?$/;

/**
 * Why a request is refused that a browser sends for a page: it names the page's origin, or it reached this address by a name that
 * the page's owner made point here. No client of AWS or of a registry does either. Undefined: not refused.
 *
 * @see https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Origin
 */
export function refuseBrowser({ host = "", origin }: http.IncomingHttpHeaders): string | undefined {
    if (origin !== undefined) return `The gateway serves no web pages, and this request comes from ${origin}.`;
    if (ownHost.test(host)) return undefined;
    return `The gateway serves 127.0.0.1 and localhost, and this request names the host "${host}".`;
}
