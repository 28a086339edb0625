import type { BuildspecPhase } from "./buildspecKeys";

/** Commands of one phase. */
export interface PhaseSpec {
    /** Run in this order until one fails. */
    commands: string[];
    /** Run afterwards in any case. */
    finally: string[];
    /** What a failure of the phase means for the build. @default the usual transition, see phases.ts */
    onFailure?: "ABORT" | "CONTINUE";
}

/** Files that a build hands out. */
export interface ArtifactSpec {
    /** Patterns below the base directory. */
    files: string[];
    /** Patterns of files that are left out. */
    excludePaths: string[];
    /** Folder below the source; may be a pattern. @default the source folder */
    baseDirectory?: string;
    /** Whether files lose their folders. */
    discardPaths: boolean;
    /** Name with shell expansions; used when the project says so. @default that of the project */
    name?: string;
    /** Prefix of the keys in S3. @default none */
    s3Prefix?: string;
}

/** Folders that builds hand to later builds. */
export interface CacheSpec {
    /** Patterns below the source, or absolute paths. */
    paths: string[];
    /** Key with shell expansions. @default one copy for all, which each build overwrites */
    key?: string;
    /** Beginnings of keys to look for when the key has no copy, with shell expansions. */
    fallbackKeys: string[];
    /** Which half is done. @default both */
    action?: "restore" | "save";
}

/** Files with test results. */
export interface ReportSpec {
    /** Patterns below the base directory. */
    files: string[];
    /** Folder below the source. @default the source folder */
    baseDirectory?: string;
}

/** One build of a batch. */
export interface BatchTask {
    /** Its name in the batch. */
    identifier: string;
    /** Tasks that have to end before. */
    dependOn: string[];
    /** Whether the batch goes on and may succeed when this one fails. */
    ignoreFailure: boolean;
    /** Buildspec of the task: a path below the source. @default this buildspec */
    buildspec?: string;
    /**
     * What the task changes of the project's environment, with the names of the buildspec.
     *
     * @see https://docs.aws.amazon.com/codebuild/latest/userguide/batch-build-buildspec.html
     */
    environment: { computeType?: string; image?: string; type?: string; privilegedMode?: boolean };
    /** Variables of the task. */
    variables: Record<string, string>;
}

/** A buildspec of version 0.2. */
export interface Buildspec {
    shell: "bash" | "sh";
    /** Variables with their values. */
    variables: Record<string, string>;
    /** Variables with names of parameters. */
    parameterStore: Record<string, string>;
    /** Variables with references to secrets. */
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
