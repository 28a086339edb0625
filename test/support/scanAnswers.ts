import type { ScanAnswer } from "../../infra/buildTools/scanFindings";

/** Answer of DescribeImageScanFindings as it comes over the wire, with times as numbers of seconds. */
export type WireAnswer = Record<string, unknown>;

/** Digest of the image that the answers are about. */
export const scannedDigest = `sha256:${"5".repeat(64)}`;

const image = { registryId: "123456789012", repositoryName: "shop/api", imageId: { imageDigest: scannedDigest } };
const times = { imageScanCompletedAt: 1785888000.5, vulnerabilitySourceUpdatedAt: 1785844800 };

/** Makes an answer in a state, with or without findings. */
export const answer = (status: string, description?: string, imageScanFindings?: object): WireAnswer => ({
    ...image,
    imageScanStatus: { status, ...(description !== undefined && { description }) },
    ...(imageScanFindings !== undefined && { imageScanFindings }),
});

/** Makes a finding of a basic scan. */
export const basic = (name: string, severity: string, packageName: string, version: string) => ({
    name,
    description: `A flaw of ${packageName}.`,
    uri: `https://security-tracker.debian.org/tracker/${name}`,
    severity,
    attributes: [
        { key: "package_version", value: version },
        { key: "package_name", value: packageName },
        { key: "CVSS3_SCORE", value: "7.5" },
    ],
});

/** Makes a finding of an enhanced scan. */
export const enhanced = (vulnerabilityId: string, severity: string, packages: object[], change: object = {}) => ({
    awsAccountId: "123456789012",
    description: "A flaw.",
    findingArn: `arn:aws:inspector2:eu-central-1:123456789012:finding/${"0".repeat(32)}`,
    firstObservedAt: 1785888000,
    lastObservedAt: 1785888000,
    updatedAt: 1785888000,
    packageVulnerabilityDetails: {
        cvss: [
            {
                baseScore: 7.5,
                scoringVector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H",
                source: "NVD",
                version: "3.1",
            },
        ],
        referenceUrls: [],
        relatedVulnerabilities: [],
        source: "DEBIAN_CVE",
        sourceUrl: `https://security-tracker.debian.org/tracker/${vulnerabilityId}`,
        vendorSeverity: "not yet assigned",
        vulnerabilityId,
        vulnerablePackages: packages,
    },
    remediation: { recommendation: { text: "None Provided" } },
    resources: [
        {
            details: {
                awsEcrContainerImage: {
                    architecture: "amd64",
                    imageHash: scannedDigest,
                    imageTags: [],
                    platform: "DEBIAN_12",
                    registry: "123456789012",
                    repositoryName: "shop/api",
                },
            },
            id: `arn:aws:ecr:eu-central-1:123456789012:repository/shop/api/${scannedDigest}`,
            tags: {},
            type: "AWS_ECR_CONTAINER_IMAGE",
        },
    ],
    score: 7.5,
    severity,
    status: "ACTIVE",
    title: `${vulnerabilityId} - package`,
    type: "PACKAGE_VULNERABILITY",
    fixAvailable: "NO",
    exploitAvailable: "NO",
    ...change,
});

/** Makes a package of an enhanced finding. */
export const vulnerable = (name: string, version: string, fixedInVersion: string, change: object = {}) => ({
    arch: "AMD64",
    epoch: 0,
    name,
    packageManager: "OS",
    release: "1",
    sourceLayerHash: `sha256:${"6".repeat(64)}`,
    version,
    fixedInVersion,
    ...change,
});

/** Answers by what they show. */
export const answers = {
    /** Basic scan that found something of three severities. */
    basicScan: answer("COMPLETE", "The scan was completed successfully.", {
        ...times,
        findings: [
            basic("CVE-2026-0003", "LOW", "zlib", "1.3"),
            basic("CVE-2026-0001", "CRITICAL", "openssl", "3.0.1"),
            basic("CVE-2026-0002", "UNDEFINED", "perl", "5.36"),
        ],
        findingSeverityCounts: { CRITICAL: 1, LOW: 1, UNDEFINED: 1 },
    }),
    /** Basic scan that found nothing. */
    basicClean: answer("COMPLETE", "The scan was completed successfully.", {
        ...times,
        findings: [],
        findingSeverityCounts: {},
    }),
    /** Enhanced scan on push. It has no time. */
    enhancedScan: answer("COMPLETE", "The scan was completed successfully.", {
        enhancedFindings: [
            enhanced("CVE-2026-0012", "UNTRIAGED", [vulnerable("krb5", "1.20.1", "NotAvailable")]),
            enhanced("CVE-2026-0011", "HIGH", [
                vulnerable("curl", "7.88.1", "1:7.88.1-2", { epoch: 1 }),
                vulnerable("lodash", "4.17.20", "4.17.21", {
                    epoch: undefined,
                    release: undefined,
                    packageManager: "NPM",
                }),
            ]),
        ],
        findingSeverityCounts: { HIGH: 1, UNTRIAGED: 1 },
    }),
    /** Continuous enhanced scan. */
    enhancedContinuous: answer("ACTIVE", "Continuous scan is selected for image.", {
        ...times,
        enhancedFindings: [enhanced("CVE-2026-0021", "MEDIUM", [vulnerable("bash", "5.2", "5.2.1")])],
        findingSeverityCounts: { MEDIUM: 1 },
    }),
    /** Enhanced scan on push whose findings are not there yet, as reported in https://github.com/aws/aws-sdk/issues/289. */
    completeTooSoon: answer("COMPLETE", "The scan was completed successfully.", { findings: [] }),
    pending: answer("PENDING", "Pending start of the image scan.", { findings: [], enhancedFindings: [] }),
    inProgress: answer("IN_PROGRESS"),
    failed: answer("FAILED", "UnsupportedImageError: The operating system and/or package manager are not supported."),
    unsupportedImage: answer("UNSUPPORTED_IMAGE", "Unsupported image."),
    eligibilityExpired: answer("SCAN_ELIGIBILITY_EXPIRED", "The scan eligibility expired.", {
        ...times,
        enhancedFindings: [],
        findingSeverityCounts: {},
    }),
    findingsUnavailable: answer("FINDINGS_UNAVAILABLE"),
    limitExceeded: answer("LIMIT_EXCEEDED"),
    archived: answer("IMAGE_ARCHIVED"),
};

/** Reads answers as AWS's SDK hands them over; the gate reads no time but whether there is one. */
export const pagesOf = (...wire: WireAnswer[]) => wire as unknown as ScanAnswer[];
