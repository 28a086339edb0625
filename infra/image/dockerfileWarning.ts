import { createRequire } from "node:module";
import * as pulumi from "@pulumi/pulumi";
import type * as doctor from "../doctor";

/** Loads what only a preview needs: the doctor's files and its parser take a good part of a program's start. */
const load = createRequire(__filename);

/**
 * Warns in a preview of what the Dockerfile doctor finds in an image's Dockerfile. An update warns of nothing: it comes after a
 * preview.
 *
 * @param resource what the warning is shown at
 */
export function warnOfFindings(resource: pulumi.Resource, examination: doctor.Examination): void {
    const warning = pulumi.runtime.isDryRun() ? warningOf(examination) : undefined;
    if (warning !== undefined) void pulumi.log.warn(warning, resource);
}

/** Warns in a preview of what makes pinned stages of little use. @param warning undefined when there is nothing to say */
export function warnOfPinnedStage(resource: pulumi.Resource, warning: string | undefined): void {
    if (warning !== undefined && pulumi.runtime.isDryRun()) void pulumi.log.warn(warning, resource);
}

/** @returns undefined when there is nothing to say */
function warningOf(examination: doctor.Examination): string | undefined {
    const { DockerfileError, examineDockerfile, summarizeFindings } = load("../doctor") as typeof doctor;
    try {
        const findings = examineDockerfile(examination);
        return findings.length === 0 ? undefined : summarizeFindings(findings, examination);
    } catch (error) {
        // Whether an update must fail because of the Dockerfile is for BuildKit to say.
        if (error instanceof DockerfileError) return `${examination.dockerfile}: ${error.message}.`;
        throw error;
    }
}
