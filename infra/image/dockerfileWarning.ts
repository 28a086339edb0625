import { createRequire } from "node:module";
import * as pulumi from "@pulumi/pulumi";
import type * as doctor from "../doctor";

/** Loader of modules that only a preview needs: loading the doctor's files and its parser takes a large part of a program's start. */
const load = createRequire(__filename);

/**
 * Warns in a preview of the Dockerfile doctor's findings in an image's Dockerfile. An update does not warn, since it follows a preview.
 *
 * @param resource resource that the warning is shown at
 */
export function warnOfFindings(resource: pulumi.Resource, examination: doctor.Examination): void {
    const warning = pulumi.runtime.isDryRun() ? warningOf(examination) : undefined;
    if (warning !== undefined) void pulumi.log.warn(warning, resource);
}

/** Warns in a preview of causes that make pinned stages of little use. */
export function warnOfPinnedStage(resource: pulumi.Resource, warnings: string[]): void {
    if (!pulumi.runtime.isDryRun()) return;
    for (const warning of warnings) void pulumi.log.warn(warning, resource);
}

/** Summarizes the findings of the doctor. @returns undefined when there is nothing to say */
function warningOf(examination: doctor.Examination): string | undefined {
    const { DockerfileError, examineDockerfile, summarizeFindings } = load("../doctor") as typeof doctor;
    try {
        const findings = examineDockerfile(examination);
        return findings.length === 0 ? undefined : summarizeFindings(findings, examination);
    } catch (error) {
        // BuildKit decides whether an update fails because of the Dockerfile.
        if (error instanceof DockerfileError) return `${examination.dockerfile}: ${error.message}.`;
        throw error;
    }
}
