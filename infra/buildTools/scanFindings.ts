import type {
    DescribeImageScanFindingsCommandOutput,
    EnhancedImageScanFinding,
    ImageScanFinding,
    VulnerablePackage,
} from "@aws-sdk/client-ecr";

/** Part of ECR's answer to DescribeImageScanFindings that the gate needs: one page. */
export type ScanAnswer = Pick<DescribeImageScanFindingsCommandOutput, "imageScanStatus" | "imageScanFindings">;

/** Package that a finding is about. */
export interface FoundPackage {
    name: string;
    version: string;
    /** Version without the vulnerability. @default - none, or ECR does not tell, as in basic scans */
    fixedIn?: string;
}

/** Vulnerability that a scan found in an image. */
export interface Finding {
    /** Name of the vulnerability: `CVE-2026-1234`. */
    id: string;
    /** Severity, in AWS's word; empty where AWS gave none. */
    severity: string;
    packages: FoundPackage[];
}

/**
 * Lists the findings of a scan, of basic (`findings`) and enhanced scans (`enhancedFindings`). Findings that Inspector has closed are left
 * out. Suppressed ones count: only the allow list names a reason and a last day.
 *
 * @param pages all pages of the answer
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageScanFindings.html
 */
export function findingsOf(pages: ScanAnswer[]): Finding[] {
    const all = pages.map(({ imageScanFindings }) => imageScanFindings ?? {});
    const open = all
        .flatMap(({ enhancedFindings = [] }) => enhancedFindings)
        .filter(({ status }) => status !== "CLOSED");
    return [...all.flatMap(({ findings = [] }) => findings).map(basicFinding), ...open.map(enhancedFinding)];
}

function basicFinding({ name, severity, attributes = [] }: ImageScanFinding): Finding {
    const attribute = (key: string) => attributes.find((one) => one.key === key)?.value ?? "";
    return {
        id: name ?? "unnamed",
        severity: severity ?? "",
        packages: [{ name: attribute("package_name"), version: attribute("package_version") }],
    };
}

function enhancedFinding(finding: EnhancedImageScanFinding): Finding {
    const { vulnerabilityId, vulnerablePackages = [] } = finding.packageVulnerabilityDetails ?? {};
    return {
        id: vulnerabilityId ?? finding.title ?? finding.findingArn ?? "unnamed",
        severity: finding.severity ?? "",
        packages: vulnerablePackages.map(foundPackage),
    };
}

/** Renders a version as package managers do, `epoch:version-release`. */
function foundPackage({
    name = "",
    epoch = 0,
    version = "",
    release,
    fixedInVersion,
}: VulnerablePackage): FoundPackage {
    return {
        name,
        version: `${epoch > 0 ? `${epoch}:` : ""}${version}${release ? `-${release}` : ""}`,
        ...(fixedInVersion !== undefined && fixedInVersion !== "NotAvailable" && { fixedIn: fixedInVersion }),
    };
}
