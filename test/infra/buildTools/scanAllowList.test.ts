import assert from "node:assert/strict";
import { parseAllowList } from "../../../infra/buildTools/scanAllowList";

const entry = { id: "CVE-2026-0001", reason: "No untrusted input reaches it.", expires: "2026-12-31" };
const parse = (list: unknown) => parseAllowList("allow.json", JSON.stringify(list));

describe("parseAllowList", () => {
    it("reads entries with id, reason and last day", () => {
        assert.deepEqual(parse([entry, { ...entry, id: "CVE-2026-0002" }]), [entry, { ...entry, id: "CVE-2026-0002" }]);
        assert.deepEqual(parse([]), []);
    });

    const { id, reason, expires } = entry;
    const date = "allowed: the last day that it counts, as YYYY-MM-DD.";
    const why = "allowed: a text that says why the finding is accepted.";
    const first = "Entry 1 of the allow list allow.json";
    const bad: [what: string, list: unknown, sentence: string][] = [
        ["a missing reason", [{ id, expires }], `${first} has no reason; ${why}`],
        ["an empty reason", [{ id, reason: " ", expires }], `${first} has the reason " "; ${why}`],
        ["a missing date", [{ id, reason }], `${first} has no expires; ${date}`],
        [
            "another form of a date",
            [{ id, reason, expires: "31.12.2026" }],
            `${first} has the expires "31.12.2026"; ${date}`,
        ],
        [
            "a day that no calendar has",
            [{ id, reason, expires: "2026-02-30" }],
            `${first} has the expires "2026-02-30"; ${date}`,
        ],
        [
            "a missing id",
            [entry, { reason, expires }],
            "Entry 2 of the allow list allow.json has no id; allowed: the name of a vulnerability, such as CVE-2026-1234.",
        ],
        [
            "an id that stands there twice",
            [entry, { ...entry, expires: "2027-01-01" }],
            `Entry 2 of the allow list allow.json has the id "${id}", as entry 1 has; keep one.`,
        ],
        [
            "a field of another name",
            [{ ...entry, until: expires }],
            `${first} has a field "until"; allowed: id, reason, expires.`,
        ],
        ["an entry that is a name alone", [id], `${first} is "${id}"; allowed: an object with id, reason and expires.`],
        [
            "no list",
            { [id]: reason },
            `The allow list allow.json is {"${id}":"${reason}"}; allowed: a list of entries with id, reason and expires.`,
        ],
    ];
    for (const [what, list, sentence] of bad) {
        it(`refuses ${what} in one sentence`, () => {
            assert.throws(() => parse(list), { message: sentence });
        });
    }

    it("names each fault in a line of its own", () => {
        assert.throws(
            () =>
                parse([
                    { id, reason },
                    { id, expires },
                ]),
            {
                message: `${first} has no expires; ${date}\nEntry 2 of the allow list allow.json has no reason; ${why}`,
            },
        );
    });

    it("refuses a file that is no JSON", () => {
        assert.throws(() => parseAllowList("allow.json", "CVE"), {
            message: /^The allow list allow\.json is no JSON: .+\.$/,
        });
    });
});
