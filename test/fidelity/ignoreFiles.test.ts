import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import fc from "fast-check";
import { contextEntries } from "../../infra/plan/buildContext";
import { projectRoot } from "../../local/paths";
import { goEnvironment } from "../../local/world/toolchain/goCommand";
import { temporaryFolder, writeTree } from "../infra/temporaryFolder";

/** Number of ignore files that are compared. */
const count = 20_000;

/** Folders below tools/ of the modules whose clients send contexts. */
const modules = ["docker-build", "buildkit"];

/** Names that patterns of the pieces below match, or nearly match. */
const files = [
    ...["src/main.go", "src/.env", "src/lib/x.log", "src/lib/deep/x.log", "docs/a.md", "docs/api/a.md", "Docs/a.md"],
    ...[
        "!src",
        "#src",
        " src",
        "a",
        "aa",
        "a.b",
        "a+b/a",
        "a|b",
        "a(b)$",
        "{a,b}/a",
        "a{2}",
        "^a",
        "-",
        "]",
        "[a]",
        "a\\b",
    ],
    ...["a\nb/a", "a\rb", "a\u2028b/a", "a\u0085", "a\u00a0", "\ufeffa", "é", "e\u0301", "😀/a", "1", "d", "empty/"],
];

/** Parts of lines that compare well: wildcards, parts that cleaning removes, white space, and the names above. */
const common = [
    ...[
        "*",
        "**",
        "?",
        "/",
        "./",
        "../",
        "/**",
        "**/",
        "/*",
        "!",
        "!/",
        "#",
        "|",
        "^",
        "+",
        "(",
        ")",
        "$",
        ".",
        "{a,b}",
    ],
    ...["\\*", "\\[", "\\]", "\\!", "\\\\", "]", "[a-z]", "[^a]", "[!a]", "[\\]a]", "[^\\]]", "[a-d]", "[.|^]"],
    ...[" ", "\t", "\v", "\r", "\u0085", "\u00a0", "\u2028", "\u3000", "\u180e", "\u200b"],
    ...[
        "a",
        "b",
        "d",
        "é",
        "e\u0301",
        "😀",
        "src",
        "lib",
        "main.go",
        "x.log",
        "docs",
        "Docs",
        "api",
        "a.md",
        ".md",
        "env",
    ],
    ...files.map((name) => name.replace(/\/$/, "")).filter((name) => !/[\n\ufeff]|\{2\}|\\b/.test(name)),
];

/** Parts of lines that are refused, or that Go's regular expressions read differently. */
const rare = [
    "\\",
    "\\d",
    "\\A",
    "\\a",
    "\\é",
    "[",
    "[^",
    "[a-",
    "-",
    "[[:alpha:]]",
    "[a*]",
    "[?]",
    "[z-a]",
    "{2}",
    "\ufeff",
];

const piece = fc.oneof(
    { weight: 30, arbitrary: fc.constantFrom(...common) },
    { weight: 1, arbitrary: fc.constantFrom(...rare) },
);
const line = fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join(""));
const ignoreFile = fc
    .array(
        fc.oneof(
            line,
            line.map((text) => `!${text}`),
            fc.constantFrom("*", "**", "src", "docs", "a*"),
        ),
        { minLength: 1, maxLength: 4 },
    )
    .map((lines) => lines.join("\n"));

describe("ignore files", function () {
    this.timeout(600_000);

    const folder = temporaryFolder();

    // `pulumi up` sends contexts by the provider's client, CodeBuild by that of buildx; each has another version of the code that sends.
    it(`leave out of the content tag what the clients of ${modules.join(" and ")} leave out, in ${count} random cases`, () => {
        // GIVEN
        const context = writeTree(
            path.join(folder.path, "context"),
            Object.fromEntries(files.map((name) => [name, ""])),
        );
        const dockerfile = path.join(folder.path, "Dockerfile");
        const entries = contextEntries(context, dockerfile).map((entry) => entry.path);
        const seed = Math.floor(Math.random() * 2 ** 31);
        const ignoreFiles = fc.sample(ignoreFile, { numRuns: count, seed });
        // WHEN
        const answers = modules.map((module) => {
            const program = buildProgram(module, folder.path);
            return [module, sentByBuildKit(program, { context, entries, ignoreFiles })] as const;
        });
        const hashed = ignoreFiles.map((text) => hashedEntries(context, dockerfile, text, entries));
        // THEN
        for (const [module, sent] of answers) {
            assert.equal(sent.length, count);
            // A build that fails has no image, and an ignore file that is refused has no tag.
            const compared = sent.flatMap((one, number) =>
                one === "" || hashed[number] === undefined ? [] : [number],
            );
            for (const number of compared) {
                const what = `${module}, seed ${seed}: ${JSON.stringify(ignoreFiles[number])} of ${JSON.stringify(entries)}`;
                assert.equal(hashed[number], sent[number], what);
            }
            assert.ok(
                compared.length > count / 2,
                `only ${compared.length} ignore files of seed ${seed} could be compared with ${module}`,
            );
        }
    });
});

/** Renders the entries of a content tag as a text of 1 and 0. @returns undefined for an ignore file that is refused */
function hashedEntries(context: string, dockerfile: string, text: string, entries: string[]): string | undefined {
    fs.writeFileSync(`${dockerfile}.dockerignore`, text);
    try {
        const hashed = new Set(contextEntries(context, dockerfile).map((entry) => entry.path));
        return entries.map((entry) => (hashed.has(entry) ? "1" : "0")).join("");
    } catch (error) {
        assert.match((error as Error).message, /^The ignore pattern "/);
        return undefined;
    }
}

/** Builds the program with the versions of one of the {@link modules}. */
function buildProgram(module: string, folder: string): string {
    const program = path.join(folder, `sentFiles-${module}`);
    const source = path.join(projectRoot, "test/fidelity/sentFiles/main.go");
    execFileSync("go", ["build", "-o", program, source], {
        cwd: path.join(projectRoot, "tools", module),
        env: goEnvironment(),
    });
    return program;
}

function sentByBuildKit(
    program: string,
    question: { context: string; entries: string[]; ignoreFiles: string[] },
): string[] {
    const answer = execFileSync(program, { input: JSON.stringify(question), maxBuffer: 1 << 28, encoding: "utf8" });
    return JSON.parse(answer) as string[];
}
