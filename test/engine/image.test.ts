import assert from "node:assert/strict";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { BatchGetImageCommand } from "@aws-sdk/client-ecr";
import { contextEntries } from "../../infra/plan/buildContext";
import { writeRegistryLogin } from "../../local/world/base-images/registry";
import { projectRoot, worldDirectory } from "../../local/paths";
import { builderEnvironment } from "../../local/world/services";
import { runCommand } from "../../local/world/toolchain/command";
import {
    awsClients,
    emptyBuilder,
    engineWorld,
    type EngineWorld,
    layeredFiles,
    removeContexts,
    TestStack,
    writeContext,
} from "../support/engineWorld";

describe("an image", function () {
    this.timeout(120_000);
    let engine: EngineWorld;

    before(async () => {
        engine = await engineWorld();
    });

    // Pipes cannot be copied to the sources of later builds.
    after(removeContexts);

    async function buildx(args: string[], environment: NodeJS.ProcessEnv = {}): Promise<void> {
        const { toolchain, world } = engine;
        await runCommand(toolchain.dockerBuildx, ["--builder", world.builder, ...args], {
            env: { ...builderEnvironment(world), ...environment },
        });
    }

    async function layersOf(repositoryName: string, imageDigest: string): Promise<string[]> {
        const { images } = await awsClients(engine).ecr.send(
            new BatchGetImageCommand({ repositoryName, imageIds: [{ imageDigest }] }),
        );
        const manifest = JSON.parse(images![0]!.imageManifest!) as { layers: { digest: string }[] };
        return manifest.layers.map(({ digest }) => digest);
    }

    /** Arguments of docker-buildx about the layers; none for gzip, since all layers are gzip by default. */
    const outputs = { zstd: ",compression=zstd,oci-mediatypes=true", gzip: "" };
    for (const [compression, attributes] of Object.entries(outputs)) {
        it(`by ${compression} has the digest that docker-buildx gives to the same inputs, on empty builders`, async () => {
            // GIVEN an image that `up` built, and a builder that knows nothing
            const name = `same-${compression}`;
            const context = await writeContext(name, layeredFiles("print(1)\n"));
            await emptyBuilder(engine);
            const stack = await TestStack.open(engine, name, { images: [{ name: "app", context, compression }] });
            const { outputs } = await stack.up();
            await emptyBuilder(engine);
            // WHEN docker-buildx builds the same source with the same cache
            const login = await fs.mkdtemp(path.join(worldDirectory(), "login-"));
            await writeRegistryLogin(awsClients(engine).ecr, engine.world.registry, login);
            const metadata = path.join(login, "metadata.json");
            await buildx(
                [
                    "build",
                    path.join(projectRoot, context),
                    "--platform=linux/amd64",
                    `--build-arg=BASE_REGISTRY=${engine.world.registry}/base`,
                    `--cache-from=type=registry,ref=${String(outputs.cacheRef)}`,
                    `--output=type=image,name=${String(outputs.repositoryUrl)}:src-by-hand,push=true${attributes}`,
                    `--metadata-file=${metadata}`,
                    "--provenance=false",
                ],
                { DOCKER_CONFIG: login },
            );
            // THEN it is the very same image
            const built = JSON.parse(await fs.readFile(metadata, "utf8")) as { "containerimage.digest": string };
            assert.equal(built["containerimage.digest"], outputs.imageDigest);
        });
    }

    describe("is identified by the files that BuildKit is sent", () => {
        const files = [
            ...["a.txt", "b.log", "docs/guide.md", "docs/keep.md", "docs/deep/guide.md", "docs/deep/.hidden"],
            ...[
                "node_modules/x/index.js",
                "src/node_modules/y.js",
                "src/main.go",
                "src/with space.go",
                "src/ümlaut.go",
            ],
            ...["#hash", "!bang", "[set]", "dir.d/file", "README.md", "README-secret.md", "cmd/x/temp/y", "cmd/temp"],
        ];
        const ignoreFiles: Record<string, string> = {
            "no patterns": "",
            "names, extensions and folders": "*.log\ndocs\nnode_modules\n",
            "any depth": "**/node_modules\n**/*.md\n",
            exceptions: "docs\n!docs/keep.md\n!docs/deep\n",
            "everything but some": "*\n!src\n!README*.md\nREADME-secret.md\n",
            "an exception below a folder excluded by a wildcard": "*\n!docs/deep/guide.md\n",
            "exception and then again excluded": "*.md\n!README*.md\nREADME-secret.md\n",
            "single characters and sets": "?.txt\n[a-c].log\n\\[set\\]\n",
            "comments, spaces, slashes, dots": "# comment\n  /docs/  \n./a.txt\n\nsrc/../b.log\n #hash\n",
            "wildcards in the middle": "*/*/temp\ncmd/*\n!cmd/temp\n**/deep/**\n",
            "windows line ends": "docs\r\n*.log\r\n",
            "the Dockerfile and the ignore file themselves": "Dockerfile\n.dockerignore\n",
            "exceptions behind a slash and a dot": "*\n/!src\n./!docs/keep.md\n",
        };

        for (const [title, ignoreFile] of Object.entries(ignoreFiles)) {
            it(title, async () => {
                // GIVEN a context with this ignore file, links, modes and an empty folder
                const name = `context-${title.replace(/\W+/g, "-")}`;
                const content = Object.fromEntries(files.map((file) => [file, file]));
                const Dockerfile = "FROM scratch\nCOPY . /\n";
                const context = await writeContext(name, { ...content, Dockerfile, ".dockerignore": ignoreFile });
                const folder = path.join(projectRoot, context);
                await fs.chmod(path.join(folder, "src/main.go"), 0o755);
                await fs.mkdir(path.join(folder, "empty/inner"), { recursive: true });
                await fs.symlink("a.txt", path.join(folder, "link"));
                await fs.symlink("nowhere/at/all", path.join(folder, "docs/dangling"));
                // AND what BuildKit is sent although git knows nothing of it
                await fs.chmod(path.join(folder, "b.log"), 0o4755);
                await fs.chmod(path.join(folder, "docs/deep"), 0o3755);
                await fs.link(path.join(folder, "src/main.go"), path.join(folder, "src/zz.go"));
                await fs.writeFile(path.join(folder, "src/line\nbreak"), "");
                await runCommand("mkfifo", [path.join(folder, "src/pipe")]);
                // WHEN BuildKit copies all of it
                const output = path.join(worldDirectory(), "sent", name);
                await buildx(["build", folder, `--output=type=local,dest=${output}`]);
                // THEN it got exactly what the content tag is made of
                const entries = contextEntries(folder, path.join(folder, "Dockerfile"));
                assert.deepEqual(entries.map(describeEntry), (await everythingIn(output)).map(describeEntry));
            });
        }

        it("an ignore file that is a link is another one to BuildKit, and so has no tag", async () => {
            // GIVEN a link out of the context, and in the context a file where the link leads if nothing lies above it
            const content = { one: "", two: "", ignore: "two", Dockerfile: "FROM scratch\nCOPY . /\n" };
            const context = path.join(projectRoot, await writeContext("linked/context", content));
            await fs.writeFile(path.join(context, "../ignore"), "one");
            await fs.symlink("../ignore", path.join(context, ".dockerignore"));
            // WHEN
            const output = path.join(worldDirectory(), "sent", "linked");
            await buildx(["build", context, `--output=type=local,dest=${output}`]);
            // THEN
            const sent = await fs.readdir(output);
            assert.deepEqual([sent.includes("one"), sent.includes("two")], [true, false]);
            assert.throws(() => contextEntries(context, path.join(context, "Dockerfile")), /is no regular file/);
        });

        it("not the umask of whoever cloned them, though docker-build updates for each and a plain COPY keeps it", async () => {
            // GIVEN a file that is copied as it is, and one whose permissions the Dockerfile says
            const Dockerfile = "FROM scratch\nCOPY plain /plain\nCOPY --chmod=u=rwX,go=rX fixed /fixed\n";
            const context = await writeContext("umask", { Dockerfile, plain: "1", fixed: "1" });
            const stack = await TestStack.open(engine, "umask", { images: [{ name: "app", context }] });
            const update = async (mode: number) => {
                for (const file of ["plain", "fixed"]) await fs.chmod(path.join(projectRoot, context, file), mode);
                const { changes, outputs } = await stack.up();
                const layers = await layersOf("cached-image-pipeline-umask", String(outputs.imageDigest));
                return { updated: changes.update, tag: outputs.imageTag, layers };
            };
            // WHEN two people update in turn, one with umask 022 and one with 002
            const [first, second, third] = [await update(0o644), await update(0o664), await update(0o644)];
            // THEN the content is the same, and each builds again
            assert.deepEqual([second.tag, third.tag], [first.tag, first.tag]);
            // The image, and the proof that holds its digest.
            assert.deepEqual([second.updated, third.updated], [2, 2]);
            assert.deepEqual(third.layers, first.layers);
            assert.notEqual(second.layers[0], first.layers[0]);
            assert.equal(second.layers[1], first.layers[1]);
        });
    });
});

/** Describes an entry without its location. */
function describeEntry(entry: ReturnType<typeof contextEntries>[number]): object {
    return { ...entry, location: "" };
}

/** Lists everything in a folder; an ignore file that was sent along has no effect. */
async function everythingIn(folder: string): Promise<ReturnType<typeof contextEntries>> {
    const ignoreFile = path.join(folder, ".dockerignore");
    if (await fs.stat(ignoreFile).catch(() => undefined)) await fs.writeFile(ignoreFile, "");
    return contextEntries(folder, path.join(folder, "Dockerfile"));
}
