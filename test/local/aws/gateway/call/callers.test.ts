import * as assert from "node:assert/strict";
import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as http from "node:http";
import * as os from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { ListBuildsCommand, ListProjectsCommand } from "@aws-sdk/client-codebuild";
import { DescribeRepositoriesCommand } from "@aws-sdk/client-ecr";
import { CreateRoleCommand, ListUsersCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, ListBucketsCommand, ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import { DescribeInstanceInformationCommand, PutParameterCommand } from "@aws-sdk/client-ssm";
import { strToU8, zipSync } from "fflate";
import { toolsDirectory } from "../../../../../local/paths";
import { clientsOf, startWorld, type World } from "../world";

/** Makes a middleware that adds a parameter Action to the URL of a request, before it is signed. */
const inUrl =
    (Action: string) =>
    <Args extends { request: unknown }, Result>(next: (args: Args) => Result) =>
    (args: Args): Result => {
        (args.request as { query: Record<string, string> }).query.Action = Action;
        return next(args);
    };

describe("gateway: whom it serves", function () {
    this.timeout(60_000);
    let world: World;

    before(async () => {
        world = await startWorld();
    });
    after(() => world.stop());

    /** Lists one call of each service, among them some that the gateway answers itself. */
    const calls = (clients: ReturnType<typeof clientsOf>): Record<string, () => Promise<unknown>> => ({
        "ecr:DescribeRepositories": () => clients.ecr.send(new DescribeRepositoriesCommand({})),
        "iam:ListUsers": () => clients.iam.send(new ListUsersCommand({})),
        "s3:ListBuckets": () => clients.s3.send(new ListBucketsCommand({})),
        "codebuild:ListProjects": () => clients.codebuild.send(new ListProjectsCommand({})),
        "codebuild:ListBuilds": () => clients.codebuild.send(new ListBuildsCommand({})),
        "ssm:DescribeInstanceInformation": () => clients.ssm.send(new DescribeInstanceInformationCommand({})),
    });

    /** Tells whether an error is a refusal; the emulator answers some services' refusals with 400, as AWS does. */
    const isRefusal = ({ name }: Error) =>
        /^(SignatureDoesNotMatch|InvalidSignatureException|InvalidClientTokenId|InvalidAccessKeyId|UnrecognizedClientException)$/.test(
            name,
        );

    const callers: Record<string, () => { accessKeyId: string; secretAccessKey: string }> = {
        "the administrator's key id with another secret": () => ({
            accessKeyId: world.configuration.accessKeyId,
            secretAccessKey: "guessed",
        }),
        "the emulator's built-in key": () => ({ accessKeyId: "test", secretAccessKey: "test" }),
        "an account id as key": () => ({ accessKeyId: "000000000000", secretAccessKey: "test" }),
    };

    for (const [who, credentials] of Object.entries(callers)) {
        it(`refuses ${who}, for calls of the emulator and for its own`, async () => {
            const clients = clientsOf(world.gateway.origin, world.region, credentials());
            for (const [action, call] of Object.entries(calls(clients))) {
                await assert.rejects(call(), isRefusal, action);
            }
        });
    }

    it("serves the administrator", async () => {
        for (const [action, call] of Object.entries(calls(world.admin))) await assert.doesNotReject(call(), action);
    });

    it("refuses a role's key id with another secret for calls that it answers itself", async () => {
        const role = await world.assumeRole("watcher", [{ Effect: "Allow", Action: "*", Resource: "*" }]);
        const own = calls(role)["codebuild:ListBuilds"]!;
        await assert.doesNotReject(own());
        const { accessKeyId, sessionToken } = await role.sts.config.credentials();
        const thief = clientsOf(world.gateway.origin, world.region, {
            accessKeyId,
            sessionToken,
            secretAccessKey: "x",
        });
        await assert.rejects(calls(thief)["codebuild:ListBuilds"]!(), isRefusal);
    });

    it("refuses a role's call that names what the role may do beside what it does", async () => {
        // GIVEN a role that may read objects and parameters
        await world.admin.s3.send(new CreateBucketCommand({ Bucket: "read" }));
        const reads = { Effect: "Allow", Action: ["s3:GetObject", "ssm:GetParameter"], Resource: "*" };
        const role = await world.assumeRole("reads", [reads]);
        // WHEN it writes with an allowed action in the URL
        const write = new PutObjectCommand({ Bucket: "read", Key: "key", Body: "value" });
        write.middlewareStack.add(inUrl("GetObject"), { step: "build" });
        const put = new PutParameterCommand({ Name: "/read", Value: "value", Type: "String" });
        put.middlewareStack.add(inUrl("GetParameter"), { step: "build" });
        // THEN it is refused
        await assert.rejects(role.s3.send(write), { name: "AccessDenied" });
        await assert.rejects(role.ssm.send(put), { name: "AccessDenied" });
        const { Contents } = await world.admin.s3.send(new ListObjectsV2Command({ Bucket: "read" }));
        assert.deepEqual(Contents ?? [], []);
    });

    /** Sends a plain request; returns status and headers. */
    const ask = (path: string, method: string, headers: Record<string, string>, body = "") =>
        new Promise<{ status: number | undefined; headers: http.IncomingHttpHeaders }>((resolve, reject) => {
            const request = http.request(`${world.gateway.origin}${path}`, { method, headers }, (response) => {
                response.resume();
                resolve({ status: response.statusCode, headers: response.headers });
            });
            request.on("error", reject);
            request.end(body);
        });

    it("refuses pages of browsers: those that say where they come from, and those that reach it by a name of their own", async () => {
        const pages: Record<string, string>[] = [
            { Origin: "https://example.org" },
            { Host: "rebound.example.org" },
            { Host: "127.0.0.1.example.org" },
        ];
        for (const headers of pages) {
            for (const path of ["/_gateway/health", "/v2/", "/", "/_gateway/faults"]) {
                assert.equal((await ask(path, "POST", headers)).status, 403, JSON.stringify([headers, path]));
            }
        }
        assert.equal((await ask("/", "OPTIONS", { Origin: "https://example.org" })).status, 403);
    });

    it("gives no answer that pages of other origins may read", async () => {
        const { headers } = await ask(
            "/",
            "POST",
            { "Content-Type": "application/x-www-form-urlencoded" },
            "Action=AssumeRoleWithWebIdentity&Version=2011-06-15",
        );
        assert.deepEqual(
            Object.keys(headers).filter((name) => name.startsWith("access-control-")),
            [],
        );
    });

    it("tells its traffic to the administrator only, who alone sets limits and faults", async () => {
        const { accessKeyId, secretAccessKey } = world.configuration;
        const basic = (user: string, password: string) => ({
            Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`,
        });
        const routes: [method: string, path: string, body: string][] = [
            ["GET", "/_gateway/traffic", ""],
            ["GET", "/_gateway/faults", ""],
            ["POST", "/_gateway/faults", "[]"],
            ["POST", "/_gateway/limits", "{}"],
        ];
        for (const [method, path, body] of routes) {
            for (const headers of [{}, basic(accessKeyId, "guessed"), basic("test", secretAccessKey)]) {
                assert.equal((await ask(path, method, headers, body)).status, 401, `${method} ${path}`);
            }
            assert.equal((await ask(path, method, basic(accessKeyId, secretAccessKey), body)).status, 200, path);
        }
        assert.equal((await ask("/_gateway/health", "GET", {})).status, 200);
    });

    it("runs no code: a function of the emulator is not executed", async () => {
        // GIVEN a function that would leave a file
        const folder = fs.mkdtempSync(path.join(os.tmpdir(), "function-"));
        fs.chmodSync(folder, 0o777);
        const code = `import os\ndef handler(event, context):\n    open("${folder}/ran", "w").close()\n    return os.getuid()\n`;
        fs.writeFileSync(path.join(folder, "code.zip"), zipSync({ "index.py": strToU8(code) }));
        const { accessKeyId, secretAccessKey } = world.configuration;
        const lambda = (...args: string[]) =>
            promisify(execFile)(path.join(toolsDirectory, "python/bin/aws"), ["lambda", ...args], {
                env: {
                    PATH: process.env.PATH,
                    AWS_ENDPOINT_URL: world.gateway.origin,
                    AWS_DEFAULT_REGION: world.region,
                    AWS_ACCESS_KEY_ID: accessKeyId,
                    AWS_SECRET_ACCESS_KEY: secretAccessKey,
                },
            });
        const trust = { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" };
        const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [trust] });
        await world.admin.iam.send(new CreateRoleCommand({ RoleName: "function", AssumeRolePolicyDocument }));
        await lambda(
            ...["create-function", "--function-name", "leaves-a-file", "--runtime", "python3.11"],
            ...["--handler", "index.handler", "--role", "arn:aws:iam::000000000000:role/function"],
            ...["--zip-file", `fileb://${folder}/code.zip`],
        );
        // WHEN the administrator calls it THEN it has not run
        const { stdout } = await lambda("invoke", "--function-name", "leaves-a-file", path.join(folder, "answer"));
        assert.match(stdout, /"FunctionError"/);
        assert.deepEqual(fs.readdirSync(folder).sort(), ["answer", "code.zip"]);
        fs.rmSync(folder, { recursive: true });
    });

    it("passes on nothing about the emulator itself", async () => {
        for (const path of [
            "/_ministack/reset",
            "/_localstack/health",
            "/_aws/sqs/messages",
            "/%5Fministack/reset",
            "/_alb/x",
        ]) {
            assert.equal((await ask(path, "POST", {})).status, 404, path);
        }
    });
});
