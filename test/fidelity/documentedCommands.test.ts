import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { projectRoot } from "../../local/paths";
import { temporaryFolder } from "../infra/temporaryFolder";
import { checkCall, requireScript } from "../support/documentedCommands/checkCall";
import { type Call, recordCalls } from "../support/documentedCommands/recordCalls";
import { codeBlocksOf } from "../support/markdown";

/** Pages whose commands are checked, from the repository's root. */
const pages = ["README.md", "CONTRIBUTING.md", ...markdownOf("docs"), ...markdownOf("docs/guides"), ...examples()];

/** Commands that a test runs, by their first words: the test, and words of it that run them. Others need an account, and are parsed. */
const runBy: Record<string, [test: string, words: string]> = {
    "npm start": ["test/e2e/commands.test.ts", 'npm("start")'],
    "npm run pipeline": ["test/e2e/commands.test.ts", 'npm("pipeline"'],
    "npm run codebuild": ["test/e2e/commands.test.ts", 'npm("codebuild"'],
    "npm run doctor": ["test/local/commands/doctor.test.ts", "local/commands/doctor.ts"],
    "npm run docs": ["test/docs/generate/reference.test.ts", "docs/generate"],
    "npm run package": ["test/engine/minimalExample.test.ts", "install: installLibrary"],
    "deploy/ec2.sh": ["test/e2e/ec2.test.ts", "ec2"],
    "deploy/ecs.sh": ["test/deploy/ecs.test.ts", "ecs.sh"],
    "deploy/lambda.sh": ["test/deploy/lambda.test.ts", "lambda.sh"],
    "deploy/promote.sh": ["test/deploy/promote.test.ts", "promote"],
    "deploy/rollback.sh": ["test/deploy/ecs.test.ts", "rollback.sh"],
    "node tools.js scan": ["test/infra/buildTools/scan.test.ts", 'tools.run(["scan"]'],
    "pulumi new": ["test/engine/templates.test.ts", 'commands(name, "pulumi new")'],
    "pulumi import": ["test/engine/migration.test.ts", "taking.commands"],
    "pulumi state": ["test/engine/migrationOfTools.test.ts", 'guideSection("awsx")'],
    "pulumi up": ["test/engine/commandLine.test.ts", 'pulumi("up"'],
    "pulumi preview": ["test/engine/commandLine.test.ts", 'pulumi("preview"'],
    "aws ecr describe-images": ["test/engine/migrationOfTools.test.ts", "docker/build-push-action"],
};

/** Lists the pages of a folder. */
function markdownOf(folder: string): string[] {
    const names = fs.readdirSync(path.join(projectRoot, folder)).filter((name) => name.endsWith(".md"));
    return names.map((name) => `${folder}/${name}`);
}

/** Lists the pages of the examples and templates. */
function examples(): string[] {
    const folders = ["examples", "templates"].flatMap((folder) =>
        fs.readdirSync(path.join(projectRoot, folder)).map((name) => `${folder}/${name}`),
    );
    return folders.map((folder) => `${folder}/README.md`).filter((name) => fs.existsSync(path.join(projectRoot, name)));
}

describe("the commands of the pages", function () {
    this.timeout(60_000);
    const folder = temporaryFolder();
    const commandsOf = ({ program, arguments: args }: Call) => [program, ...args].join(" ");
    const seen = new Map<string, Call>();

    const blocks = pages.flatMap((page) =>
        codeBlocksOf(fs.readFileSync(path.join(projectRoot, page), "utf8"))
            .filter(({ language }) => ["sh", "bash", "shell"].includes(language))
            .map((block) => ({ page, block })),
    );

    for (const { page, block } of blocks) {
        it(`${page}:${block.line} are taken by the programs that they name`, () => {
            const sandbox = fs.mkdtempSync(path.join(folder.path, "block-"));
            const calls = recordCalls(sandbox, page, block);
            assert.ok(calls.length > 0 || /^cp /m.test(block.text), "the block calls no program");
            for (const call of calls) {
                if (!seen.has(commandsOf(call))) checkCall(call, sandbox);
                seen.set(commandsOf(call), call);
            }
        });
    }

    /** Lines that a page must not have, and what is said about them. */
    const wrong: [line: string, message: RegExp][] = [
        ["npm run begin", /package.json has no script begin/],
        ["npm run bench -- --fast", /Unknown option '--fast'/],
        ["npm run doctor -- Dockerfile --stage api", /Unknown option '--stage'/],
        ["npm run codebuild -- --event merge --head main", /--event is "merge"/],
        ["npm run smoke -- --stack NAME [--quiet]", /Unknown option '--quiet'/],
        ["npm start --preview", /options of a script come after --/],
        ["npx mocha test/engine/renamed.test.ts", /there is no file test\/engine\/renamed.test.ts/],
        ["node local/bootstrap.js test/run.ts slow", /there is no group slow/],
        ["node tools.js judge", /the build tools have prepare, build, finish, scripts, scan/],
        ["deploy/fargate.sh", /No such file or directory/],
        ["deploy/ecs.sh --picture a", /unknown argument "--picture"/],
        ["deploy/rollback.sh fargate", /the target is "fargate"/],
        ["pulumi up --stak dev", /unknown flag: --stak/],
        ["pulumi stack outputs imageUri", /"outputs" is no command/],
        ["pulumi stack output imageAddress -s dev", /imageAddress is not an output/],
        ["pulumi config set --path build.computeType x -s dev", /build is not a setting/],
        ["docker buildx create --drive docker-container", /unknown flag: --drive/],
        ["aws codebuild start-build --project shop --commit 1", /Unknown options: --commit/],
        ["aws codebuild start-builds --project-name shop", /Invalid choice: 'start-builds'/],
        ["aws ecr describe-images", /arguments are required: --repository-name/],
        ["aws codebuild start-build --project-name shop --environment-variables-override nam=A", /Unknown parameter/],
        ["cp -r cached-image-pipeline/infrastructure shop/", /No such file or directory/],
        ["curl https://example.com", /curl: command not found/],
        ["cd shop && (npm ci", /syntax error/],
    ];
    for (const [line, message] of wrong) {
        it(`would not pass as: ${line}`, () => {
            const sandbox = fs.mkdtempSync(path.join(folder.path, "wrong-"));
            assert.throws(() => {
                const block = { language: "sh", text: line, line: 1, heading: "" };
                for (const call of recordCalls(sandbox, "page.md", block)) checkCall(call, sandbox);
            }, message);
        });
    }

    it("in sentences name scripts of package.json", () => {
        const named = pages.flatMap((page) =>
            [...fs.readFileSync(path.join(projectRoot, page), "utf8").matchAll(/`npm run ([\w:-]+)/g)].map(
                ([, script]) => script!,
            ),
        );
        assert.ok(named.length > 20, `${named.length} are named`);
        for (const script of new Set(named)) requireScript(script);
    });

    it("are run by the tests of a table, or parsed", () => {
        const used = new Set<string>();
        let parsed = 0;
        for (const command of seen.keys()) {
            const row = Object.keys(runBy).find((words) => command === words || command.startsWith(`${words} `));
            if (row === undefined) parsed++;
            else used.add(row);
        }
        console.log(`      ${seen.size} commands: ${seen.size - parsed} run by tests, ${parsed} parsed`);
        assert.deepEqual([...used].sort(), Object.keys(runBy).sort());
        for (const [test, words] of Object.values(runBy)) {
            assert.ok(fs.readFileSync(path.join(projectRoot, test), "utf8").includes(words), `${test}: ${words}`);
        }
    });
});
