import assert from "node:assert/strict";
import { DockerfileError } from "../../../../infra/plan/dockerfile/dockerfile";
import { parseDockerfile } from "../../../../infra/plan/dockerfile/parseDockerfile";

/** Lists the commands of all RUN steps. */
function commands(...lines: string[]): string[][] {
    const { stages } = parseDockerfile(lines.join("\n"));
    return stages.flatMap((stage) => stage.steps.flatMap((step) => (step.keyword === "RUN" ? step.commands : [])));
}

describe("a Dockerfile is read", () => {
    it("with its stages, steps and the lines that they begin on", () => {
        const text = [
            "# syntax=docker/dockerfile:1",
            "ARG TAG=3.12",
            "FROM --platform=$BUILDPLATFORM python:${TAG} AS Deps",
            "COPY --link --chown=1:1 \\",
            "  # why",
            '  ["a file", "b", "/c/"]',
            "ENV A=1 \\",
            '    B="x y"',
            "",
            "FROM deps",
            "WORKDIR /app",
            "RUN --mount=type=cache,target=/c --mount=from=Deps,src=/s,dst=/d true",
            "ADD --from=0 <<EOF x /y/",
            "FROM nothing",
            "EOF",
            "ONBUILD RUN pip install x",
            "HEALTHCHECK CMD x",
        ].join("\r\n");
        const base = {
            name: "deps",
            line: 3,
            baseImage: "python:3.12",
            steps: [
                {
                    keyword: "COPY",
                    line: 4,
                    from: undefined,
                    isLinked: true,
                    setsMode: false,
                    sources: ["a file", "b"],
                },
                {
                    keyword: "ENV",
                    line: 7,
                    variables: [
                        { name: "A", value: "1" },
                        { name: "B", value: "x y" },
                    ],
                },
            ],
        };
        const run = {
            keyword: "RUN",
            line: 12,
            mounts: [
                { type: "cache", target: "/c", from: undefined, source: "" },
                { type: "bind", target: "/d", from: "deps", source: "/s" },
            ],
            commands: [["true"]],
        };
        assert.deepEqual(parseDockerfile(text).stages, [
            base,
            {
                name: undefined,
                line: 10,
                baseStage: base,
                steps: [
                    { keyword: "WORKDIR", line: 11 },
                    run,
                    { keyword: "ADD", line: 13, from: "0", isLinked: false, setsMode: false, sources: ["x"] },
                ],
            },
        ]);
    });

    it("with another escape character, a byte order mark and lower-case instructions", () => {
        const text = "\uFEFF# escape=`\nfrom scratch\nrun a `\n  b\n";
        assert.deepEqual(parseDockerfile(text).stages[0]!.steps, [
            { keyword: "RUN", line: 3, mounts: [], commands: [["a", "b"]] },
        ]);
    });

    const scripts: Record<string, { run: string[]; commands: string[][] }> = {
        "operators, assignments and reserved words": {
            run: ["RUN set -e; A=1 /usr/bin/pip install x && if [ -f y ]; then sudo npm ci > /dev/null; fi"],
            commands: [
                ["set", "-e"],
                ["pip", "install", "x"],
                ["[", "-f", "y", "]"],
                ["npm", "ci", "/dev/null"],
                ["fi"],
            ],
        },
        "several lines with comments": {
            run: ["RUN apt-get update && \\", "  # tools", "  apt-get install gcc # last"],
            commands: [
                ["apt-get", "update"],
                ["apt-get", "install", "gcc"],
            ],
        },
        "JSON with a shell in it": {
            run: ['RUN ["/bin/sh", "-ec", "pip install \'a b\' | tee log"]'],
            commands: [
                ["pip", "install", "a b"],
                ["tee", "log"],
            ],
        },
        "a here-document": {
            run: ["RUN <<-E", "\tpip install x", "\tnpm ci", "E"],
            commands: [
                ["pip", "install", "x"],
                ["npm", "ci"],
            ],
        },
        "a here-document of a shell that is named": {
            run: ["RUN <<E", "#!/usr/bin/env bash", "npm ci", "E"],
            commands: [["npm", "ci"]],
        },
        "a here-document for another program": {
            run: ["RUN python3 <<E", "pip install x", "E"],
            commands: [["python3"]],
        },
        "a here-document of another language": {
            run: ["RUN <<E", "#!/usr/bin/env python3", "npm ci", "E"],
            commands: [],
        },
        "a variable over several lines, the first of which cannot be read alone": {
            run: ["RUN <<E", "npm ci ${A:-", "b}", "npm test", "E"],
            commands: [["b}"], ["npm", "test"]],
        },
        "variables and wildcards": { run: ["RUN rm -rf $A/* ${B}"], commands: [["rm", "-rf", "$A/*", "$B"]] },
    };
    for (const [title, { run, commands: expected }] of Object.entries(scripts)) {
        it(`with the commands of ${title}`, () => assert.deepEqual(commands("FROM scratch", ...run), expected));
    }

    const refusals: Record<string, [string, string]> = {
        "an empty file": ["", "it holds no instruction; a FROM is needed"],
        "only comments": ["# FROM scratch\n\n", "it holds no instruction; a FROM is needed"],
        "no FROM": ["ARG A\n", "it has no FROM"],
        "an instruction before FROM": [
            "ARG A\nRUN x\nFROM scratch",
            "line 2: RUN stands before the first FROM; only ARG may",
        ],
        "another kind of file": ["name: x\n", 'line 1: "NAME:" is no instruction of a Dockerfile'],
        "an instruction without arguments": ["FROM scratch\nCOPY", "line 2: COPY has no arguments"],
        "a here-document without an end": ["FROM scratch\nRUN <<EOF\nx", "line 2: the text after <<EOF has no end"],
    };
    for (const [title, [text, message]] of Object.entries(refusals)) {
        it(`unless it is ${title}`, () => {
            assert.throws(() => parseDockerfile(text), new DockerfileError(message));
        });
    }
});
