import * as fs from "node:fs";
import * as path from "node:path";
import { ignoreFile, ignorePatterns } from "../plan/buildContext";
import { ignoreVerdict } from "../plan/ignorePatterns";
import { Build, type ContextFiles } from "./build";
import { DockerfileError } from "../plan/dockerfile/dockerfile";
import { parseDockerfile } from "../plan/dockerfile/parseDockerfile";
import type { Rule } from "./rule";
import { rules } from "./rules";

/** Input of an examination. */
export interface Examination {
    /** Absolute path of the Dockerfile. */
    dockerfile: string;
    /** Absolute path of the build context. */
    context: string;
    /** Stage to build; stages that it does not need are skipped. @default - the last one */
    target?: string;
    /** Build arguments that may occur in a FROM. @default - the defaults in the Dockerfile */
    buildArgs?: Record<string, string>;
    /** Names of pinned stages whose packages are layers of their own. @default - none, or not known */
    layeredStages?: string[];
}

/** Line of a Dockerfile that breaks a rule. */
export interface Finding {
    rule: Rule;
    /** Number of the line; the first line is 1. */
    line: number;
}

/**
 * Examines a Dockerfile without building it.
 *
 * @returns findings in the order of their lines
 * @throws DockerfileError when there is no such file or context, or when BuildKit would refuse the file
 */
export function examineDockerfile({ dockerfile, context, ...settings }: Examination): Finding[] {
    const kind = fs.statSync(dockerfile, { throwIfNoEntry: false });
    if (kind === undefined) throw new DockerfileError("there is no such file");
    if (kind.isDirectory()) throw new DockerfileError("it is a folder; name the file in it");
    if (!isDirectory(context)) throw new DockerfileError(`its context ${context} is no folder`);
    const text = fs.readFileSync(dockerfile, "utf8");
    return examineText(text, contextFiles(context, dockerfile), settings);
}

/** Examines the text of a Dockerfile like examineDockerfile(). */
export function examineText(
    text: string,
    files: ContextFiles,
    { target, buildArgs, layeredStages }: Omit<Examination, "dockerfile" | "context">,
): Finding[] {
    const build = new Build(parseDockerfile(text, buildArgs), files, target, layeredStages);
    return rules.flatMap((rule) => rule.find(build).map((line) => ({ rule, line }))).sort((a, b) => a.line - b.line);
}

function contextFiles(context: string, dockerfile: string): ContextFiles {
    return {
        isDirectory: (source) => isDirectory(path.join(context, source)),
        hasIgnoreFile: ignoreFile(context, dockerfile) !== undefined,
        sendsGit:
            fs.existsSync(path.join(context, ".git")) &&
            !ignoreVerdict(ignorePatterns(context, dockerfile), ".git").isIgnored,
    };
}

function isDirectory(location: string): boolean {
    return fs.statSync(location, { throwIfNoEntry: false })?.isDirectory() === true;
}
