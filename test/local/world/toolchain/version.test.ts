import assert from "node:assert/strict";
import { compareVersions, isAllowed, parseVersion } from "../../../../local/world/toolchain/version";

describe("toolchain versions", () => {
    const printed: [string, string | undefined][] = [
        ["v3.245.0", "3.245.0"],
        ["buildkitd github.com/moby/buildkit v0.31.0 8a1b2c", "0.31.0"],
        ["github.com/docker/buildx 0.13.1+ds1 0.13.1+ds1-1", "0.13.1"],
        ["runc version 1.1.5+ds1\ncommit: 1.1.5+ds1-1", "1.1.5"],
        ["BusyBox v1.35.0 (Debian 1:1.35.0-4) multi-call binary", "1.35.0"],
        ["go1.26.8", "1.26.8"],
        ["aws-cli/1.46.3 Python/3.11.7", "1.46.3"],
        ["no version here", undefined],
        ["go1.20", undefined],
    ];
    for (const [text, version] of printed) {
        it(`reads ${version} from "${text.split("\n")[0]}"`, () => assert.equal(parseVersion(text), version));
    }

    const rules: [string, Parameters<typeof isAllowed>[1], boolean][] = [
        ["3.200.0", { atLeast: "3.200.0" }, true],
        ["3.199.9", { atLeast: "3.200.0" }, false],
        ["4.0.0", { atLeast: "3.200.0" }, true],
        ["0.9.9", { atLeast: "0.10.0" }, false],
        ["0.0.22", { exactly: "0.0.22" }, true],
        ["0.0.23", { exactly: "0.0.22" }, false],
    ];
    for (const [version, rule, allowed] of rules) {
        it(`${allowed ? "takes" : "refuses"} ${version} under ${JSON.stringify(rule)}`, () =>
            assert.equal(isAllowed(version, rule), allowed));
    }

    it("sorts by number and not by text", () => {
        assert.deepEqual(["1.10.0", "1.9.0", "1.9.10"].sort(compareVersions), ["1.9.0", "1.9.10", "1.10.0"]);
    });
});
