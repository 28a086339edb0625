/** Target of an HTTP request in its two parts. */
export interface RequestTarget {
    /** Path as sent: neither decoded nor normalised, since signatures and object keys depend on its form. */
    path: string;
    /** Decoded query parameters. */
    query: URLSearchParams;
}

/** Splits a request target. @param url target as in http.IncomingMessage.url */
export function requestTarget(url: string): RequestTarget {
    const [, path = "", query = ""] = /^([^?]*)\??(.*)$/s.exec(url) ?? [];
    return { path, query: new URLSearchParams(query) };
}

/** Joins the two parts of a target. */
export function formatTarget({ path, query }: RequestTarget): string {
    return query.size > 0 ? `${path}?${query.toString()}` : path;
}

/**
 * Explains why a request's target is refused: it is no path, or its escapes cannot be decoded. The emulator would decode a part of it and
 * find a path that nobody checked. Undefined: not refused.
 */
export function refuseTarget(url: string): string | undefined {
    const { path } = requestTarget(url);
    if (!path.startsWith("/")) return `The request is for "${path}"; send a path that begins with a slash.`;
    try {
        decodeURIComponent(path);
        return undefined;
    } catch {
        return `The path ${path} cannot be decoded; send UTF-8 in percent-encoding.`;
    }
}
