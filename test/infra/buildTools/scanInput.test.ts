import assert from "node:assert/strict";
import { readScanInput } from "../../../infra/buildTools/scanInput";
import { temporaryFolder, writeTree } from "../temporaryFolder";
import { scannedDigest } from "../../support/scanAnswers";

describe("the input of the scan gate", () => {
    const folder = temporaryFolder();
    const registry = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";
    const least = { IMAGE_URI: `${registry}/shop/api@${scannedDigest}`, SCAN_LIMIT: "HIGH" };
    const entry = { id: "CVE-2026-0001", reason: "Not reachable.", expires: "2026-12-31" };

    it("is the image of another registry, a threshold, no allow list and ten minutes", () => {
        assert.deepEqual(readScanInput(least, folder.path), {
            repository: { registryId: "123456789012", repositoryName: "shop/api" },
            digest: scannedDigest,
            threshold: "HIGH",
            allowList: [],
            deadline: 600,
        });
    });

    it("has the allow list of a file in the working directory, and no number of an account that the address lacks", () => {
        writeTree(folder.path, { "security/allow.json": JSON.stringify([entry]) });
        const given = {
            IMAGE_URI: `127.0.0.1:5000/shop:src-1@${scannedDigest}`,
            SCAN_LIMIT: "CRITICAL",
            SCAN_ALLOW_LIST: "security/allow.json",
            SCAN_DEADLINE: "30",
        };
        assert.deepEqual(readScanInput(given, folder.path), {
            repository: { repositoryName: "shop" },
            digest: scannedDigest,
            threshold: "CRITICAL",
            allowList: [entry],
            deadline: 30,
        });
    });

    const image = "allowed: <repository>@sha256:<64 hexadecimal digits>.";
    const limits = "allowed: INFORMATIONAL, LOW, MEDIUM, HIGH, CRITICAL.";
    const bad: [variables: Record<string, string | undefined>, sentence: string][] = [
        [{ IMAGE_URI: undefined }, `The variable IMAGE_URI is ""; ${image}`],
        [{ IMAGE_URI: `${registry}/shop:latest` }, `The variable IMAGE_URI is "${registry}/shop:latest"; ${image}`],
        [{ IMAGE_URI: scannedDigest }, `The variable IMAGE_URI is "${scannedDigest}"; ${image}`],
        [{ SCAN_LIMIT: undefined }, `The variable SCAN_LIMIT is ""; ${limits}`],
        [{ SCAN_LIMIT: "high" }, `The variable SCAN_LIMIT is "high"; ${limits}`],
        [{ SCAN_LIMIT: "UNDEFINED" }, `The variable SCAN_LIMIT is "UNDEFINED"; ${limits}`],
        [{ SCAN_DEADLINE: "10m" }, 'The variable SCAN_DEADLINE is "10m"; allowed: a number of seconds.'],
    ];
    for (const [variables, message] of bad) {
        it(`is refused in one sentence: ${message}`, () => {
            assert.throws(() => readScanInput({ ...least, ...variables }, folder.path), { message });
        });
    }

    it("is refused where the allow list cannot be read, or is wrong", () => {
        writeTree(folder.path, { "wrong.json": JSON.stringify([{ ...entry, reason: "" }]) });
        assert.throws(() => readScanInput({ ...least, SCAN_ALLOW_LIST: "none.json" }, folder.path), {
            message: /^The variable SCAN_ALLOW_LIST is "none\.json"; allowed: a file \(ENOENT: .*\)\.$/,
        });
        assert.throws(() => readScanInput({ ...least, SCAN_ALLOW_LIST: "wrong.json" }, folder.path), {
            message: /^Entry 1 of the allow list wrong\.json has the reason ""; /,
        });
    });
});
