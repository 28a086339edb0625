/** Rule for one place in a buildspec. */
export type KeyRule =
    | {
          /** Form of the value. */
          form: "mapping" | "list" | "text";
          /** Pattern of allowed values, for the whole text. @default any text */
          pattern?: RegExp;
          /** Allowed values in words, for the message. @default the form */
          allowed?: string;
          /** Keys that a mapping must have. @default none */
          required?: string[];
          /** Limit of entries in a list. @default unlimited */
          most?: number;
      }
    | {
          /** Reason why the key cannot be used here, and the remedy: the end of a sentence that begins with the key. */
          refused: string;
      };

const mapping: KeyRule = { form: "mapping" };
const list: KeyRule = { form: "list" };
const text: KeyRule = { form: "text" };
const yesOrNo: KeyRule = { form: "text", pattern: /^(yes|no|true|false)$/, allowed: "yes or no" };

const runAs: KeyRule = { refused: "is not supported: all commands run as the user that runs the build" };

/** Phases that a buildspec has commands for, in the order in which they run. */
export const buildspecPhases = ["install", "pre_build", "build", "post_build"] as const;

/** Phase that a buildspec has commands for. */
export type BuildspecPhase = (typeof buildspecPhases)[number];

function phaseRules(phase: BuildspecPhase): Record<string, KeyRule> {
    const below = `phases.${phase}`;
    return {
        // An install phase may name runtimes only.
        [below]: phase === "install" ? mapping : { form: "mapping", required: ["commands"] },
        [`${below}.commands`]: list,
        [`${below}.commands[]`]: text,
        [`${below}.finally`]: list,
        [`${below}.finally[]`]: text,
        [`${below}.on-failure`]: {
            form: "text",
            pattern: /^(ABORT|CONTINUE)$/,
            allowed: "ABORT or CONTINUE (RETRY is not supported: start the build again)",
        },
        [`${below}.run-as`]: runAs,
    };
}

/** Makes the rules of keys that artifacts and secondary artifacts share. */
function artifactRules(below: string): Record<string, KeyRule> {
    return {
        [`${below}.files`]: list,
        [`${below}.files[]`]: text,
        [`${below}.name`]: text,
        [`${below}.discard-paths`]: yesOrNo,
        [`${below}.base-directory`]: text,
        [`${below}.exclude-paths`]: list,
        [`${below}.exclude-paths[]`]: text,
        [`${below}.s3-prefix`]: text,
        [`${below}.enable-symlinks`]: {
            refused: "is not supported: links are followed, as CodeBuild does without it",
        },
    };
}

/** Rules for the environment of a batch's task. */
const taskEnvironmentRules: Record<string, KeyRule> = {
    "batch.build-graph[].env": mapping,
    "batch.build-graph[].env.compute-type": text,
    "batch.build-graph[].env.image": text,
    "batch.build-graph[].env.privileged-mode": { form: "text", pattern: /^(true|false)$/, allowed: "true or false" },
    "batch.build-graph[].env.type": text,
    "batch.build-graph[].env.variables": mapping,
    "batch.build-graph[].env.variables.*": text,
    "batch.build-graph[].env.fleet": { refused: "is not supported: there are no fleets offline" },
};

/**
 * All keys of the buildspec language 0.2 by their place: `*` stands for a name of the author's choice, `[]` for an entry of a list. The
 * language has no other keys.
 * Source: CodeBuild user guide, "Build specification reference" and "Batch build buildspec reference".
 */
export const keyRules: Readonly<Record<string, KeyRule>> = {
    "": { form: "mapping", required: ["version", "phases"] },
    version: {
        form: "text",
        pattern: /^0\.2$/,
        allowed: "0.2 (0.1 runs each command in a shell of its own and is not supported)",
    },
    "run-as": runAs,
    env: mapping,
    "env.shell": { form: "text", pattern: /^(bash|sh|\/bin\/sh)$/, allowed: "bash, sh or /bin/sh" },
    "env.variables": mapping,
    "env.variables.*": text,
    "env.parameter-store": mapping,
    "env.parameter-store.*": text,
    "env.secrets-manager": mapping,
    "env.secrets-manager.*": text,
    "env.exported-variables": list,
    "env.exported-variables[]": text,
    "env.git-credential-helper": { refused: "is not supported: the source is a folder, not a remote repository" },
    proxy: { refused: "is not supported: there is no explicit proxy server offline" },
    phases: mapping,
    ...Object.fromEntries(buildspecPhases.flatMap((phase) => Object.entries(phaseRules(phase)))),
    "phases.install.runtime-versions": mapping,
    "phases.install.runtime-versions.*": text,
    reports: mapping,
    "reports.*": { form: "mapping", required: ["files"] },
    "reports.*.files": list,
    "reports.*.files[]": text,
    "reports.*.file-format": {
        form: "text",
        pattern: /^JUNITXML$/i,
        allowed: "JUNITXML, the only report format that is supported",
    },
    "reports.*.base-directory": text,
    "reports.*.discard-paths": yesOrNo,
    artifacts: { form: "mapping", required: ["files"] },
    ...artifactRules("artifacts"),
    "artifacts.secondary-artifacts": mapping,
    "artifacts.secondary-artifacts.*": { form: "mapping", required: ["files"] },
    ...artifactRules("artifacts.secondary-artifacts.*"),
    cache: { form: "mapping", required: ["paths"] },
    "cache.key": text,
    "cache.fallback-keys": { form: "list", most: 5 },
    "cache.fallback-keys[]": text,
    "cache.action": { form: "text", pattern: /^(restore|save)$/, allowed: "restore or save; without it both happen" },
    "cache.paths": list,
    "cache.paths[]": text,
    batch: mapping,
    "batch.fast-fail": { form: "text", pattern: /^(true|false)$/, allowed: "true or false" },
    "batch.build-graph": list,
    "batch.build-graph[]": { form: "mapping", required: ["identifier"] },
    "batch.build-graph[].identifier": {
        form: "text",
        pattern: /^[A-Za-z0-9_]{1,128}$/,
        allowed: "1 to 128 letters, digits and underscores",
    },
    "batch.build-graph[].buildspec": text,
    "batch.build-graph[].debug-session": { refused: "is not supported: there is no Session Manager offline" },
    "batch.build-graph[].depend-on": list,
    "batch.build-graph[].depend-on[]": text,
    ...taskEnvironmentRules,
    "batch.build-graph[].ignore-failure": { form: "text", pattern: /^(true|false)$/, allowed: "true or false" },
    "batch.build-list": { refused: "is not supported: write the tasks as a build-graph without depend-on" },
    "batch.build-matrix": { refused: "is not supported: write its combinations as a build-graph" },
    "batch.build-fanout": { refused: "is not supported: write its tasks as a build-graph" },
};
