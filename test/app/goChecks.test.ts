import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { projectRoot } from "../../local/paths";
import { type Mariadb, startMariadb } from "../support/mariadb";
import { freePort } from "../support/ministack";

const app = path.join(projectRoot, "app");

function run(
    command: string,
    args: string[],
    variables: NodeJS.ProcessEnv = {},
): { status: number | null; output: string } {
    const result = spawnSync(command, args, { cwd: app, encoding: "utf8", env: { ...process.env, ...variables } });
    if (result.error) throw result.error;
    return { status: result.status, output: result.stdout + result.stderr };
}

function dsn(user: string, password: string, port: number): string {
    return `${user}:${password}@tcp(127.0.0.1:${port})/inventory`;
}

describe("the sample application's own checks", function () {
    this.timeout(300_000);

    // Go says which modules it downloads, which no check expects.
    before(() => {
        const { status, output } = run("go", ["mod", "download"]);
        assert.equal(status, 0, output);
    });

    it("is formatted", () => {
        assert.deepEqual(run("gofmt", ["-l", "."]), { status: 0, output: "" });
    });

    it("passes go vet", () => {
        assert.deepEqual(run("go", ["vet", "./..."]), { status: 0, output: "" });
    });

    it("has a go.mod and go.sum that fit its imports", () => {
        assert.deepEqual(run("go", ["mod", "tidy", "-diff"]), { status: 0, output: "" });
    });

    describe("with a real database", () => {
        let database: Mariadb;
        before(async () => (database = await startMariadb()));
        after(() => database?.stop());

        it("passes every Go test, the store's included", () => {
            const { user, password, port } = database;
            const variables = { TEST_DATABASE_DSN: dsn(user, password, port) };
            const { status, output } = run("go", ["test", "-count=1", "-v", "./..."], variables);
            assert.equal(status, 0, output);
            assert.doesNotMatch(output, /--- SKIP/);
            assert.match(output, /--- PASS: TestConcurrentCreatesGetDifferentIDs/);
        });
    });

    const oneStoreTest = ["test", "-count=1", "-v", "-run", "^TestGetMissing$", "./internal/store"];

    it("skips the store's tests with a reason when no database is named", () => {
        const { status, output } = run("go", oneStoreTest, { TEST_DATABASE_DSN: "" });
        assert.equal(status, 0, output);
        assert.match(output, /TEST_DATABASE_DSN is not set: the store is tested only against a real database/);
        assert.match(output, /--- SKIP: TestGetMissing/);
    });

    it("fails with a clear message, without the password, when the named database is not there", async () => {
        const variables = { TEST_DATABASE_DSN: dsn("root", "s3cr3t", await freePort()) };
        const { status, output } = run("go", oneStoreTest, variables);
        assert.equal(status, 1, output);
        assert.match(
            output,
            /TEST_DATABASE_DSN is set, but the database at 127\.0\.0\.1:\d+ was not reachable within 5s: /,
        );
        assert.doesNotMatch(output, /s3cr3t/);
    });
});
