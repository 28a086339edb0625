import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { json } from "node:stream/consumers";
import { projectRoot } from "../../local/paths";
import { ensureToolchain } from "../../local/world/toolchain";

/** Program of the image's shell that answers events, run by the busybox that the image consists of. */
describe("app/bootstrap of the template image-lambda", () => {
    let folder: string;
    let program: ChildProcess | undefined;
    let server: http.Server;

    before(async function () {
        this.timeout(60_000);
        const { busybox } = await ensureToolchain(() => undefined);
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "lambda-bootstrap-"));
        for (const command of ["sh", "wget", "tr", "sed"]) fs.symlinkSync(busybox, path.join(folder, command));
    });
    after(() => {
        program?.kill();
        server?.closeAllConnections();
        server?.close();
        fs.rmSync(folder, { recursive: true, force: true });
    });

    it("answers each event under its id", async () => {
        const answers: [url: string, body: unknown][] = [];
        const answered = new Promise<void>((resolve) => {
            let events = 0;
            server = http.createServer((request, response) => {
                // The third event never comes: Lambda lets a function without events wait.
                if (request.url!.endsWith("/next")) {
                    if (++events > 2) return resolve();
                    response.setHeader("Lambda-Runtime-Aws-Request-Id", `event-${events}`).end("{}");
                    return;
                }
                void json(request).then((body) => {
                    answers.push([request.url!, body]);
                    response.writeHead(202).end();
                });
            });
        });
        server.listen(0, "127.0.0.1");
        await once(server, "listening");
        const { port } = server.address() as AddressInfo;
        program = spawn(path.join(folder, "sh"), [path.join(projectRoot, "templates/image-lambda/app/bootstrap")], {
            env: { PATH: folder, AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}` },
            stdio: ["ignore", "inherit", "inherit"],
        });
        await Promise.race([answered, once(program, "exit").then(() => assert.fail("the program ended"))]);
        const answerTo = (id: string) => `/2018-06-01/runtime/invocation/${id}/response`;
        assert.deepEqual(answers, [
            [answerTo("event-1"), { message: "Hello" }],
            [answerTo("event-2"), { message: "Hello" }],
        ]);
    });
});
