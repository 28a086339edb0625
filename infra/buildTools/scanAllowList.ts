import * as z from "zod";

/** Finding that the team accepts for a while. */
export interface AllowListEntry {
    /** Name of the vulnerability, as the list of findings has it: `CVE-2026-1234`. */
    id: string;
    /** Reason why it is accepted. */
    reason: string;
    /** Last day of the entry, `YYYY-MM-DD` in UTC. */
    expires: string;
}

const text = (pattern: RegExp, allowed: string) => z.string(allowed).regex(pattern, allowed);

const allowList = z.array(
    z.strictObject({
        id: text(/^\S+$/, "the name of a vulnerability, such as CVE-2026-1234"),
        reason: text(/\S/, "a text that says why the finding is accepted"),
        expires: z.iso.date("the last day that it counts, as YYYY-MM-DD"),
    }),
    "a list of entries with id, reason and expires",
) satisfies z.ZodType<AllowListEntry[]>;

/**
 * Parses an allow list: a JSON array of {@link AllowListEntry}.
 *
 * @param file name of the list in messages
 * @throws Error with one line for each fault: the entry, its value, and what is allowed
 */
export function parseAllowList(file: string, json: string): AllowListEntry[] {
    const { data, error } = allowList.safeParse(parseJson(file, json), { reportInput: true });
    if (error !== undefined) throw new Error(error.issues.flatMap((issue) => describe(file, issue)).join("\n"));
    const faults = data.flatMap(({ id }, index) => {
        const first = data.findIndex((other) => other.id === id);
        return first === index
            ? []
            : [`${placeOf(file, [index])} has the id "${id}", as entry ${first + 1} has; keep one.`];
    });
    if (faults.length > 0) throw new Error(faults.join("\n"));
    return data;
}

function parseJson(file: string, json: string): unknown {
    try {
        return JSON.parse(json);
    } catch (error) {
        throw new Error(`The allow list ${file} is no JSON: ${(error as Error).message}.`);
    }
}

function describe(file: string, issue: z.core.$ZodIssue): string[] {
    const place = placeOf(file, issue.path);
    if (issue.code === "unrecognized_keys") {
        return issue.keys.map((key) => `${place} has a field "${key}"; allowed: id, reason, expires.`);
    }
    const field = issue.path[1] === undefined ? "is" : `has the ${String(issue.path[1])}`;
    const allowed = issue.path.length === 1 ? "an object with id, reason and expires" : issue.message;
    return [
        issue.path.length === 2 && issue.input === undefined
            ? `${place} has no ${String(issue.path[1])}; allowed: ${allowed}.`
            : `${place} ${field} ${JSON.stringify(issue.input)}; allowed: ${allowed}.`,
    ];
}

/** Names the list, or an entry of it by its number. */
function placeOf(file: string, [index]: PropertyKey[]): string {
    return index === undefined ? `The allow list ${file}` : `Entry ${Number(index) + 1} of the allow list ${file}`;
}
