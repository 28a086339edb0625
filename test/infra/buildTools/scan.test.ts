import assert from "node:assert/strict";
import * as path from "node:path";
import { Refusal, type Script } from "../../deploy/scriptedAws";
import { writeTree } from "../temporaryFolder";
import { BundledTools, mediaType } from "./bundledTools";
import { answers, scannedDigest } from "../../support/scanAnswers";

const image = `shop/api@${scannedDigest}`;
const variables = { IMAGE_URI: `123456789012.dkr.ecr.eu-central-1.amazonaws.com/${image}`, SCAN_LIMIT: "HIGH" };

/** Makes ECR's answer to the lookup of the digest. */
const lookup =
    (imageManifest = "{}", imageManifestMediaType = mediaType): Script =>
    () => ({
        images: [{ imageId: { imageDigest: scannedDigest }, imageManifest, imageManifestMediaType }],
        failures: [],
    });

describe("the command scan of the bundled tools", () => {
    const tools = new BundledTools();
    const run = (scripts: Record<string, Script>, more: Record<string, string> = {}) =>
        tools.run(["scan"], { BatchGetImage: lookup(), ...scripts }, { ...variables, ...more });

    it("prints the findings and passes those that the allow list accepts, after one lookup and one question", async () => {
        const entry = { id: "CVE-2026-0001", reason: "No TLS is served.", expires: "2999-12-31" };
        writeTree(tools.path, { "allow.json": JSON.stringify([entry]) });
        const scripts = { DescribeImageScanFindings: () => answers.basicScan };
        const { status, stdout, stderr } = await run(scripts, { SCAN_ALLOW_LIST: "allow.json" });
        assert.deepEqual([status, stderr], [0, ""]);
        assert.deepEqual(stdout.split("\n"), [
            "severity   id             package  version  fixed in  allowed",
            "CRITICAL   CVE-2026-0001  openssl  3.0.1    -         until 2999-12-31: No TLS is served.",
            "UNDEFINED  CVE-2026-0002  perl     5.36     -         below the threshold",
            "LOW        CVE-2026-0003  zlib     1.3      -         below the threshold",
            `${image} passes HIGH; findings: 3, allowed: 1.`,
            "",
        ]);
        const repository = { registryId: "123456789012", repositoryName: "shop/api" };
        assert.deepEqual(
            tools.aws.calls.map(({ operation, input }) => [operation, { ...input, acceptedMediaTypes: undefined }]),
            [
                [
                    "BatchGetImage",
                    { ...repository, imageIds: [{ imageDigest: scannedDigest }], acceptedMediaTypes: undefined },
                ],
                [
                    "DescribeImageScanFindings",
                    {
                        ...repository,
                        imageId: { imageDigest: scannedDigest },
                        maxResults: 1000,
                        acceptedMediaTypes: undefined,
                    },
                ],
            ],
        );
    });

    it("ends with status 1 and one sentence where a finding is too severe, also on a later page", async () => {
        const scripts: Record<string, Script> = {
            DescribeImageScanFindings: ({ nextToken }) =>
                nextToken === "2" ? answers.basicScan : { ...answers.basicClean, nextToken: "2" },
        };
        const { status, stdout, stderr } = await run(scripts);
        assert.equal(status, 1);
        assert.equal(
            stderr,
            `${image} is refused: a finding of HIGH or above: CVE-2026-0001; update what has a fix, or put the id into the allow list with a reason and a last day.\n`,
        );
        assert.match(stdout, /^CRITICAL {3}CVE-2026-0001 {2}openssl {2}3\.0\.1 {4}- {9}no$/m);
        assert.ok(stdout.endsWith(`${image} does not pass HIGH.\n`), stdout);
    });

    it("waits for the scan that a push has started", async () => {
        const states = [
            new Refusal("ScanNotFoundException", "No scan."),
            answers.inProgress,
            answers.enhancedContinuous,
        ];
        const { status, stdout, stderr } = await run({ DescribeImageScanFindings: (_input, count) => states[count] });
        assert.deepEqual([status, stderr], [0, ""]);
        assert.ok(stdout.endsWith(`${image} passes HIGH; findings: 1, allowed: 0.\n`), stdout);
    });

    const refused: [what: string, scripts: Record<string, Script>, sentence: string][] = [
        [
            "nothing has scanned the image",
            { DescribeImageScanFindings: () => new Refusal("ScanNotFoundException", "No scan.") },
            `${image} is refused: ECR has no scan of it, after 1 s; let the repository scan on push, or start a scan.`,
        ],
        [
            "the scan does not end",
            { DescribeImageScanFindings: () => answers.pending },
            `${image} is refused: its scan is PENDING, after 1 s; run the gate again later, or raise SCAN_DEADLINE.`,
        ],
        [
            "the image does not exist",
            {
                BatchGetImage: () => ({
                    images: [],
                    failures: [{ imageId: { imageDigest: scannedDigest }, failureCode: "ImageNotFound" }],
                }),
            },
            `${image} does not exist in the repository; build it first.`,
        ],
        [
            "the role may not read findings",
            { DescribeImageScanFindings: () => new Refusal("AccessDeniedException", "User: gate is not authorized.") },
            "ecr:DescribeImageScanFindings failed: User: gate is not authorized.",
        ],
    ];
    for (const [what, scripts, sentence] of refused) {
        it(`ends with status 1 and one sentence where ${what}`, async () => {
            const { status, stderr } = await run(scripts, { SCAN_DEADLINE: "1" });
            assert.deepEqual([status, stderr], [1, `${sentence}\n`]);
        });
    }

    it("judges each platform of an index, and asks nothing about the index and its attestations", async () => {
        const [amd64, arm64, attestation] = ["a", "b", "c"].map((digit) => `sha256:${digit.repeat(64)}`);
        const index = JSON.stringify({
            manifests: [
                { digest: amd64, platform: { architecture: "amd64", os: "linux" } },
                { digest: arm64, platform: { architecture: "arm64", os: "linux" } },
                { digest: attestation, platform: { architecture: "unknown", os: "unknown" } },
            ],
        });
        const { status, stdout, stderr } = await run({
            BatchGetImage: lookup(index, "application/vnd.oci.image.index.v1+json"),
            DescribeImageScanFindings: ({ imageId }) =>
                (imageId as { imageDigest: string }).imageDigest === amd64 ? answers.basicClean : answers.failed,
        });
        assert.equal(status, 1);
        assert.deepEqual(stdout.trimEnd().split("\n").sort(), [
            `shop/api@${amd64} passes HIGH; findings: 0, allowed: 0.`,
            `shop/api@${arm64} does not pass HIGH.`,
        ]);
        assert.match(stderr, new RegExp(`^shop/api@${arm64} is refused: its scan failed; [^\\n]*\\n$`));
        const asked = tools.aws.inputsOf("DescribeImageScanFindings");
        assert.deepEqual(asked.map(({ imageId }) => (imageId as { imageDigest: string }).imageDigest).sort(), [
            amd64,
            arm64,
        ]);
    });

    it("refuses an index of attestations alone", async () => {
        const index = JSON.stringify({ manifests: [{ digest: scannedDigest, platform: { os: "unknown" } }] });
        const BatchGetImage = lookup(index, "application/vnd.docker.distribution.manifest.list.v2+json");
        const { status, stderr } = await run({ BatchGetImage });
        assert.deepEqual([status, stderr], [1, `The index ${scannedDigest} names no image that ECR could scan.\n`]);
    });

    it("says what is wrong with a variable before it asks anything", async () => {
        const { status, stderr } = await run({}, { SCAN_ALLOW_LIST: path.join(tools.path, "none.json") });
        assert.equal(status, 1);
        assert.match(stderr, /^The variable SCAN_ALLOW_LIST is ".*none\.json"; allowed: a file .*\n$/);
        assert.deepEqual(tools.aws.calls, []);
    });
});
