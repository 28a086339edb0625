import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { readConfig } from "../../infra/config/config";
import { settings } from "../../infra/config/settings";
import { buildkitReference, buildkitRelease } from "../../infra/plan/buildkitRelease";
import { mockPulumi } from "../../local/mocks/mockPulumi";

const root = path.resolve(__dirname, "../..");

interface Declaration {
    type: string;
    items?: { type: string };
    description: string;
    default: unknown;
}

const project = parse(fs.readFileSync(path.join(root, "Pulumi.yaml"), "utf8")) as {
    name: string;
    main: string;
    config: Record<string, Declaration>;
};

/** Renders a value as Pulumi passes it to a program. */
function asText(value: unknown): string {
    return typeof value === "string" ? value : JSON.stringify(value);
}

async function read(config: Record<string, unknown>, stack = "dev") {
    const texts = Object.entries(config).map(([key, value]) => [key, asText(value)] as const);
    await mockPulumi({ project: project.name, stack, config: Object.fromEntries(texts) });
    return readConfig();
}

describe("Pulumi.yaml", () => {
    it("starts infra/index.ts by its name: for a folder, Pulumi would start what package.json exports", () => {
        assert.equal(path.join(root, project.main), path.join(root, "infra/index.ts"));
    });

    it("declares exactly the settings that infra/config/settings.ts knows", () => {
        assert.deepEqual(Object.keys(project.config).sort(), Object.keys(settings.shape).sort());
    });

    it("declares the defaults of infra/config/settings.ts", async () => {
        const declared = Object.fromEntries(Object.entries(project.config).map(([key, one]) => [key, one.default]));
        assert.deepEqual(await read(declared), await read({}));
    });

    it("declares each default with its type, and an empty text where there is none", () => {
        const ownDefaults = settings.parse({}) as Record<string, unknown>;
        for (const [key, one] of Object.entries(project.config)) {
            const own = ownDefaults[key];
            const actual = Array.isArray(one.default)
                ? "array"
                : Number.isInteger(one.default)
                  ? "integer"
                  : typeof one.default;
            assert.equal(actual, one.type, key);
            if (one.type === "array" || one.type === "object") continue;
            assert.equal(one.default, own ?? "", key);
        }
    });

    it("describes each setting", () => {
        for (const [key, one] of Object.entries(project.config)) assert.match(one.description, /^.{20,}\.$/s, key);
    });
});

describe("stack files", () => {
    const files = fs.readdirSync(root).filter((name) => /^Pulumi\..+\.yaml$/.test(name));
    const digest = `sha256:${"a".repeat(64)}`;
    /** Settings that a stack needs besides its file. */
    const added: Record<string, Record<string, string>> = { "Pulumi.prod.yaml": { imageDigest: digest } };

    it("are those of dev, local and prod", () => {
        assert.deepEqual(files.sort(), ["Pulumi.dev.yaml", "Pulumi.local.yaml", "Pulumi.prod.yaml"]);
    });

    for (const file of files) {
        const { config } = parse(fs.readFileSync(path.join(root, file), "utf8")) as { config: Record<string, unknown> };

        it(`${file} is a configuration that the program accepts`, async () => {
            const own = Object.entries(config).flatMap(([key, value]) =>
                key.startsWith(`${project.name}:`) ? [[key.slice(project.name.length + 1), value] as const] : [],
            );
            const stack = file.split(".")[1]!;
            const values = await read({ ...Object.fromEntries(own), ...added[file] }, stack);
            assert.equal(values.environment, stack);
        });

        it(`${file} names a region, and nothing of other projects but the provider's`, () => {
            const foreign = Object.keys(config).filter((key) => !key.startsWith(`${project.name}:`));
            assert.deepEqual(foreign, ["aws:region"]);
        });
    }

    it("let prod receive what dev built, from dev's repository", async () => {
        const dev = await read({}, "dev");
        const prod = await read(
            { image: { source: "digest" }, repositoryName: "cached-image-pipeline-dev", imageDigest: digest },
            "prod",
        );
        assert.equal(prod.images[0]?.repositoryName, dev.images[0]?.repositoryName);
        assert.equal(prod.images[0]?.digest, digest);
    });
});

describe("builders", () => {
    /** Lists the images of BuildKit that a file names. */
    const images = (file: string) =>
        [...fs.readFileSync(path.join(root, file), "utf8").matchAll(/(?<=image=)\S+/g)].map(([image]) => image);

    const templates = fs.readdirSync(path.join(root, "templates")).map((name) => `templates/${name}/README.md`);
    for (const page of ["README.md", ...templates]) {
        it(`that ${page} makes are of the release of BuildKit that CodeBuild builds on`, () => {
            assert.deepEqual(images(page), [`moby/buildkit:v${buildkitRelease.version}`]);
        });
    }

    for (const file of ["deploy/github-workflow.yml", "deploy/gitlab-ci.yml"]) {
        it(`that ${file} makes are of this release, by the digest of its image`, () => {
            assert.deepEqual(images(file), [buildkitReference]);
        });
    }
});

describe("the templates", () => {
    const read = (file: string) => JSON.parse(fs.readFileSync(path.join(root, file), "utf8")) as Manifest;
    const { devDependencies } = read("package.json");

    for (const name of fs.readdirSync(path.join(root, "templates"))) {
        it(`${name} installs versions that this project is tested with`, () => {
            const manifest = read(`templates/${name}/package.json`);
            assert.deepEqual(manifest.dependencies, { "@pulumi/pulumi": devDependencies["@pulumi/pulumi"] });
            assert.deepEqual(manifest.devDependencies, { typescript: devDependencies["typescript"] });
        });
    }
});

/** The parts of package.json that the tests read. */
interface Manifest {
    dependencies: Record<string, string>;
    devDependencies: Record<string, string>;
}
