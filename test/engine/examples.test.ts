import assert from "node:assert/strict";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { BatchGetImageCommand } from "@aws-sdk/client-ecr";
import { PackageServer } from "../../bench/packages/packageServer";
import { projectRoot } from "../../local/paths";
import type { UpResult } from "../../local/world/stack";
import type { ImageSummary } from "../../local/world/stack/lastRun";
import { awsClients, engineWorld, type EngineWorld } from "../support/engineWorld";
import { type DeclaredAlias, type DeclaredFunction, releaseOnLambda } from "../support/lambdaRelease";
import { makePackageIndex, pushPythonImage } from "../support/packageIndex";
import { layerDigests, stepsOf } from "../support/pinnedStack";
import { type Image, imagesOf, type TaskDefinition, useExample } from "./exampleSuite";

/** Files of examples that name Python packages. */
const requirements = [
    "monorepo/Dockerfile",
    "lambda-python/function/requirements.txt",
    "codebuild-dotnet-style/vendor/Dockerfile",
];
const requirementsOfBoth = ["streamlit-ecs/dashboard/requirements.txt"];

describe("an example, where this machine's Python plays Python's image, and wheels that pip got from the index its index:", function () {
    this.timeout(480_000);
    let engine: EngineWorld;
    let packages: PackageServer;

    before(async () => {
        engine = await engineWorld();
        const read = (files: string[]) =>
            Promise.all(files.map((file) => fs.readFile(path.join(projectRoot, "examples", file), "utf8")));
        const index = await makePackageIndex(engine, await read(requirements), await read(requirementsOfBoth));
        packages = await PackageServer.start(index);
        await pushPythonImage(engine, packages.origin);
    });
    after(async () => {
        await packages?.close();
    });

    describe("monorepo", () => {
        const example = useExample(() => engine, "monorepo");
        let first: UpResult;

        it("builds the shared stage once: its layers, which have times, are the same in all three images", async () => {
            first = await example.up();
            const layers = Object.values(imagesOf(first)).map((outputs) =>
                layerDigests(engine, { ...first, outputs }, outputs.imageDigest),
            );
            const [[code, ...stage] = [], ...others] = await Promise.all(layers);
            assert.equal(others.length, 2);
            for (const [otherCode, ...otherStage] of others) {
                assert.notEqual(otherCode, code);
                assert.deepEqual(otherStage, stage);
            }
        });

        it("builds after a changed line only its image, without the stage", async () => {
            await example.edit("services/orders/main.py", '"orders"', '"orders", "version": 2');
            const second = await example.up();
            const stepsRun = Object.fromEntries(second.images.map((image) => [image.name, image.stepsRun]));
            assert.deepEqual(stepsRun, { orders: 1, payments: 0, search: 0 });
            const unchanged = ({ payments, search }: Record<string, Image>) => [payments, search];
            assert.deepEqual(unchanged(imagesOf(second)), unchanged(imagesOf(first)));
        });
    });

    describe("lambda-python, whose function and alias AWS's command line makes in MiniStack of what the program declares,", () => {
        const example = useExample(() => engine, "lambda-python", true);

        it("builds after a changed line one step, and a release moves the alias to a version of the new image", async () => {
            const first = await example.up();
            assert.deepEqual(stepsOf(first), [4, 0]);
            await example.edit("function/main.py", "make it fast", "make it small");
            const second = await example.up();
            assert.deepEqual(stepsOf(second), [1, 0]);
            // WHEN
            const live = await releaseOnLambda(
                engine,
                await example.declared<DeclaredFunction>("aws:lambda/function:Function"),
                await example.declared<DeclaredAlias>("aws:lambda/alias:Alias"),
                second.outputs.deployEnv as string,
            );
            // THEN
            const [{ imageUri: before }, { imageUri: after }] = [imagesOf(first).function!, imagesOf(second).function!];
            assert.notEqual(before, after);
            assert.deepEqual(live, [
                { version: "1", imageUri: before },
                { version: "2", imageUri: after },
            ]);
        });
    });

    describe("codebuild-dotnet-style", () => {
        const example = useExample(() => engine, "codebuild-dotnet-style");

        it("runs in CodeBuild, after a change in the middle of its Dockerfile, only what follows", async () => {
            const up = await example.up();
            assert.deepEqual(stepsOf(up), [5, 0]);
            await example.edit(
                "vendor/Dockerfile",
                "# The linter of shell scripts",
                "RUN echo changed\n\n# The linter",
            );
            const { succeeded, log, metrics } = await example.build(up, "tools");
            assert.ok(succeeded, log);
            assert.deepEqual([metrics.StepsRun, metrics.StepsCached], [4, 2], log);
        });
    });

    describe("streamlit-ecs, where one Python image plays both architectures', and ECS is only recorded,", () => {
        const example = useExample(() => engine, "streamlit-ecs", true);
        it("builds for both without a step under emulation, and starts its service on ARM", async () => {
            const first = await example.up();
            const image = imagesOf(first).dashboard!;
            assert.deepEqual(stepsOf(first), [10, 0]);
            assert.deepEqual(await architecturesOf(image), ["amd64", "arm64"]);
            const task = await example.declared<TaskDefinition>("aws:ecs/taskDefinition:TaskDefinition");
            const containers = JSON.parse(task.containerDefinitions) as { image: string }[];
            assert.deepEqual(
                [task.runtimePlatform.cpuArchitecture, ...containers.map((container) => container.image)],
                ["ARM64", image.imageUri],
            );
        });

        it("runs after a changed line one step for each architecture, without the packages", async () => {
            await example.edit("dashboard/app/main.py", '"Dashboard"', '"Numbers"');
            const second = await example.up();
            const [{ registryBytesDown }] = second.images as [ImageSummary];
            assert.deepEqual(stepsOf(second), [2, 4]);
            assert.ok(registryBytesDown < 100_000, `${registryBytesDown} bytes were read`);
        });

        it("reads no packages after a changed line either, once the packages were installed again", async () => {
            await example.edit("dashboard/requirements.txt", "watchdog==", "# Reload\nwatchdog==");
            await example.up();
            await example.edit("dashboard/app/main.py", '"Numbers"', '"Figures"');
            const next = await example.up();
            const { registryBytesDown } = next.images[0]!;
            assert.equal(stepsOf(next)[0], 2);
            assert.ok(registryBytesDown < 100_000, `${registryBytesDown} bytes were read`);
        });

        /** Lists the architectures of an image's index. */
        async function architecturesOf({ repositoryUrl, imageDigest }: Image): Promise<string[]> {
            const repositoryName = repositoryUrl.slice(repositoryUrl.indexOf("/") + 1);
            const command = new BatchGetImageCommand({ repositoryName, imageIds: [{ imageDigest }] });
            const { images = [] } = await awsClients(engine).ecr.send(command);
            const { manifests } = JSON.parse(images[0]!.imageManifest!) as {
                manifests: { platform: { architecture: string } }[];
            };
            return manifests.map(({ platform }) => platform.architecture).sort();
        }
    });
});
