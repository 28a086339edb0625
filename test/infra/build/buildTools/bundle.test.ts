import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { builtinModules } from "node:module";
import * as path from "node:path";
import { bundleBuildTools } from "../../../../infra/build/buildTools";
import { contentTag } from "../../../../infra/image/contentTag";
import { temporaryFolder, writeTree } from "../../temporaryFolder";

describe("the bundled build tools", () => {
    const folder = temporaryFolder();

    function run(args: string[], environment: Record<string, string> = {}, input = "") {
        const script = path.join(folder.path, "tools.js");
        fs.writeFileSync(script, bundleBuildTools().content);
        return spawnSync(process.execPath, [script, ...args], {
            cwd: folder.path,
            env: environment,
            input,
            encoding: "utf8",
        });
    }

    it("have a key that follows their content", () => {
        const { key, content } = bundleBuildTools();
        const hash = createHash("sha256").update(content).digest("hex").slice(0, 40);
        assert.equal(key, `build-tools/${hash}.js`);
        assert.deepEqual(bundleBuildTools(), { key, content });
    });

    it("name no path of this machine, so that they are the same everywhere", () => {
        assert.equal(bundleBuildTools().content.includes(path.resolve(__dirname, "../../../..")), false);
    });

    it("need nothing but Node", () => {
        const modules = [...bundleBuildTools().content.matchAll(/require\("([^"]+)"\)/g)].map(([, name]) => name!);
        assert.ok(modules.length > 3);
        assert.deepEqual(
            modules.filter((name) => !builtinModules.includes(name.replace(/^node:/, ""))),
            [],
        );
    });

    it("plan an image with the tag of the program", () => {
        const context = writeTree(path.join(folder.path, "source/api"), { Dockerfile: "FROM scratch\n", file: "1" });
        const work = fs.mkdtempSync(path.join(folder.path, "work-"));
        const definition = {
            name: "api",
            context: "api",
            dockerfile: "api/Dockerfile",
            buildArgs: {},
            platforms: ["linux/amd64"],
        };
        const { status, stdout, stderr } = run(["plan", work], {
            IMAGES: JSON.stringify([{ ...definition, repositoryUrl: "registry/shop/api" }]),
            BRANCH: "main",
            DEFAULT_BRANCH: "main",
            CACHE_MODE: "max",
            BUILD_SECRETS: '{"npm":"shop/npm"}',
            CODEBUILD_SRC_DIR: path.join(folder.path, "source"),
            CODEBUILD_RESOLVED_SOURCE_VERSION: "a".repeat(40),
        });
        assert.deepEqual([status, stderr], [0, ""]);
        const dockerfile = path.join(context, "Dockerfile");
        const tag = contentTag({ context, dockerfile, buildArgs: {}, platforms: ["linux/amd64"], rebuildKey: "" });
        assert.equal(stdout, `Building branch main:\n  api is ${tag}\n`);
        const read = (file: string) => fs.readFileSync(path.join(work, file), "utf8");
        assert.equal(read("lookups"), `api\tshop/api\timageTag=${tag}\timageTag=git-${"a".repeat(40)}\n`);
        assert.equal(read("secrets"), "npm\tshop/npm\n");
        assert.ok(read("images/api/amd64/arguments").endsWith(`\0${context}\0`));
    });

    it("write login and secrets for their user alone", () => {
        fs.writeFileSync(path.join(folder.path, "registries"), "one.example.com\ntwo.example.com\n");
        const answer = JSON.stringify({ authorizationData: [{ authorizationToken: "dG9rZW4=" }] });
        assert.equal(run(["login", "registries", "config.json"], {}, answer).status, 0);
        assert.equal(run(["secret", "npm"], {}, '{"Name":"shop/npm","SecretString":"value\\n"}').status, 0);
        const read = (file: string) => fs.readFileSync(path.join(folder.path, file), "utf8");
        const auth = "dG9rZW4=";
        assert.deepEqual(JSON.parse(read("config.json")), {
            auths: { "one.example.com": { auth }, "two.example.com": { auth } },
        });
        assert.equal(read("npm"), "value\n");
        for (const file of ["config.json", "npm"]) {
            assert.equal(fs.statSync(path.join(folder.path, file)).mode & 0o777, 0o600);
        }
    });

    const wrong: [args: string[], input: string, message: string][] = [
        [["secret", "npm"], '{"Name":"shop/npm"}', "The secret shop/npm holds bytes; a text is needed.\n"],
        [["login", "registries", "config.json"], "{}", "ECR gave no login.\n"],
        [
            [],
            "",
            'There is no command ""; there are plan, builds, login, secret, progress, contexts, tests, indexes, results.\n',
        ],
    ];
    for (const [args, input, message] of wrong) {
        it(`end with one sentence: ${message.trim()}`, () => {
            const { status, stderr } = run(args, {}, input);
            assert.deepEqual([status, stderr], [1, message]);
        });
    }
});
