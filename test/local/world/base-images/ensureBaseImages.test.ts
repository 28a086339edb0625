import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { DescribeRepositoriesCommand, type ECRClient, PutImageCommand } from "@aws-sdk/client-ecr";
import { projectRoot } from "../../../../local/paths";
import { ensureBaseImages } from "../../../../local/world/base-images";
import { contentTag } from "../../../../local/world/base-images/contentTag";
import { startWorld, type World } from "../../aws/gateway/world";

/** Stand-in for docker-buildx that notes its arguments; the tests of the whole line use the real one. */
const recordingBuildx = `#!/bin/sh
{
    printf '%s\\n' "$@"
    echo "BUILDX_CONFIG=$BUILDX_CONFIG SOURCE_DATE_EPOCH=$SOURCE_DATE_EPOCH"
    echo "mode $(stat -c %a "$DOCKER_CONFIG/config.json")"
    echo "folder $DOCKER_CONFIG"
    cat "$DOCKER_CONFIG/config.json"
    echo
} >> "$(dirname "$0")/calls"
`;

describe("ensureBaseImages", function () {
    this.timeout(30_000);
    let folder: string;
    let aws: World;
    let ecr: ECRClient;
    let reports: string[];

    before(async () => {
        aws = await startWorld();
        ecr = aws.admin.ecr;
    });
    after(async () => {
        await aws?.stop();
    });
    beforeEach(() => {
        reports = [];
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "base-images-test-"));
        fs.mkdirSync(path.join(folder, "go/src"), { recursive: true });
        fs.writeFileSync(path.join(folder, "go/VERSION"), "go1.26.8");
        fs.writeFileSync(path.join(folder, "busybox"), "executable");
        fs.writeFileSync(path.join(folder, "Dockerfile"), "FROM ${BASE_REGISTRY}/busybox:1.37-musl\n");
        writeBuildx(recordingBuildx);
    });
    afterEach(() => fs.rmSync(folder, { recursive: true }));

    function writeBuildx(script: string): void {
        fs.writeFileSync(path.join(folder, "docker-buildx"), script, { mode: 0o755 });
    }

    function options() {
        const { region, accessKeyId, secretAccessKey } = aws.configuration;
        const { origin: endpoint, host: registry } = aws.gateway;
        return {
            toolchain: {
                dockerBuildx: path.join(folder, "docker-buildx"),
                goRoot: path.join(folder, "go"),
                busybox: path.join(folder, "busybox"),
            },
            world: { endpoint, region, accessKeyId, secretAccessKey, registry, builder: "b", buildxConfig: "/buildx" },
            dockerfile: path.join(folder, "Dockerfile"),
        };
    }

    it("creates the repository and builds with a token that only a private file of this build holds", async () => {
        await ensureBaseImages(options(), (line) => reports.push(line));

        const { repositories = [] } = await ecr.send(new DescribeRepositoriesCommand({}));
        assert.deepEqual(repositories.map(({ repositoryName }) => repositoryName).sort(), [
            "base/buildkit",
            "base/busybox",
        ]);
        assert.deepEqual(reports, [
            "building the base image busybox:1.37-musl …",
            "building the base image buildkit:stand-in …",
        ]);
        const calls = fs.readFileSync(path.join(folder, "calls"), "utf8").trimEnd().split("\n");
        const { registry } = options().world;
        const tag = await contentTag("busybox", options().toolchain);
        const name = `${registry}/base/busybox`;
        assert.ok(
            calls.includes(
                `type=image,"name=${name}:${tag},${name}:1.37-musl",` +
                    "push=true,oci-mediatypes=true,rewrite-timestamp=true,compression=gzip",
            ),
            calls.join("\n"),
        );
        const [busybox, buildkit] = [calls.slice(0, calls.length / 2), calls.slice(calls.length / 2)];
        assert.equal(busybox.includes("--platform"), false);
        assert.equal(buildkit[buildkit.indexOf("--platform") + 1], "linux/amd64,linux/arm64");
        const [settings, mode, dockerConfig = "", login = ""] = calls.slice(-4);
        assert.equal(settings, "BUILDX_CONFIG=/buildx SOURCE_DATE_EPOCH=0");
        assert.equal(mode, "mode 600");
        const { auths } = JSON.parse(login) as { auths: Record<string, { auth: string }> };
        assert.deepEqual(Object.keys(auths), [registry]);
        const token = auths[registry]?.auth ?? "";
        assert.match(Buffer.from(token, "base64").toString(), /^AWS:.+/);
        assert.equal(calls.filter((line) => line.includes(token)).length, 2);
        assert.equal(fs.existsSync(dockerConfig.replace("folder ", "")), false);
    });

    it("leaves an image alone whose content is there under both tags", async () => {
        const manifest = '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","layers":[]}';
        await ensureBaseImages(options(), () => undefined);
        for (const [repository, tag] of [
            ["busybox", "1.37-musl"],
            ["buildkit", "stand-in"],
        ] as const) {
            const repositoryName = `base/${repository}`;
            for (const imageTag of [await contentTag(repository, options().toolchain), tag]) {
                await ecr.send(new PutImageCommand({ repositoryName, imageManifest: manifest, imageTag }));
            }
        }
        fs.rmSync(path.join(folder, "calls"));

        await ensureBaseImages(options(), (line) => reports.push(line));
        assert.deepEqual([reports, fs.existsSync(path.join(folder, "calls"))], [[], false]);

        fs.appendFileSync(path.join(folder, "busybox"), "of another release");
        await ensureBaseImages(options(), (line) => reports.push(line));
        assert.deepEqual(reports, [
            "building the base image busybox:1.37-musl …",
            "building the base image buildkit:stand-in …",
        ]);
    });

    it("passes on the builder's last message and removes the token all the same", async () => {
        writeBuildx(
            `#!/bin/sh\necho "$DOCKER_CONFIG" > "$(dirname "$0")/folder"\necho "ERROR: no space left" >&2\nexit 1\n`,
        );
        fs.writeFileSync(path.join(folder, "busybox"), "a third release");
        await assert.rejects(
            ensureBaseImages(options(), () => undefined),
            { message: "The base image busybox:1.37-musl could not be built and pushed: ERROR: no space left" },
        );
        assert.equal(fs.existsSync(fs.readFileSync(path.join(folder, "folder"), "utf8").trim()), false);
    });

    it("says what a Dockerfile that is gone is for", async () => {
        fs.rmSync(path.join(folder, "Dockerfile"));
        const name = path.relative(projectRoot, path.join(folder, "Dockerfile"));
        await assert.rejects(
            ensureBaseImages(options(), () => undefined),
            {
                message:
                    `${name}, which names the base images, cannot be read (ENOENT: no such file or directory, open ` +
                    `'${folder}/Dockerfile'); put it back, for example with \`git checkout -- ${name}\`.`,
            },
        );
    });

    it("refuses a GOROOT whose sources are elsewhere", async () => {
        const [goRoot, elsewhere] = [path.join(folder, "go"), path.join(folder, "share")];
        fs.renameSync(path.join(goRoot, "src"), elsewhere);
        fs.symlinkSync(elsewhere, path.join(goRoot, "src"));
        fs.writeFileSync(path.join(folder, "busybox"), "a fourth release");
        const message =
            `GOROOT ${goRoot} has its sources outside of itself, in ${elsewhere}; ` +
            "install Go from https://go.dev/dl/ instead.";
        await assert.rejects(
            ensureBaseImages(options(), () => undefined),
            { message },
        );
    });
});
