import assert from "node:assert/strict";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { PackageServer } from "../../bench/packages/packageServer";
import { projectRoot } from "../../local/paths";
import type { UpResult } from "../../local/world/stack";
import { fetchDebianPackages } from "../support/debian/packages";
import { pushDebianPython } from "../support/debian/pythonImage";
import { engineWorld, type EngineWorld } from "../support/engineWorld";
import { makePackageIndex } from "../support/packageIndex";
import { layersOf, stepsOf } from "../support/pinnedStack";
import { askPrinter } from "../support/printer/askPrinter";
import { imagesOf, type TaskDefinition, useExample } from "./exampleSuite";

/** A further requirement. */
const added = "itsdangerous==2.2.0 --hash=sha256:c6242fc49e35958c8b15141343aa660db5fc54d4f13a1db01a3f5891b98700ef\n";

describe("the example python-browser, where Debian with Debian's Python plays Python's image, and ECS is only recorded,", function () {
    this.timeout(480_000);
    let engine: EngineWorld;
    let debian: PackageServer;
    let index: PackageServer;
    let start: string;

    before(async () => {
        engine = await engineWorld();
        const read = (name: string) => fs.readFile(path.join(projectRoot, "examples/python-browser/printer", name));
        const [dockerfile, requirements] = [String(await read("Dockerfile")), String(await read("requirements.txt"))];
        start = /^ENTRYPOINT (.*)$/m.exec(dockerfile)![1]!;
        const { system, site } = await fetchDebianPackages(["chromium-headless-shell"]);
        debian = await PackageServer.start(site);
        index = await PackageServer.start(await makePackageIndex(engine, [requirements, added], [], "3.13"));
        await pushDebianPython(engine, "3.13-slim-trixie", { system, site: debian.origin, index: index.origin });
    });
    after(async () => {
        await debian?.close();
        await index?.close();
    });

    const example = useExample(() => engine, "python-browser", true);
    let first: UpResult;
    let browserBytes = 0;

    /** Updates the stack. @returns also the steps that ran, and the bytes that were read from servers and registry meanwhile */
    async function measuredUp() {
        const [debianBefore, pythonBefore] = [debian.reading().bytes, index.reading().bytes];
        const result = await example.up();
        const { registryBytesDown: registryBytes } = result.images[0]!;
        return {
            ...result,
            stepsRun: stepsOf(result)[0],
            debianBytes: debian.reading().bytes - debianBefore,
            pythonBytes: index.reading().bytes - pythonBefore,
            registryBytes,
        };
    }

    it("installs Chromium by apt, and prints a page on port 9000", async () => {
        first = await measuredUp();
        assert.deepEqual(stepsOf(first), [5, 0]);
        const { imageUri, imageDigest } = imagesOf(first).printer!;
        assert.equal(titleOf(await askPrinter(engine, imageUri, start)), "Receipt 7");
        const layers = await layersOf(engine, { ...first, outputs: imagesOf(first).printer! }, imageDigest);
        const sizes = layers.map(({ size }) => Math.round(size / 1_000_000));
        console.log(`        base image, browser, Python packages and code have ${sizes.join(", ")} MB`);
        browserBytes = layers[1]!.size;
        assert.ok(browserBytes > 100_000_000, `the browser has ${browserBytes} bytes`);
    });

    it("hands the image to ECS by its digest: in the task definition, for deploy/ecs.sh, and in CodeBuild's imagedefinitions.json", async () => {
        const { imageUri } = imagesOf(first).printer!;
        const { containerDefinitions } = await example.declared<TaskDefinition>(
            "aws:ecs/taskDefinition:TaskDefinition",
        );
        const containers = (JSON.parse(containerDefinitions) as Container[]).map(({ name, image, portMappings }) => ({
            ...{ name, image },
            ports: portMappings.map(({ containerPort }) => containerPort),
        }));
        assert.deepEqual(containers, [{ name: "printer", image: imageUri, ports: [9000] }]);
        const variables = (first.outputs.deployEnv as string).split("\n");
        assert.ok(variables.includes(`IMAGE_URI=${imageUri}`) && variables.includes("ECS_CONTAINER=printer"));
        const { succeeded, log, artifacts } = await example.build(first, "printer");
        assert.ok(succeeded, log);
        assert.deepEqual(artifacts["imagedefinitions.json"], [{ name: "printer", imageUri }]);
    });

    it("runs one step after a changed line, and reads neither browser nor Python packages", () =>
        changeLine("<title>Receipt", "<title>Receipt No."));

    it("installs Python packages after a changed requirement, and reads the browser once from the repository, not from Debian", async () => {
        await example.edit("printer/requirements.txt", "playwright==", `${added}playwright==`);
        const { stepsRun, debianBytes, pythonBytes, registryBytes } = await measuredUp();
        assert.equal(stepsRun, 4);
        assert.equal(debianBytes, 0);
        assert.ok(pythonBytes > 50_000_000, `${pythonBytes} bytes of Python packages were read`);
        assert.ok(registryBytes < browserBytes + 100_000_000, `${registryBytes} bytes were read from the registry`);
    });

    it("runs one step after the next changed line, and reads neither of them", () =>
        changeLine("<title>Receipt No.", "<title>Receipt"));

    /** Replaces a text in the application, and checks what the update runs and reads. */
    async function changeLine(from: string, to: string): Promise<void> {
        await example.edit("printer/app/main.py", from, to);
        const { stepsRun, debianBytes, pythonBytes, registryBytes } = await measuredUp();
        assert.deepEqual([stepsRun, debianBytes, pythonBytes], [1, 0, 0]);
        assert.ok(registryBytes < 100_000, `${registryBytes} bytes were read from the registry`);
    }

    /** Reads the title of a PDF file of Chromium. */
    const titleOf = (pdf: Buffer) => /\/Title \((.*)\)/.exec(pdf.toString("latin1"))?.[1];
});

/** Container of a task definition. */
interface Container {
    name: string;
    image: string;
    portMappings: { containerPort: number }[];
}
