import assert from "node:assert/strict";
import { once } from "node:events";
import * as fs from "node:fs";
import * as https from "node:https";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { generate } from "selfsigned";
import { parse } from "yaml";
import { buildkitReference } from "../../infra/plan/buildkitRelease";
import { projectRoot } from "../../local/paths";
import { ensureContainerTools, ensureToolchain } from "../../local/world/toolchain";
import { run } from "./deployWorld";

/** Steps of the job `build` of deploy/gitlab-ci.yml that prepare its builder. */
const { script, variables } = (
    parse(fs.readFileSync(path.join(projectRoot, "deploy/gitlab-ci.yml"), "utf8")) as {
        build: { script: string[]; variables: Record<string, string> };
    }
).build;
const builderLines = script.filter((line) => line.startsWith("docker "));

describe("the builder of deploy/gitlab-ci.yml", function () {
    this.timeout(60_000);
    let folder: string;
    let environment: Record<string, string>;
    /** Stand-in for a daemon, which answers clients that show their certificate. */
    let daemon: https.Server;
    const asked: string[] = [];

    before(async () => {
        const { docker } = await ensureContainerTools(() => undefined);
        const { dockerBuildx } = await ensureToolchain(() => undefined);
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "gitlab-builder-"));
        const { private: key, cert } = await generate([{ name: "commonName", value: "docker" }], {
            extensions: [
                { name: "basicConstraints", cA: true },
                { name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] },
            ],
        });
        daemon = https.createServer({ key, cert, ca: cert, requestCert: true }, (request, response) => {
            asked.push(request.url ?? "");
            // The builder's container is made with the first build.
            response.statusCode = request.url?.includes("/containers/") ? 404 : 200;
            response.setHeader("API-Version", "1.47").setHeader("content-type", "application/json").end("{}");
        });
        daemon.listen(0, "127.0.0.1");
        await once(daemon, "listening");
        for (const [name, text] of Object.entries({ ca: cert, cert, key })) {
            fs.writeFileSync(path.join(folder, `${name}.pem`), text);
        }
        fs.mkdirSync(path.join(folder, "config/cli-plugins"), { recursive: true });
        fs.symlinkSync(dockerBuildx, path.join(folder, "config/cli-plugins/docker-buildx"));
        environment = {
            ...variables,
            PATH: `${path.dirname(docker)}:${process.env.PATH}`,
            HOME: folder,
            DOCKER_CONFIG: path.join(folder, "config"),
            // Path of the service's certificates in a job.
            DOCKER_CERT_PATH: folder,
            DOCKER_HOST: `tcp://127.0.0.1:${(daemon.address() as AddressInfo).port}`,
        };
    });
    after(() => {
        daemon.close();
        fs.rmSync(folder, { recursive: true });
    });

    it("is made for a daemon behind TLS, which buildx takes as a context only", async () => {
        const { code, stderr } = await run(["sh", "-euc", builderLines.join("\n")], environment);
        assert.equal(code, 0, stderr);
        assert.ok(asked.length > 0);
        const instances = path.join(folder, "config/buildx/instances");
        const [name] = fs.readdirSync(instances);
        const builder = JSON.parse(fs.readFileSync(path.join(instances, name!), "utf8")) as {
            Driver: string;
            Nodes: { Endpoint: string; DriverOpts: Record<string, string> }[];
        };
        assert.equal(builder.Driver, "docker-container");
        // The release of BuildKit that CodeBuild builds on.
        assert.deepEqual(
            builder.Nodes.map(({ Endpoint, DriverOpts }) => ({ Endpoint, DriverOpts })),
            [{ Endpoint: "dind", DriverOpts: { image: buildkitReference } }],
        );
        const current = fs.readFileSync(path.join(folder, "config/buildx/current"), "utf8");
        assert.equal((JSON.parse(current) as { Name: string }).Name, name);
        const inspected = await run(["docker", "context", "inspect", "dind"], environment);
        const [context] = JSON.parse(inspected.stdout) as [
            { Endpoints: { docker: { Host: string } }; TLSMaterial: { docker: string[] } },
        ];
        assert.equal(context.Endpoints.docker.Host, environment["DOCKER_HOST"]);
        assert.deepEqual(context.TLSMaterial.docker.sort(), ["ca.pem", "cert.pem", "key.pem"]);
    });
});
