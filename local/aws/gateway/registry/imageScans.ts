import type { FindingSeverity } from "@aws-sdk/client-ecr";
import { z } from "zod";

const severities = [
    "INFORMATIONAL",
    "LOW",
    "MEDIUM",
    "HIGH",
    "CRITICAL",
    "UNDEFINED",
] as const satisfies FindingSeverity[];

/** Findings that the scan of an image has, in the form of a basic scan. */
const imageScan = z.strictObject({
    /** Repository of the image. */
    repository: z.string(),
    /** Digest of the image. @default - every image of the repository without a scan of its own */
    digest: z
        .string()
        .regex(/^sha256:[0-9a-f]{64}$/)
        .optional(),
    findings: z.array(
        z.strictObject({
            /** Name of the vulnerability, such as `CVE-2026-1234`. */
            name: z.string(),
            severity: z.enum(severities),
            /** Attributes such as `package_name` and `package_version`. @default - none */
            attributes: z.array(z.strictObject({ key: z.string(), value: z.string() })).default([]),
        }),
    ),
});

/** Scan as the administrator writes it, with defaults left out. */
export type ImageScan = z.input<typeof imageScan>;

/** Finding of an image. */
export type ImageFinding = z.output<typeof imageScan>["findings"][number];

/** Results of scans. Nothing is scanned here: the administrator sets the findings. */
export class ImageScans {
    private list: z.output<typeof imageScan>[] = [];

    /**
     * Replaces the findings of all images; those that the list does not name have none.
     *
     * @throws Error naming the fields that are unknown or have a wrong value
     */
    set(scans: unknown): ImageScan[] {
        const result = z.array(imageScan).safeParse(scans);
        if (!result.success) throw new Error(z.prettifyError(result.error));
        return (this.list = result.data);
    }

    /** Finds the findings of an image. */
    findingsOf(repository: string, digest: string): ImageFinding[] {
        const scans = this.list.filter((scan) => scan.repository === repository);
        const own = scans.find((scan) => scan.digest === digest);
        return (own ?? scans.find((scan) => scan.digest === undefined))?.findings ?? [];
    }
}
