import { readFileSync } from "node:fs";
import { explainFindings } from "../../infra/doctor/describe";
import { DockerfileError } from "../../infra/plan/dockerfile/dockerfile";
import { examineDockerfile, type Examination, type Finding } from "../../infra/doctor/examine";
import { readWorld } from "../world/services";
import { ensureToolchain } from "../world/toolchain";
import { type BuildkitChecks, buildkitChecks } from "./buildkitChecks";
import { Fault, runCommandLine } from "./command";
import { parseDoctorOptions } from "./doctorOptions";

/**
 * Runs `npm run doctor -- <Dockerfile>`: lists faults that make later builds read or run more than necessary. BuildKit's own checks run too
 * while the offline world does.
 *
 * Exit code 0 without findings or with advice only, 1 with findings, 2 for a wrong command line or a file that is no Dockerfile.
 */
void runCommandLine(async (signal) => {
    const examination = parseDoctorOptions(process.argv.slice(2));
    const findings = examine(examination);
    const own =
        findings.length === 0
            ? "No findings."
            : explainFindings(findings, readFileSync(examination.dockerfile, "utf8"));
    console.log(`${examination.dockerfile}\n\n${own}\n`);

    const world = await readWorld().catch((error: Error) => error);
    if (world instanceof Error) {
        console.log(`BuildKit's own checks were not run. ${world.message}`);
        process.exitCode = hasFault(findings) ? 1 : 0;
        return;
    }
    const { dockerBuildx } = await ensureToolchain((line) => console.error(line), signal);
    const checks = await buildkitChecks(examination, world, dockerBuildx, signal);
    console.log(describeChecks(checks));
    process.exitCode = hasFault(findings) || checks.warnings.length > 0 ? 1 : 0;
});

function examine(examination: Examination): Finding[] {
    try {
        return examineDockerfile(examination);
    } catch (error) {
        if (!(error instanceof DockerfileError)) throw error;
        throw new Fault(`${examination.dockerfile}: ${error.message}.`, 2);
    }
}

/** Tells whether any finding is a fault: where the remedy has a price, a finding is advice. */
function hasFault(findings: Finding[]): boolean {
    return findings.some(({ rule }) => rule.hasPrice !== true);
}

function describeChecks({ warnings, failure }: BuildkitChecks): string {
    const lines = warnings.map(
        ({ ruleName, line, detail, url }) =>
            `line ${line}: ${ruleName}\n  ${detail}${url === undefined ? "" : `\n  ${url}`}`,
    );
    if (failure !== undefined) lines.push(`They stopped before the end: ${failure}`);
    return lines.length === 0
        ? "BuildKit's own checks found nothing."
        : ["BuildKit's own checks:", ...lines].join("\n\n");
}
