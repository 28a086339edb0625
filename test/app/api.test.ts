import * as assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { projectRoot } from "../../local/paths";
import { type Mariadb, startMariadb } from "../support/mariadb";
import { freePort } from "../support/ministack";
import { RunningApi } from "./runningApi";

const unavailable = {
    status: 503,
    location: null,
    body: { title: "Service Unavailable", status: 503, detail: "The database is not reachable at present." },
};
const healthy = { status: 200, location: null, body: { status: "ok", version: "(devel)" } };

describe("the sample application, compiled and with a real database", function () {
    this.timeout(120_000);
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "inventory-"));
    const executable = path.join(folder, "api");
    let database: Mariadb;
    let api: RunningApi;

    function environment(changes: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
        return {
            LISTEN_ADDRESS: "127.0.0.1:0",
            DATABASE_HOST: `127.0.0.1:${database.port}`,
            DATABASE_USER: database.user,
            DATABASE_NAME: database.database,
            DATABASE_PASSWORD_FILE: path.join(folder, "password"),
            ...changes,
        };
    }

    async function startApi(changes: NodeJS.ProcessEnv = {}): Promise<void> {
        api = RunningApi.start(executable, environment(changes));
        await api.listening();
    }

    before(async () => {
        const options = { cwd: path.join(projectRoot, "app"), env: { ...process.env, CGO_ENABLED: "0" } };
        execFileSync("go", ["build", "-buildvcs=false", "-o", executable, "./cmd/api"], options);
        database = await startMariadb();
        fs.writeFileSync(path.join(folder, "password"), `${database.password}\n`, { mode: 0o600 });
    });

    afterEach(() => api?.terminate());

    after(async () => {
        await database?.stop();
        fs.rmSync(folder, { recursive: true, force: true });
    });

    it("creates, gets and lists items, and keeps them over a restart", async () => {
        await startApi();
        const created = await api.request("POST", "/items", '{"name":"bolt ü","quantity":7}');
        const item = created.body as { id: number; createdAt: string };
        assert.deepEqual(created, {
            status: 201,
            location: `/items/${item.id}`,
            body: { id: item.id, name: "bolt ü", quantity: 7, createdAt: item.createdAt },
        });
        const second = await api.request("POST", "/items", '{"name":"nut","quantity":0}');

        assert.deepEqual(await api.request("GET", `/items/${item.id}`), { status: 200, location: null, body: item });
        const firstPage = { items: [item], after: item.id };
        assert.deepEqual(await api.request("GET", "/items?limit=1"), { status: 200, location: null, body: firstPage });
        const lastPage = { status: 200, location: null, body: { items: [second.body] } };
        assert.deepEqual(await api.request("GET", `/items?limit=1&after=${item.id}`), lastPage);

        await api.terminate();
        await startApi();
        const all = { status: 200, location: null, body: { items: [item, second.body] } };
        assert.deepEqual(await api.request("GET", "/items"), all);
    });

    it("refuses bad input and goes on serving", async () => {
        await startApi();
        const table: [method: string, target: string, body: string | undefined, status: number][] = [
            ["POST", "/items", "{", 400],
            ["POST", "/items", "", 400],
            ["POST", "/items", '{"name":"a","quantity":1,"id":9}', 400],
            ["POST", "/items", '{"name":"a","quantity":99999999999999999999}', 400],
            ["POST", "/items", '{"name":"","quantity":1}', 422],
            ["POST", "/items", `{"name":"${"a".repeat(201)}","quantity":1}`, 422],
            ["POST", "/items", '{"name":"a","quantity":-1}', 422],
            ["POST", "/items", `{"name":"${"a".repeat(20_000)}"}`, 413],
            ["GET", "/items?limit=1%20OR%201=1", undefined, 400],
            ["GET", "/items/0", undefined, 400],
            ["GET", "/items/999999", undefined, 404],
            ["DELETE", "/items", undefined, 405],
            ["GET", "/../etc/passwd", undefined, 404],
        ];
        for (const [method, target, body, status] of table) {
            const answer = await api.request(method, target, body);
            const { status: named } = answer.body as { status: number };
            assert.deepEqual([answer.status, named], [status, status], `${method} ${target} ${body?.slice(0, 60)}`);
        }
        assert.deepEqual(await api.request("GET", "/readyz"), healthy);
    });

    it("stays alive without its database, says that it is not ready, and recovers", async () => {
        await startApi();
        assert.deepEqual(await api.request("GET", "/readyz"), healthy);

        await database.pause();
        assert.deepEqual(await api.request("GET", "/readyz"), unavailable);
        assert.deepEqual(await api.request("GET", "/items"), unavailable);
        assert.deepEqual(await api.request("POST", "/items", '{"name":"a","quantity":1}'), unavailable);
        assert.deepEqual(await api.request("GET", "/healthz"), healthy);

        await database.resume();
        await api.until("recover", async () => (await api.request("GET", "/readyz")).status === 200);
        assert.equal((await api.request("GET", "/items")).status, 200);
    });

    it("waits for a database that comes up later", async () => {
        await database.pause();
        api = RunningApi.start(executable, environment());
        await api.until("report that it waits", () => api.messages.includes("the database is not reachable yet"));
        await database.resume();
        await api.listening();
        assert.deepEqual(await api.request("GET", "/readyz"), healthy);
    });

    it("gives up at its deadline with one sentence, and ends at once when told to while it waits", async () => {
        const nobody = `127.0.0.1:${await freePort()}`;
        api = RunningApi.start(executable, environment({ DATABASE_HOST: nobody, DATABASE_CONNECT_TIMEOUT: "300ms" }));
        assert.equal(await api.ended(), 1);
        assert.match(
            api.output,
            new RegExp(`^api: the database at ${nobody} was not reachable within 300ms: .+\n`, "m"),
        );

        api = RunningApi.start(executable, environment({ DATABASE_HOST: nobody }));
        await api.until("report that it waits", () => api.messages.includes("the database is not reachable yet"));
        assert.equal(await api.terminate(), 0);
        assert.equal(api.messages.at(-1), "stopped while waiting for the database");
    });

    it("refuses a wrong configuration or password with one sentence", async () => {
        const wrong = path.join(folder, "wrong");
        fs.writeFileSync(wrong, "wr0ng", { mode: 0o600 });
        const table: [changes: NodeJS.ProcessEnv, message: RegExp][] = [
            [{ DATABASE_NAME: undefined }, /^api: DATABASE_NAME is not set; set DATABASE_DSN, or [^\n]+\n$/],
            [{ LISTEN_ADDRESS: "80" }, /^api: LISTEN_ADDRESS is "80"; it must be host:port or :port\n$/],
            [{ DATABASE_PASSWORD_FILE: wrong }, /^api: the database at [^ ]+ refuses the connection: [^\n]+\n$/],
        ];
        for (const [changes, message] of table) {
            api = RunningApi.start(executable, environment(changes));
            assert.equal(await api.ended(), 1);
            assert.match(api.output, message);
        }
    });

    it("finishes the running request on SIGTERM, takes no new one, and ends with 0", async () => {
        await startApi();
        const address = new URL(`http://${/"address":"([^"]+)"/.exec(api.output)?.[1]}`);
        const socket = net.connect(Number(address.port), address.hostname);
        let answer = "";
        const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
        socket.setEncoding("utf8").on("data", (text: string) => (answer += text));
        const body = '{"name":"last","quantity":1}';
        socket.write(
            `POST /items HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n`,
        );
        // The server asks for the body with 100 Continue: then the request is running for certain.
        socket.write("Expect: 100-continue\r\n\r\n");
        await api.until("start the request", () => answer.startsWith("HTTP/1.1 100 Continue"));

        const ended = api.terminate();
        await api.until("stop", () => api.messages.includes("stopping"));
        await assert.rejects(api.request("GET", "/healthz"));
        socket.write(body);
        await closed;

        assert.match(answer, /HTTP\/1\.1 201 Created/);
        assert.equal(await ended, 0);
        assert.deepEqual(api.messages.slice(-3), ["stopping", "request", "stopped"]);
    });

    it("has a health check for its container", async () => {
        const port = await freePort();
        const variables = { LISTEN_ADDRESS: `:${port}` };
        const healthcheck = () => {
            const result = spawnSync(executable, ["healthcheck"], { env: variables, encoding: "utf8" });
            return { status: result.status, output: result.stdout + result.stderr };
        };
        const down = healthcheck();
        assert.equal(down.status, 1);
        assert.match(down.output, /^api: not healthy: [^\n]+\n$/);
        await startApi({ LISTEN_ADDRESS: `127.0.0.1:${port}` });
        assert.deepEqual(healthcheck(), { status: 0, output: "" });
    });

    it("never writes its password", async () => {
        await startApi({ DATABASE_PASSWORD_FILE: undefined, DATABASE_PASSWORD: database.password });
        await api.request("GET", "/readyz");
        await api.terminate();
        assert.deepEqual(api.messages, ["listening", "request", "stopping", "stopped"]);
        assert.equal(api.output.includes(database.password), false);
    });
});
