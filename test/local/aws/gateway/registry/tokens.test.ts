import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { tokenLifetimeMilliseconds, Tokens } from "../../../../../local/aws/gateway/registry/tokens";

describe("gateway: tokens", () => {
    let folder: string;
    let file: string;
    beforeEach(() => {
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "tokens-"));
        file = path.join(folder, "tokens.json");
    });
    afterEach(() => fs.rmSync(folder, { recursive: true }));

    it("bind to their caller for twelve hours, over a restart", () => {
        // GIVEN tokens of two callers
        const now = Date.parse("2026-01-01T00:00:00Z");
        const tokens = new Tokens(file);
        const issued = ["arn:one", "arn:two"].map((arn) => tokens.issue({ arn }, now));
        // WHEN they are used just before and at their end, also by a gateway that was started again
        const states = [now, now + tokenLifetimeMilliseconds - 1, now + tokenLifetimeMilliseconds].map((time) =>
            issued.map(({ authorizationToken }) => {
                const check = new Tokens(file).check(`Basic ${authorizationToken}`, time);
                return check.state === "valid" ? check.principal.arn : check.state;
            }),
        );
        // THEN each is its caller's until it expires
        assert.deepEqual(states, [
            ["arn:one", "arn:two"],
            ["arn:one", "arn:two"],
            ["expired", "expired"],
        ]);
        assert.equal(issued[0]?.expiresAt, Date.parse("2026-01-01T12:00:00Z"));
    });

    it("are dropped from the file once they expired", () => {
        const tokens = new Tokens(file);
        tokens.issue({ arn: "arn:old" }, 0);
        tokens.issue({ arn: "arn:new" }, tokenLifetimeMilliseconds);
        const records = Object.values(JSON.parse(fs.readFileSync(file, "utf8")) as Record<string, object>);
        assert.deepEqual(records, [{ principal: { arn: "arn:new" }, expiresAt: 2 * tokenLifetimeMilliseconds }]);
    });

    it("say which file is broken", () => {
        fs.writeFileSync(file, "{");
        assert.throws(() => new Tokens(file), {
            message: `${file} is not valid JSON; delete it to start with an empty state.`,
        });
    });
});
