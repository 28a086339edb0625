import type { Json } from "./callHandler";

/** Size limit of a page that names none. */
const largestPage = 100;

/** Cuts the page out of a list that a request's `maxResults` and `nextToken` ask for; a token is the index of the next item. */
export function pageOf<T>(list: T[], { maxResults, nextToken }: Json): { items: T[]; nextToken?: string } {
    const start = Number(nextToken ?? 0);
    const end = start + Math.min(Number(maxResults ?? largestPage), largestPage);
    return { items: list.slice(start, end), ...(end < list.length && { nextToken: String(end) }) };
}
