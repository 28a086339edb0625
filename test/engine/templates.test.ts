import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse, stringify } from "yaml";
import { projectRoot, worldDirectory } from "../../local/paths";
import { imageSettings } from "../../local/world/base-images";
import { engineEnvironment } from "../../local/world/stack";
import { CommandError, runCommand } from "../../local/world/toolchain/command";
import { serveAwsxProvider } from "../support/earlierStack/awsxProvider";
import { serveWideProvider } from "../support/earlierStack/wideProvider";
import { engineWorld, type EngineWorld } from "../support/engineWorld";
import { buildSeconds, packLibrary } from "../support/installedLibrary";
import { serveLanguageHost } from "../support/languageHost";

const templates = path.join(projectRoot, "templates");

/** Outputs of each template's stack besides those of the image. */
const outputsOf: Record<string, string[]> = {
    image: ["repositoryUrl"],
    "image-ec2": ["deployEnv", "instanceProfileName"],
    "image-ecs": ["deployEnv", "url"],
    "image-lambda": ["aliasArn", "deployEnv"],
};

/** Variables of `deployEnv` that a template's deploy script asks for. */
const variablesOf: Record<string, string[]> = {
    "image-ec2": ["DEPLOY_DOCUMENT", "DEPLOY_TARGETS"],
    "image-ecs": ["ECS_CLUSTER", "ECS_SERVICE", "ECS_CONTAINER", "ECS_TASK_DEFINITION"],
    "image-lambda": ["LAMBDA_FUNCTION", "LAMBDA_ALIAS", "LAMBDA_ARCHITECTURE"],
};

describe("the templates", function () {
    this.timeout(2 * buildSeconds * 1000);
    let engine: EngineWorld;
    let base: string;

    before(async () => {
        engine = await engineWorld();
        base = path.join(worldDirectory(), "templates");
        const clone = path.join(base, "cached-image-pipeline");
        const tarball = packLibrary(path.join(base, "copy"));
        fs.cpSync(templates, path.join(clone, "templates"), { recursive: true });
        fs.renameSync(tarball, path.join(clone, path.basename(tarball)));
    });
    after(() => {
        if (base !== undefined) fs.rmSync(base, { recursive: true, force: true });
    });

    it("are these", () => {
        assert.deepEqual(fs.readdirSync(templates).sort(), Object.keys(outputsOf));
    });

    for (const [name, outputs] of Object.entries(outputsOf)) {
        describe(name, () => {
            let account: Account;

            before(async () => {
                account = await openAccount(engine, base);
            });
            after(async () => {
                await account?.close();
            });

            it("becomes a program by the commands of its README", async () => {
                await account.run(".", commands(name, "pulumi new"));
                useWorld(path.join(account.folder, "shop/Pulumi.dev.yaml"), engine);
                const { dependencies } = JSON.parse(
                    fs.readFileSync(path.join(account.folder, "shop/package.json"), "utf8"),
                ) as { dependencies: Record<string, string> };
                assert.deepEqual(Object.keys(dependencies), ["@pulumi/pulumi", "cached-image-pipeline"]);
            });

            it("is previewed, and created by the command of its README", async () => {
                await account.run("shop", "pulumi preview");
                account.trustTypes();
                await account.run("shop", commands(name, "pulumi up"));
                const known = JSON.parse(await account.run("shop", "pulumi stack output --json")) as Outputs;
                assert.deepEqual(Object.keys(known).sort(), ["buildProjectName", "imageUri", ...outputs].sort());
                assert.match(known["imageUri"]!, /^127\.0\.0\.1:\d+\/shop-dev@sha256:[0-9a-f]{64}$/);
                const variables = (known["deployEnv"] ?? "").split("\n").map((line) => line.split("=")[0]);
                const missing = (variablesOf[name] ?? []).filter((one) => !variables.includes(one));
                assert.deepEqual(missing, []);
            });

            it("changes nothing when it is run again", async () => {
                await account.run("shop", "pulumi preview --expect-no-changes");
            });

            it("builds a changed application", async () => {
                const before = await account.run("shop", "pulumi stack output imageUri");
                fs.appendFileSync(path.join(account.folder, "shop/app/Dockerfile"), "LABEL changed=1\n");
                await account.run("shop", "pulumi up --yes --skip-preview");
                assert.notEqual(await account.run("shop", "pulumi stack output imageUri"), before);
            });

            it("goes without a rest", async () => {
                await account.run("shop", "pulumi destroy --yes --skip-preview");
                const { deployment } = JSON.parse(await account.run("shop", "pulumi stack export")) as {
                    deployment: { resources?: unknown[] };
                };
                assert.deepEqual(deployment.resources ?? [], []);
            });
        });
    }
});

/** Outputs of a stack that are texts. */
type Outputs = Record<string, string>;

/** Person with an account: a folder beside the clone, and the environment that leads to services, state and tools. */
interface Account {
    folder: string;
    /** Runs lines of a shell. @param directory folder below the person's own. @returns their output */
    run(directory: string, lines: string): Promise<string>;
    /** Lets further runs of programs do without the check of types, which takes most of their time. */
    trustTypes(): void;
    close(): Promise<void>;
}

/**
 * Opens the offline world as the account of a person. Resources that the world lacks, those of ECS and Lambda, are created in no account.
 */
async function openAccount({ world, toolchain }: EngineWorld, base: string): Promise<Account> {
    const folder = fs.mkdtempSync(path.join(base, "person-"));
    fs.symlinkSync(path.join(base, "cached-image-pipeline"), path.join(folder, "cached-image-pipeline"));
    for (const name of ["state", "home"]) fs.mkdirSync(path.join(folder, name));
    const host = await serveLanguageHost(folder);
    const [aws, awsx] = [await serveWideProvider(world.awsProviderPort), await serveAwsxProvider()];
    const environment = engineEnvironment({ world, toolchain });
    const env = {
        ...process.env,
        ...environment,
        PATH: `${path.dirname(toolchain.pulumi)}${path.delimiter}${environment["PATH"]}`,
        PULUMI_HOME: path.join(folder, "home"),
        PULUMI_BACKEND_URL: `file://${path.join(folder, "state")}`,
        PULUMI_CONFIG_PASSPHRASE: "offline",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DEBUG_LANGUAGES: `nodejs:${host.port}`,
        PULUMI_DEBUG_PROVIDERS: `aws:${aws.port},awsx:${awsx.port}`,
        // The script of @pulumi/docker-build would download its plugin.
        npm_config_ignore_scripts: "true",
    };
    const run: Account["run"] = (directory, lines) =>
        runCommand("sh", ["-euc", lines], { cwd: path.join(folder, directory), env }).catch((error: unknown) => {
            throw error instanceof CommandError ? new Error(error.output) : error;
        });
    return {
        folder,
        run,
        trustTypes: () => void (host.environment["PULUMI_NODEJS_TRANSPILE_ONLY"] = "true"),
        close: async () => {
            const shop = path.join(folder, "shop");
            try {
                if (fs.existsSync(path.join(shop, "Pulumi.dev.yaml")))
                    await run("shop", "pulumi destroy --yes --skip-preview");
            } finally {
                for (const served of [host, aws, awsx]) served.stop();
            }
        },
    };
}

/** Finds the lines of a template's README that include a command. */
function commands(template: string, command: string): string {
    const readme = fs.readFileSync(path.join(templates, template, "README.md"), "utf8");
    const all = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, lines]) => lines!);
    const blocks = all.filter((lines) => lines.includes(command));
    assert.equal(blocks.length, 1, `README.md of ${template} has ${blocks.length} blocks with ${command}`);
    return blocks[0]!;
}

/** Gives a stack the region, the base images and the BuildKit of the offline world. */
function useWorld(file: string, { world }: EngineWorld): void {
    const { config, ...rest } = parse(fs.readFileSync(file, "utf8")) as { config: Record<string, unknown> };
    const settings = { ...imageSettings(world.registry), forceDestroy: true };
    fs.writeFileSync(
        file,
        stringify({ ...rest, config: { ...config, "aws:region": world.region, "shop:settings": settings } }),
    );
}
