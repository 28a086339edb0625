import type { BuildspecPhase } from "./buildspecKeys";

/** Commands of one phase. */
export interface PhaseSpec {
    /** Commands to run in this order until one fails. */
    commands: string[];
    /** Commands to run afterwards in any case. */
    finally: string[];
    /** Consequence of a failure in the phase. @default the usual transition, see phases.ts */
    onFailure?: "ABORT" | "CONTINUE";
}

/** Files that a build outputs. */
export interface ArtifactSpec {
    /** Patterns below the base directory. */
    files: string[];
    /** Patterns of files that are left out. */
    excludePaths: string[];
    /** Folder below the source; may be a pattern. @default the source folder */
    baseDirectory?: string;
    /** Whether files lose their folders. */
    discardPaths: boolean;
    /** Name with shell expansions, used when the project asks for it. @default that of the project */
    name?: string;
    /** Prefix of the keys in S3. @default none */
    s3Prefix?: string;
}

/** Folders that builds pass to later builds. */
export interface CacheSpec {
    /** Patterns below the source, or absolute paths. */
    paths: string[];
    /** Key with shell expansions. @default one copy for all, which each build overwrites */
    key?: string;
    /** Prefixes of keys to look for, with shell expansions, when the key has no copy. */
    fallbackKeys: string[];
    /** Half of the caching to do. @default both */
    action?: "restore" | "save";
}

/** Files with test results. */
export interface ReportSpec {
    /** Patterns below the base directory. */
    files: string[];
    /** Folder below the source. @default the source folder */
    baseDirectory?: string;
}

/** Build of a batch. */
export interface BatchTask {
    /** Name of the task in the batch. */
    identifier: string;
    /** Tasks that have to end first. */
    dependOn: string[];
    /** Whether the batch continues and may succeed when this task fails. */
    ignoreFailure: boolean;
    /** Buildspec of the task: a path below the source. @default this buildspec */
    buildspec?: string;
    /**
     * Changes of the task to the project's environment, with the names of the buildspec.
     *
     * @see https://docs.aws.amazon.com/codebuild/latest/userguide/batch-build-buildspec.html
     */
    environment: { computeType?: string; image?: string; type?: string; privilegedMode?: boolean };
    /** Variables of the task. */
    variables: Record<string, string>;
}

/** Buildspec of version 0.2. */
export interface Buildspec {
    shell: "bash" | "sh";
    /** Values of variables, by name. */
    variables: Record<string, string>;
    /** Names of parameters, by variable. */
    parameterStore: Record<string, string>;
    /** References to secrets, by variable. */
    secretsManager: Record<string, string>;
    /** Names of the variables that later stages read. */
    exportedVariables: string[];
    /** Runtimes that the install phase asks for, with their versions. */
    runtimeVersions: Record<string, string>;
    phases: Partial<Record<BuildspecPhase, PhaseSpec>>;
    /** Reports by the name or ARN of their group. */
    reports: Record<string, ReportSpec>;
    artifacts?: ArtifactSpec;
    /** Secondary artifacts by their identifier. */
    secondaryArtifacts: Record<string, ArtifactSpec>;
    cache?: CacheSpec;
    batch?: { fastFail: boolean; tasks: BatchTask[] };
}
