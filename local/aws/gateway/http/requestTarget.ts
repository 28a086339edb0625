/** The target of an HTTP request in its two parts. */
export interface RequestTarget {
    /** Path as sent: neither decoded nor normalised, since signatures and object keys depend on its form. */
    path: string;
    /** Decoded query parameters. */
    query: URLSearchParams;
}

/** Splits a request target. @param url as in http.IncomingMessage.url */
export function requestTarget(url: string): RequestTarget {
    const [, path = "", query = ""] = /^([^?]*)\??(.*)$/s.exec(url) ?? [];
    return { path, query: new URLSearchParams(query) };
}

/** Joins the two parts again. */
export function formatTarget({ path, query }: RequestTarget): string {
    return query.size > 0 ? `${path}?${query.toString()}` : path;
}

/** Decodes a path; one that is not valid percent-encoding stays as it is. */
export function decodePath(path: string): string {
    try {
        return decodeURIComponent(path);
    } catch {
        return path;
    }
}
