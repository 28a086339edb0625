import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse, stringify } from "yaml";
import { readSchema, schemaFile } from "../../../docs/generate/packageSchema";
import { projectRoot, worldDirectory } from "../../../local/paths";
import { imageSettings } from "../../../local/world/base-images";
import { goEnvironment } from "../../../local/world/toolchain/goCommand";
import { runCommand } from "../../../local/world/toolchain/command";
import { type Account, openAccount } from "../../support/account";
import { engineWorld, type EngineWorld, singleFile } from "../../support/engineWorld";

/** Seconds that compilers and package indexes may take on a busy machine, the first time. */
const toolSeconds = 600;

/**
 * Programs in other languages than TypeScript. Pulumi's language hosts are in no package registry but that of YAML. Its host runs here; a
 * Python program is run by the Automation API inside Python, with classes that Pulumi's generator makes of schema.json.
 */
describe("the package in a program", function () {
    this.timeout(toolSeconds * 1000);
    let engine: EngineWorld;
    let base: string;
    let account: Account;
    /** Section of Pulumi.yaml that leads to the package's folder; `pulumi package add` of this host's version is another than the CLI's. */
    const plugins = { providers: [{ name: "cached-image-pipeline", path: "../cached-image-pipeline" }] };
    const imageUri = /^127\.0\.0\.1:\d+\/shop-dev@sha256:[0-9a-f]{64}$/;

    before(async () => {
        engine = await engineWorld();
        base = path.join(worldDirectory(), "languages");
        fs.mkdirSync(base);
        fs.symlinkSync(projectRoot, path.join(base, "cached-image-pipeline"));
    });
    after(() => {
        if (base !== undefined) fs.rmSync(base, { recursive: true, force: true });
    });

    /** Opens an account with the folder of a program and its application. */
    async function openShop(project: Record<string, unknown>, programs: string[] = []): Promise<void> {
        account = await openAccount(engine, base, programs);
        const shop = path.join(account.folder, "shop");
        fs.mkdirSync(path.join(shop, "app"), { recursive: true });
        for (const [file, text] of Object.entries(singleFile("1")))
            fs.writeFileSync(path.join(shop, "app", file), text);
        fs.writeFileSync(path.join(shop, "Pulumi.yaml"), stringify({ name: "shop", ...project }));
    }

    describe("in YAML", () => {
        before(async () => {
            const args = ["-C", path.join(projectRoot, "tools/pulumi-yaml"), "tool", "-n", "pulumi-language-yaml"];
            const host = (await runCommand("go", args, { env: goEnvironment() })).trim();
            await openShop({ runtime: "yaml", plugins }, [path.dirname(host)]);
        });
        after(() => account?.close());

        it("declares an image and all that builds it, and changes nothing when it is run again", async () => {
            const file = path.join(account.folder, "shop/Pulumi.yaml");
            const settings = { ...imageSettings(engine.world.registry), forceDestroy: true };
            const program = {
                resources: {
                    pipeline: {
                        type: "cached-image-pipeline:ImagePipeline",
                        properties: { images: [{ name: "app" }], ...settings },
                    },
                },
                outputs: {
                    imageUri: '${pipeline.images["app"].imageUri}',
                    buildProjectName: "${pipeline.buildProjectName}",
                },
            };
            fs.writeFileSync(file, stringify({ ...(parse(fs.readFileSync(file, "utf8")) as object), ...program }));
            await account.run("shop", `pulumi stack init dev && pulumi config set aws:region ${engine.world.region}`);
            await account.run("shop", "pulumi up --yes --skip-preview");
            const outputs = JSON.parse(await account.run("shop", "pulumi stack output --json")) as Outputs;
            assert.match(outputs["imageUri"]!, imageUri);
            assert.equal(outputs["buildProjectName"], "shop-dev");
            await account.run("shop", "pulumi preview --expect-no-changes");
        });

        it("refuses a wrong argument with the package's own sentence", async () => {
            const file = path.join(account.folder, "shop/Pulumi.yaml");
            const text = fs.readFileSync(file, "utf8");
            fs.writeFileSync(file, text.replace("name: app", "name: missing"));
            await assert.rejects(account.run("shop", "pulumi preview"), /ImagePipeline pipeline: .*missing/);
            fs.writeFileSync(file, text);
        });
    });

    describe("in Python", () => {
        let python: string;

        before(async () => {
            python = await preparePython(path.join(base, "python"));
            await openShop({ runtime: "python", plugins });
        });

        /** Runs the program. @returns what it prints */
        async function run(operation: "up" | "preview" | "destroy"): Promise<string> {
            const settings = JSON.stringify(
                snakeCased({ ...imageSettings(engine.world.registry), forceDestroy: true }),
            );
            const variables = `SETTINGS='${settings}' AWS_REGION=${engine.world.region}`;
            return account.run("shop", `${variables} ${python} ${path.join(__dirname, "program.py")} ${operation}`);
        }
        after(async () => {
            try {
                if (account !== undefined) await run("destroy");
            } finally {
                await account?.close();
            }
        });

        it("declares an image and all that builds it, by classes that are made of schema.json", async () => {
            const outputs = JSON.parse(await run("up")) as Outputs;
            assert.match(outputs["imageUri"]!, imageUri);
            assert.equal(outputs["buildProjectName"], "shop-dev");
        });

        it("changes nothing when it is run again", async () => {
            assert.deepEqual(Object.keys(JSON.parse(await run("preview")) as object), ["same"]);
        });
    });
});

/** Outputs of a stack that are texts. */
type Outputs = Record<string, string>;

/** Installs Pulumi's SDK, and the package that its generator makes of schema.json. @returns the interpreter */
async function preparePython(folder: string): Promise<string> {
    const python = path.join(folder, "bin/python");
    await runCommand("python3", ["-m", "venv", folder]);
    const requirements = path.join(__dirname, "requirements.txt");
    await runCommand(python, ["-m", "pip", "install", "--quiet", "--require-hashes", "--requirement", requirements]);
    const [site] = JSON.parse(
        await runCommand(python, ["-c", "import json, site; print(json.dumps(site.getsitepackages()))"]),
    ) as [string];
    const generate = ["-C", path.join(projectRoot, "tools/pulumi"), "run", "./python-sdk", schemaFile, site];
    await runCommand("go", generate, { env: goEnvironment() });
    // pip would write this file; the generated classes ask for their version.
    const { name, version } = await readSchema();
    const metadata = path.join(site, `pulumi_${name.replaceAll("-", "_")}-${version}.dist-info/METADATA`);
    fs.mkdirSync(path.dirname(metadata));
    fs.writeFileSync(metadata, `Metadata-Version: 2.1\nName: pulumi-${name}\nVersion: ${version}\n`);
    return python;
}

/** Names settings as Python does. */
function snakeCased(settings: Record<string, unknown>): Record<string, unknown> {
    const named = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    return Object.fromEntries(Object.entries(settings).map(([name, value]) => [named(name), value]));
}
