import assert from "node:assert/strict";
import { PutImageCommand } from "@aws-sdk/client-ecr";
import { PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { policyDocument } from "../../infra/aws/policyDocument";
import { reaches, type Severity } from "../../infra/buildTools/severity";
import { answer, answers, enhanced, type WireAnswer } from "../support/scanAnswers";
import { digestOf } from "../local/aws/gateway/registry/registryClient";
import { repositoryName, runWithLibrary } from "./deployWorld";
import { type EcsWorld, startEcsWorld } from "./ecsWorld";
import { Refusal } from "./scriptedAws";

describe("deploys with SCAN_LIMIT", function () {
    this.timeout(60_000);
    let world: EcsWorld;

    before(async () => {
        world = await startEcsWorld();
        assert.equal((await world.deployImage(world.imageUri(0))).code, 0);
    });
    after(() => world.stop());

    /** Lists the operations of all calls, sorted. */
    const calls = () => world.scripted.calls.map(({ operation }) => operation).sort();
    /** Calls that look and change nothing. */
    const looks = ["DescribeImageScanFindings", "DescribeImages", "GetParameterHistory"];
    const answering = (wire: WireAnswer | Refusal) => world.scripted.script({ DescribeImageScanFindings: () => wire });
    const counts = (findingSeverityCounts: object) =>
        answer("COMPLETE", "The scan was completed successfully.", { findings: [], findingSeverityCounts });
    const targets: Record<string, Record<string, string>> = {
        "ec2.sh": { DEPLOY_DOCUMENT: "shop", DEPLOY_TARGETS: "Key=tag:Deploy,Values=shop" },
        "ecs.sh": { ECS_CLUSTER: "shop", ECS_SERVICE: "shop", ECS_CONTAINER: "app", ECS_TASK_DEFINITION: "shop:1" },
        "lambda.sh": { LAMBDA_FUNCTION: "shop", LAMBDA_ALIAS: "live", LAMBDA_ARCHITECTURE: "x86_64" },
    };

    it("release an image below it after one question, about the digest", async () => {
        answering(answers.enhancedContinuous);
        const { code, stdout, stderr } = await world.deployImage(world.imageUri(1), { SCAN_LIMIT: "HIGH" });
        assert.deepEqual([code, stderr], [0, ""]);
        assert.ok(stdout.endsWith(`released: ${world.imageUri(1)}\n`), stdout);
        assert.deepEqual(world.scripted.inputsOf("DescribeImageScanFindings"), [
            { repositoryName, imageId: { imageDigest: world.digests[1] } },
        ]);
    });

    it("release an image whose scan has ended and lists nothing, without numbers", async () => {
        answering(answer("COMPLETE", undefined, { imageScanCompletedAt: 1785888000, findings: [] }));
        assert.equal((await world.deployImage(world.imageUri(1), { SCAN_LIMIT: "INFORMATIONAL" })).code, 0);
    });

    it("ask nothing about scans where it is not set", async () => {
        answering(answers.basicScan);
        for (const variables of [{}, { SCAN_LIMIT: "" }] as Record<string, string>[]) {
            assert.equal((await world.deployImage(world.imageUri(1), variables)).code, 0);
        }
        assert.deepEqual(world.scripted.inputsOf("DescribeImageScanFindings"), []);
    });

    it("let a rollback go to an image that scans refuse today", async () => {
        answering(answers.basicScan);
        const { code, stdout } = await world.rollBack({ SCAN_LIMIT: "HIGH" });
        assert.equal(code, 0);
        assert.ok(stdout.endsWith(`released: ${world.imageUri(0)}\n`), stdout);
        assert.deepEqual(world.scripted.inputsOf("DescribeImageScanFindings"), []);
    });

    for (const [script, variables] of Object.entries(targets)) {
        it(`refuse findings of the limit or above before ${script} changes anything`, async () => {
            answering(counts({ HIGH: 2, LOW: 7, CRITICAL: 1, MEDIUM: 0 }));
            const job = { ...world.credentials, ...variables, SCAN_LIMIT: "HIGH" };
            const { code, stderr } = await world.deploy(script, job, "--image", world.imageUri(1));
            assert.deepEqual(
                [code, stderr],
                [
                    1,
                    `error: ${world.imageUri(1)} has findings of SCAN_LIMIT=HIGH or above: 2 HIGH, 1 CRITICAL; deploy an image without them, ` +
                        "or accept them in the allow list of the build tools' command scan and deploy without SCAN_LIMIT. Nothing was changed.\n",
                ],
            );
            assert.deepEqual(calls(), looks);
        });
    }

    const state = (status: string, description: string) =>
        ` is ${status}${description === "" ? "" : ` (${description})`}, and SCAN_LIMIT=HIGH needs a complete one; let it end, or look at the image in ECR, and deploy again. Nothing was changed.`;
    const refused: [what: string, wire: WireAnswer | Refusal, sentence: (image: string) => string][] = [
        [
            "an image without a scan",
            new Refusal("ScanNotFoundException", "Image scan does not exist."),
            (image) =>
                `ECR has no scan of ${image}, which SCAN_LIMIT=HIGH needs; let the repository scan on push, or start a scan, and deploy again. Nothing was changed.`,
        ],
        [
            "an image that was deleted while it was asked about",
            new Refusal("ImageNotFoundException", "There is none."),
            (image) =>
                `ECR has no scan of ${image}, which SCAN_LIMIT=HIGH needs; let the repository scan on push, or start a scan, and deploy again. Nothing was changed.`,
        ],
        ...(
            [
                ["PENDING", answers.pending, "Pending start of the image scan."],
                ["IN_PROGRESS", answers.inProgress, ""],
                [
                    "FAILED",
                    answers.failed,
                    "UnsupportedImageError: The operating system and/or package manager are not supported.",
                ],
                ["UNSUPPORTED_IMAGE", answers.unsupportedImage, "Unsupported image."],
                ["SCAN_ELIGIBILITY_EXPIRED", answers.eligibilityExpired, "The scan eligibility expired."],
                ["FINDINGS_UNAVAILABLE", answers.findingsUnavailable, ""],
                ["LIMIT_EXCEEDED", answers.limitExceeded, ""],
                ["IMAGE_ARCHIVED", answers.archived, ""],
            ] as const
        ).map(
            ([status, wire, description]) =>
                [
                    `an image whose scan is ${status}`,
                    wire,
                    (image: string) => `the scan of ${image}${state(status, description)}`,
                ] as [string, WireAnswer, (image: string) => string],
        ),
        [
            "a scan that ECR calls complete before its findings are there",
            answers.completeTooSoon,
            (image) =>
                `the scan of ${image} is COMPLETE, and has no result yet; deploy again in a minute. Nothing was changed.`,
        ],
        [
            "a scan that lists findings and has no numbers of them",
            answer("ACTIVE", undefined, {
                imageScanCompletedAt: 1785888000,
                enhancedFindings: [enhanced("CVE-2026-0001", "CRITICAL", [])],
            }),
            (image) =>
                `the scan of ${image} is ACTIVE, and has no result yet; deploy again in a minute. Nothing was changed.`,
        ],
        [
            "an answer that is an error of ECR",
            new Refusal("InvalidParameterException", "It is wrong."),
            () =>
                "An error occurred (InvalidParameterException) when calling the DescribeImageScanFindings operation: It is wrong. ",
        ],
    ];
    for (const [what, wire, sentence] of refused) {
        it(`refuse ${what} in one sentence`, async () => {
            answering(wire);
            const { code, stderr } = await world.deployImage(world.imageUri(1), { SCAN_LIMIT: "HIGH" });
            assert.deepEqual([code, stderr], [1, `error: ${sentence(world.imageUri(1))}\n`]);
            assert.deepEqual(calls(), looks);
        });
    }

    it("name the permission that the declared deploy role lacks, and need this one alone", async () => {
        // GIVEN the declared role, without and with the statement of docs/security.md
        world.scripted.script();
        const deploy = () => world.deployImage(world.imageUri(1), { SCAN_LIMIT: "HIGH" });
        const without = await deploy();
        const RoleName = "deploy";
        const Resource = `arn:aws:ecr:${world.region}:000000000000:repository/${repositoryName}`;
        const PolicyDocument = policyDocument([
            { Sid: "ReadScans", Action: "ecr:DescribeImageScanFindings", Resource },
        ]);
        await world.admin.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "scan-limit", PolicyDocument }));
        const with_ = await deploy();
        // THEN only the second one gets past IAM, to the gateway, which has no scan of a repository that does not scan on push
        assert.equal(without.code, 1);
        assert.match(
            without.stderr,
            /^error: SCAN_LIMIT needs ecr:DescribeImageScanFindings on the repository; nothing was changed\. An error occurred \(AccessDeniedException\) [^\n]*\n$/,
        );
        assert.equal(with_.code, 1);
        assert.match(with_.stderr, /^error: ECR has no scan of \S+, which SCAN_LIMIT=HIGH needs; [^\n]*\n$/);
    });

    it("tell that an image does not exist as without it", async () => {
        const missing = `sha256:${"0".repeat(64)}`;
        answering(new Refusal("ImageNotFoundException", "There is none."));
        const { code, stderr } = await world.deployImage(missing, { SCAN_LIMIT: "HIGH" });
        const sentence = `${world.repositoryUrl}@${missing} does not exist in the repository; nothing was changed.`;
        assert.deepEqual([code, stderr], [1, `error: ${sentence}\n`]);
    });

    it("refuse an index, which ECR does not scan", async () => {
        const [mediaType, imageManifest] = [
            "application/vnd.oci.image.index.v1+json",
            JSON.stringify({
                schemaVersion: 2,
                mediaType: "application/vnd.oci.image.index.v1+json",
                manifests: [
                    { mediaType: "application/vnd.oci.image.manifest.v1+json", digest: world.digests[0], size: 1 },
                ],
            }),
        ];
        const put = { repositoryName, imageManifest, imageManifestMediaType: mediaType, imageTag: "src-index" };
        await world.admin.ecr.send(new PutImageCommand(put));
        answering(new Refusal("ScanNotFoundException", "Image scan does not exist."));
        const { code, stderr } = await world.deployImage(digestOf(imageManifest), { SCAN_LIMIT: "HIGH" });
        assert.deepEqual(
            [code, stderr],
            [
                1,
                `error: ${world.repositoryUrl}@${digestOf(imageManifest)} is an index, and ECR scans only the images of its platforms; ` +
                    "check them by the build tools' command scan, and deploy without SCAN_LIMIT. Nothing was changed.\n",
            ],
        );
    });

    it("refuse another word than a severity before they ask anything", async () => {
        world.scripted.script();
        const { code, stderr } = await world.deployImage(world.imageUri(1), { SCAN_LIMIT: "high" });
        const sentence = 'SCAN_LIMIT is "high"; allowed: INFORMATIONAL, LOW, MEDIUM, HIGH, CRITICAL.';
        assert.deepEqual([code, stderr, calls()], [1, `error: ${sentence}\n`, []]);
    });

    it("order severities as the build tools do", async () => {
        const limits: Severity[] = ["INFORMATIONAL", "LOW", "MEDIUM", "HIGH", "CRITICAL"];
        const all = [...limits, "UNDEFINED", "UNTRIAGED", "NEW"];
        const text = JSON.stringify(Object.fromEntries(all.map((severity) => [severity, 1])));
        const lines = limits.map((limit) => `SCAN_LIMIT=${limit}; severe_counts '${text}'; echo`).join("\n");
        const { stdout } = await runWithLibrary(
            `${lines}\nseverity=$(severe_counts '{}'); echo "[$severity]"`,
            world.environment,
        );
        assert.deepEqual(stdout.trimEnd().split("\n"), [
            ...limits.map((limit) =>
                all
                    .filter((severity) => reaches(severity, limit))
                    .map((severity) => `1 ${severity}`)
                    .join(", "),
            ),
            "[]",
        ]);
    });
});
