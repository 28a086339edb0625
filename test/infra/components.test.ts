import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { createRequire } from "node:module";
import * as os from "node:os";
import * as path from "node:path";
import { packagedTools } from "../../infra/buildTools/packagedTools";
import * as library from "../../infra/components";
import { type MockOptions, mockPulumi, type MockWorld } from "../../local/mocks/mockPulumi";
import { buildSeconds, installLibrary } from "../support/installedLibrary";

const root = path.resolve(__dirname, "../..");
const load = createRequire(__filename);
const programFile = path.join(root, "infra/index.ts");

describe("the library", () => {
    it("has these components and functions", () => {
        assert.deepEqual(Object.keys(library).sort(), [
            "AppImage",
            "ArtifactBucket",
            "BuildProject",
            "CacheBucket",
            "CiIdentity",
            "DeliveryEnvironment",
            "DeliveryPipeline",
            "Ec2Target",
            "EcsTarget",
            "ImagePipeline",
            "ImageRepository",
            "InfrastructureProject",
            "LambdaTarget",
            "PullRequestProject",
            "ReleaseParameters",
            "buildkitReference",
            "deployEnvironment",
            "deployPolicy",
        ]);
    });

    /** All that a program declares. */
    async function declared(program: () => unknown, options: MockOptions = {}): Promise<MockWorld["resources"]> {
        const world = await mockPulumi(options);
        program();
        await world.settle();
        return world.resources.filter(({ type }) => type !== "pulumi:pulumi:Stack").sort(byUrn);
    }
    const byUrn = (a: { urn: string }, b: { urn: string }) => (a.urn < b.urn ? -1 : 1);

    const variants: [what: string, images: { name: string; context?: string }[]][] = [
        ["one image", [{ name: "app" }]],
        [
            "images with paths as a user writes them",
            [
                { name: "app", context: "./app" },
                { name: "api", context: "app/../app/" },
            ],
        ],
    ];
    for (const [what, images] of variants) {
        it(`declares by names of ${what} just what the program declares by its default settings`, async () => {
            const config = { images: JSON.stringify(images) };
            const ofProgram = await declared(
                () => {
                    delete load.cache[programFile];
                    load(programFile);
                },
                { stack: "Feature", config },
            );
            const ofLibrary = await declared(
                () => new library.ImagePipeline("pipeline", { images, sourceRoot: root }),
                { stack: "Feature" },
            );
            assert.ok(ofProgram.length > 20);
            assert.deepEqual(ofLibrary, ofProgram);
        });
    }
});

/** A program on mocks, in plain JavaScript. It prints the inputs of all resources by name. */
const program = `
const pulumi = require("@pulumi/pulumi");
const { waitForRPCs } = pulumi.runtime;
const known = { arn: "arn:aws:x:::y", digest: "sha256:" + "a".repeat(64), bucket: "bucket", repositoryUrl: "host/name", ref: "host/name@x" };
const resources = {};
pulumi.runtime.setMocks({
    newResource: ({ name, inputs, custom }) => {
        if (custom) resources[name] = inputs;
        return { id: name, state: { ...known, ...inputs } };
    },
    call: ({ inputs }) => ({ ...inputs, partition: "aws", region: "eu-central-1", accountId: "123456789012", password: "" }),
}, "shop", "dev").then(async () => {
    const { ImagePipeline } = require("cached-image-pipeline");
    new ImagePipeline("shop", { images: [{ name: "app", context: "./app" }] });
    for (let last = -1; last !== Object.keys(resources).length; await new Promise(setImmediate)) {
        last = Object.keys(resources).length;
        await waitForRPCs();
    }
    const typeScript = Object.keys(require.cache).filter((file) => file.endsWith(".ts"));
    console.log(JSON.stringify({ resources, typeScript }));
});
`;

describe("examples/minimal", () => {
    const read = (file: string) => JSON.parse(fs.readFileSync(path.join(root, file), "utf8")) as Manifest;

    it("is a program of at most five lines", () => {
        const lines = fs.readFileSync(path.join(root, "examples/minimal/index.ts"), "utf8").match(/.+/g)!;
        assert.ok(lines.length <= 5, `${lines.length} lines`);
    });

    it("installs the package of this version, beside the SDK that the package was tested with", () => {
        const { name, version, devDependencies } = read("package.json");
        assert.deepEqual(read("examples/minimal/package.json").dependencies, {
            "@pulumi/pulumi": devDependencies["@pulumi/pulumi"],
            [name]: `file:../../${name}-${version}.tgz`,
        });
    });
});

/** The parts of package.json that the tests read. */
interface Manifest {
    name: string;
    version: string;
    types: string;
    dependencies: Record<string, string>;
    devDependencies: Record<string, string>;
    peerDependencies: Record<string, string>;
}

describe("the built package", function () {
    this.timeout(buildSeconds * 1000);
    let folder: string;
    let printed: { resources: Record<string, Record<string, unknown>>; typeScript: string[] };

    before(() => {
        folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "cached-image-pipeline-package-"));
        installLibrary(folder);
        fs.cpSync(path.join(root, "examples/minimal/app"), path.join(folder, "app"), { recursive: true });
        fs.mkdirSync(path.join(folder, "main"));
        fs.writeFileSync(path.join(folder, "main/index.js"), program);
        const output = execFileSync(process.execPath, ["index.js"], {
            cwd: path.join(folder, "main"),
            // As Pulumi's language host says it.
            env: { ...process.env, PULUMI_NODEJS_ROOT_DIRECTORY: folder },
            encoding: "utf8",
            maxBuffer: 32 * 1024 * 1024,
        });
        printed = JSON.parse(output) as typeof printed;
    });
    after(() => fs.rmSync(folder, { recursive: true, force: true }));

    it("runs as plain JavaScript", () => {
        assert.deepEqual(printed.typeScript, []);
    });

    it("depends on few packages besides Pulumi's, none of which calls AWS, bundles or reads XML", () => {
        const { dependencies, peerDependencies } = JSON.parse(
            fs.readFileSync(path.join(folder, "node_modules/cached-image-pipeline/package.json"), "utf8"),
        ) as Manifest;
        assert.deepEqual(Object.keys(dependencies), ["dockerfile-ast", "shell-quote", "yaml", "zod"]);
        assert.deepEqual(Object.keys(peerDependencies), [
            "@pulumi/aws",
            "@pulumi/awsx",
            "@pulumi/docker-build",
            "@pulumi/pulumi",
        ]);
    });

    it("has types", () => {
        const { types } = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8")) as Manifest;
        const text = fs.readFileSync(path.join(folder, "node_modules/cached-image-pipeline", types), "utf8");
        assert.match(text, /export \{ ImagePipeline \} from "\.\/pipeline\/imagePipeline";/);
    });

    it("takes project, stack and the folder of Pulumi.yaml from Pulumi", () => {
        const { resources } = printed;
        assert.equal(resources["shop-app-repository"]!["name"], "shop-dev");
        assert.deepEqual(resources["shop-app-image-amd64"]!["context"], { location: "../app" });
    });

    it("gives builds the tools and the buildspec that the program gives", () => {
        const { resources } = printed;
        const { key, content } = packagedTools();
        assert.equal(resources["shop-build-tools"]!["key"], key);
        assert.equal(resources["shop-build-tools"]!["content"], content);
        assert.deepEqual(resources["shop-build-project"]!["source"], {
            type: "NO_SOURCE",
            buildspec: fs.readFileSync(path.join(root, "buildspecs/image.yml"), "utf8"),
        });
    });
});
