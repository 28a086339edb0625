import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { z } from "zod";
import { BuildspecError, parseBuildspec } from "../../../../local/aws/codebuild/parseBuildspec";
import { buildspecSchema } from "../../../../local/aws/codebuild/buildspec";
import { projectRoot } from "../../../../local/paths";

const minimal = "version: 0.2\nphases:\n  build:\n    commands: [make]\n";

/** Keys of the buildspec language by their place: `*` stands for a name of the author's choice, `[]` for an entry of a list. */
const keys = new Map(keysOf(buildspecSchema, ""));

describe("codebuild: buildspec", () => {
    it("takes every value out of a buildspec that uses all supported keys", () => {
        const parsed = parseBuildspec(`
version: 0.2
env:
  shell: bash
  variables: { RELEASE: 1.10, EMPTY: "" }
  parameter-store: { TAG: /app/tag }
  secrets-manager: { PASSWORD: "db:password:AWSPREVIOUS" }
  exported-variables: [DIGEST]
phases:
  install:
    runtime-versions: { nodejs: 20 }
    on-failure: CONTINUE
    commands: [npm ci]
  build:
    commands:
      - |
        first
        second
    finally: ["echo done: 1"]
reports:
  unit: { files: ["**/*.xml"], file-format: JunitXml, base-directory: reports, discard-paths: yes }
artifacts:
  files: ["dist/**/*"]
  exclude-paths: ["**/*.map"]
  base-directory: out
  discard-paths: yes
  name: app-$VERSION
  s3-prefix: releases
  secondary-artifacts:
    docs: { files: [README.md] }
cache: { key: "k-$X", fallback-keys: [k-], action: save, paths: [node_modules/**/*] }
batch:
  fast-fail: true
  build-graph:
    - identifier: amd64
      env: { type: LINUX_CONTAINER, compute-type: BUILD_GENERAL1_SMALL, image: i, privileged-mode: true, variables: { A: 1 } }
    - { identifier: index, depend-on: [amd64], buildspec: other.yml, ignore-failure: true }
    - { identifier: lint, env: { variables: {} } }
`);
        assert.deepEqual(parsed, {
            version: "0.2",
            env: {
                shell: "bash",
                variables: { RELEASE: "1.10", EMPTY: "" },
                parameterStore: { TAG: "/app/tag" },
                secretsManager: { PASSWORD: "db:password:AWSPREVIOUS" },
                exportedVariables: ["DIGEST"],
            },
            phases: {
                install: {
                    commands: ["npm ci"],
                    finally: [],
                    onFailure: "CONTINUE",
                    runtimeVersions: { nodejs: "20" },
                },
                build: { commands: ["first\nsecond\n"], finally: ["echo done: 1"] },
            },
            reports: {
                unit: { files: ["**/*.xml"], fileFormat: "JunitXml", baseDirectory: "reports", discardPaths: true },
            },
            artifacts: {
                files: ["dist/**/*"],
                excludePaths: ["**/*.map"],
                baseDirectory: "out",
                discardPaths: true,
                name: "app-$VERSION",
                s3Prefix: "releases",
                secondaryArtifacts: { docs: { files: ["README.md"], excludePaths: [], discardPaths: false } },
            },
            cache: { paths: ["node_modules/**/*"], key: "k-$X", fallbackKeys: ["k-"], action: "save" },
            batch: {
                fastFail: true,
                buildGraph: [
                    {
                        identifier: "amd64",
                        dependOn: [],
                        ignoreFailure: false,
                        env: {
                            computeType: "BUILD_GENERAL1_SMALL",
                            image: "i",
                            type: "LINUX_CONTAINER",
                            privilegedMode: true,
                            variables: { A: "1" },
                        },
                    },
                    { identifier: "index", dependOn: ["amd64"], ignoreFailure: true, buildspec: "other.yml" },
                    {
                        identifier: "lint",
                        dependOn: [],
                        ignoreFailure: false,
                        env: { privilegedMode: false, variables: {} },
                    },
                ],
            },
        });
    });

    const refusals: [what: string, source: string, message: RegExp][] = [
        ["no YAML", "a: b: c", /^The buildspec is not valid YAML: Nested mappings/],
        ["a text instead of a buildspec", "make", /^The buildspec is "make"; it must be a mapping\.$/],
        ["no version", "phases: {}", /^The buildspec has no version, which is required\.$/],
        ["version 0.1", "version: 0.1\nphases: {}", /^version is "0\.1"; allowed: 0\.2 \(0\.1 runs each command/],
        ["no phases", "version: 0.2", /^The buildspec has no phases, which is required\.$/],
        [
            "a wrong key",
            `${minimal}phase: {}`,
            /^phase is no key of the buildspec language; allowed here: version, .*phases/,
        ],
        [
            "a wrong key in a phase",
            "version: 0.2\nphases:\n  build:\n    comands: [make]",
            /^phases\.build has no commands, which is required\.$/,
        ],
        [
            "a wrong phase",
            "version: 0.2\nphases:\n  test:\n    commands: [make]",
            /^phases\.test is no key of the buildspec language; allowed here: install, pre_build, build, post_build\.$/,
        ],
        [
            "commands that are one text",
            "version: 0.2\nphases:\n  build:\n    commands: make",
            /^phases\.build\.commands is "make"; it must be a list\.$/,
        ],
        [
            "a command that YAML takes for a mapping",
            "version: 0.2\nphases:\n  build:\n    commands:\n      - echo a: b",
            /^phases\.build\.commands\[0\] is a mapping; it must be text \(quote a command that contains ": "\)\.$/,
        ],
        ["an empty phase", "version: 0.2\nphases:\n  build:\n", /^phases\.build is empty; it must be a mapping\.$/],
        [
            "another shell",
            `${minimal}env: { shell: powershell.exe }`,
            /^env\.shell is "powershell\.exe"; allowed: bash, sh or/,
        ],
        [
            "a reserved variable",
            `${minimal}env: { variables: { CODEBUILD_X: 1 } }`,
            /variable "CODEBUILD_X".*which is reserved\.$/,
        ],
        [
            "a variable that no shell can have",
            `${minimal}env: { variables: { a-b: 1 } }`,
            /variable "a-b"; names have letters/,
        ],
        [
            "a variable twice",
            `${minimal}env: { variables: { A: 1 }, parameter-store: { A: /a } }`,
            /^env defines A twice; keep one/,
        ],
        [
            "RETRY",
            "version: 0.2\nphases: { build: { commands: [make], on-failure: RETRY-2 } }",
            /^phases\.build\.on-failure is "RETRY-2"; allowed: ABORT or CONTINUE \(RETRY is not supported/,
        ],
        [
            "another report format",
            `${minimal}reports: { u: { files: [a], file-format: NUNITXML } }`,
            /JUNITXML, the only/,
        ],
        [
            "six fallback keys",
            `${minimal}cache: { paths: [a], key: k, fallback-keys: [1, 2, 3, 4, 5, 6] }`,
            /^cache\.fallback-keys has 6 entries; at most 5 are allowed\.$/,
        ],
        [
            "a task that waits for nothing there",
            `${minimal}batch: { build-graph: [{ identifier: a, depend-on: [b] }] }`,
            /task a depends on b, which is not there; there are a\.$/,
        ],
    ];
    for (const [what, source, message] of refusals) {
        it(`refuses ${what} in one line`, () => {
            assert.throws(
                () => parseBuildspec(source),
                (error: Error) => {
                    assert.ok(error instanceof BuildspecError);
                    assert.match(error.message, message);
                    assert.doesNotMatch(error.message, /\n/);
                    return true;
                },
            );
        });
    }

    for (const [pattern, schema] of keys) {
        if (!(schema instanceof z.ZodNever)) continue;
        it(`refuses ${pattern} and says why`, () => {
            const reason = schema.safeParse("x").error?.issues[0]?.message;
            assert.throws(
                () => parseBuildspec(withKey(pattern)),
                (error: Error) => {
                    assert.match(String(reason), /^is not supported: ./);
                    assert.ok(error.message.endsWith(` ${reason}.`), error.message);
                    return true;
                },
            );
        });
    }

    it("has every key in the table of the documentation", () => {
        const documentation = readFileSync(path.join(projectRoot, "docs/codebuild.md"), "utf8");
        assert.ok(keys.size > 60);
        const missing = [...keys.keys()].filter((pattern) => {
            // Entries of lists and names of the author's choice belong to the row of their parent.
            const row = pattern.replace(/\[\]$/, "").replace(/^phases\.\w+\./, "phases.<phase>.");
            return row !== "" && !documentation.includes(`\`${row.replaceAll("*", "<name>")}\``);
        });
        assert.deepEqual(missing, []);
    });
});

/** Makes a valid buildspec except for the key of a pattern. */
function withKey(pattern: string): string {
    let value: unknown = "x";
    for (const part of pattern.split(".").reverse()) {
        const name = part.replace("*", "name").replace("[]", "");
        const entry: unknown = part.endsWith("[]") ? [{ identifier: "a", ...(value as object) }] : value;
        value = { [name]: entry };
    }
    const root = value as Record<string, Record<string, unknown>>;
    const phases = Object.fromEntries(
        Object.entries(root.phases ?? {}).map(([phase, spec]) => [phase, { commands: ["a"], ...(spec as object) }]),
    );
    if (root.artifacts !== undefined) root.artifacts.files ??= ["a"];
    for (const one of Object.values(root.artifacts?.["secondary-artifacts"] ?? {}))
        (one as { files: string[] }).files = ["a"];
    return JSON.stringify({ ...root, version: "0.2", phases });
}

/** Lists a schema, under its place, and the schemas of all places in it. */
function keysOf(schema: z.core.$ZodType, place: string): [string, z.core.$ZodType][] {
    const join = (key: string) => (place === "" ? key : `${place}.${key}`);
    if (schema instanceof z.ZodPipe) return keysOf(schema.in, place);
    if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
        return keysOf(schema.unwrap(), place);
    }
    const below =
        schema instanceof z.ZodObject
            ? Object.entries(schema.shape).flatMap(([key, one]) => keysOf(one as z.core.$ZodType, join(key)))
            : schema instanceof z.ZodRecord
              ? keysOf(schema.valueType, join("*"))
              : schema instanceof z.ZodArray
                ? keysOf(schema.element, `${place}[]`)
                : [];
    return [[place, schema], ...below];
}
