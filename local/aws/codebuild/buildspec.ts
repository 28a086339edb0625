import { z } from "zod";

type CamelCase<Key> = Key extends `${infer Head}-${infer Tail}` ? `${Head}${Capitalize<CamelCase<Tail>>}` : Key;

/** Makes the schema of a mapping with these keys alone; its result has them in camel case. */
function mapping<Shape extends z.core.$ZodShape>(shape: Shape) {
    const error = ({ code }: { code?: string }) =>
        code === "unrecognized_keys" ? Object.keys(shape).join(", ") : undefined;
    return z.strictObject(shape, { error }).transform((value) => {
        const camelCase = (key: string) => key.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
        type Value = typeof value;
        return Object.fromEntries(Object.entries(value).map(([key, one]) => [camelCase(key), one])) as {
            [Key in keyof Value as CamelCase<Key>]: Value[Key];
        };
    });
}

/** Makes the schema of a text. @param allowed the allowed values in words, for the message */
const like = (pattern: RegExp, allowed: string) => z.string().regex(pattern, allowed);

/** Makes the schema of a key that cannot be used here. @param reason reason and remedy: the end of a sentence that begins with the key */
const refused = (reason: string) => z.never(reason).optional();

const text = z.string();
const list = z.array(text).default([]);
const texts = z.record(text, text).default({});
const isYes = (value: string) => value === "yes" || value === "true";
const yesOrNo = like(/^(yes|no|true|false)$/, "yes or no")
    .transform(isYes)
    .default(false);
const trueOrFalse = like(/^(true|false)$/, "true or false")
    .transform(isYes)
    .default(false);
const runAs = refused("is not supported: all commands run as the user that runs the build");

const phase = {
    "on-failure": z
        .enum(["ABORT", "CONTINUE"], "ABORT or CONTINUE (RETRY is not supported: start the build again)")
        .optional(),
    "run-as": runAs,
    /** Commands to run afterwards in any case. */
    finally: list,
};
/** Commands run in their order until one fails. */
const commands = mapping({ commands: z.array(text), ...phase }).optional();

const artifact = {
    /** Patterns below the base directory. */
    files: z.array(text),
    /** Name with shell expansions, used when the project asks for it. @default that of the project */
    name: text.optional(),
    /** Whether files lose their folders. */
    "discard-paths": yesOrNo,
    /** Folder below the source; may be a pattern. @default the source folder */
    "base-directory": text.optional(),
    "exclude-paths": list,
    /** Prefix of the keys in S3. @default none */
    "s3-prefix": text.optional(),
    "enable-symlinks": refused("is not supported: links are followed, as CodeBuild does without it"),
};

/**
 * Changes of a task to the project's environment.
 *
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/batch-build-buildspec.html
 */
const taskEnvironment = mapping({
    "compute-type": text.optional(),
    image: text.optional(),
    // The default is false, whatever the project says.
    "privileged-mode": trueOrFalse,
    type: text.optional(),
    variables: texts,
    fleet: refused("is not supported: there are no fleets offline"),
});

const task = mapping({
    /** Name of the task in the batch. */
    identifier: like(/^[A-Za-z0-9_]{1,128}$/, "1 to 128 letters, digits and underscores"),
    /** Path of the task's buildspec below the source. @default this buildspec */
    buildspec: text.optional(),
    "debug-session": refused("is not supported: there is no Session Manager offline"),
    /** Tasks that have to end first. */
    "depend-on": list,
    env: taskEnvironment.optional(),
    /** Whether the batch continues and may succeed when this task fails. */
    "ignore-failure": trueOrFalse,
});

const report = mapping({
    files: z.array(text),
    "file-format": like(/^JUNITXML$/i, "JUNITXML, the only report format that is supported").optional(),
    "base-directory": text.optional(),
    "discard-paths": yesOrNo,
});

const cache = mapping({
    /** Key with shell expansions. @default one copy for all, which each build overwrites */
    key: text.optional(),
    /** Prefixes of keys to look for, with shell expansions, when the key has no copy. */
    "fallback-keys": z.array(text).max(5).default([]),
    /** Half of the caching to do. @default both */
    action: z.enum(["restore", "save"], "restore or save; without it both happen").optional(),
    /** Patterns below the source, or absolute paths. */
    paths: z.array(text),
});

/**
 * Schema of a buildspec of version 0.2; the language has no other keys.
 * Source: CodeBuild user guide, "Build specification reference" and "Batch build buildspec reference".
 */
export const buildspecSchema = mapping({
    version: like(/^0\.2$/, "0.2 (0.1 runs each command in a shell of its own and is not supported)"),
    "run-as": runAs,
    env: mapping({
        shell: like(/^(bash|sh|\/bin\/sh)$/, "bash, sh or /bin/sh").optional(),
        variables: texts,
        /** Names of parameters, by variable. */
        "parameter-store": texts,
        /** References to secrets, by variable. */
        "secrets-manager": texts,
        /** Names of the variables that later stages read. */
        "exported-variables": list,
        "git-credential-helper": refused("is not supported: the source is a folder, not a remote repository"),
    }).prefault({}),
    proxy: refused("is not supported: there is no explicit proxy server offline"),
    phases: mapping({
        // An install phase may name runtimes only.
        install: mapping({ commands: list, ...phase, "runtime-versions": texts }).optional(),
        pre_build: commands,
        build: commands,
        post_build: commands,
    }),
    /** Reports by the name or ARN of their group. */
    reports: z.record(text, report).default({}),
    artifacts: mapping({
        ...artifact,
        "secondary-artifacts": z.record(text, mapping(artifact)).default({}),
    }).optional(),
    cache: cache.optional(),
    batch: mapping({
        "fast-fail": trueOrFalse,
        "build-graph": z.array(task).default([]),
        "build-list": refused("is not supported: write the tasks as a build-graph without depend-on"),
        "build-matrix": refused("is not supported: write its combinations as a build-graph"),
        "build-fanout": refused("is not supported: write its tasks as a build-graph"),
    }).optional(),
});

/** Buildspec of version 0.2. */
export type Buildspec = z.output<typeof buildspecSchema>;

/** Phase that a buildspec has commands for. */
export type BuildspecPhase = keyof Buildspec["phases"];

/** Commands of one phase. */
export type PhaseSpec = NonNullable<Buildspec["phases"]["build"]>;

/** Files that a build outputs. */
export type ArtifactSpec = NonNullable<Buildspec["artifacts"]>["secondaryArtifacts"][string];

/** Folders that builds pass to later builds. */
export type CacheSpec = z.output<typeof cache>;

/** Files with test results. */
export type ReportSpec = z.output<typeof report>;

/** Build of a batch. */
export type BatchTask = z.output<typeof task>;
