import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { projectRoot, worldDirectory } from "../../local/paths";
import { type Account, openAccount, useWorld } from "../support/account";
import { engineWorld, type EngineWorld } from "../support/engineWorld";
import { buildSeconds, packLibrary } from "../support/installedLibrary";

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

/** Finds the lines of a template's README that include a command. */
function commands(template: string, command: string): string {
    const readme = fs.readFileSync(path.join(templates, template, "README.md"), "utf8");
    const all = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, lines]) => lines!);
    const blocks = all.filter((lines) => lines.includes(command));
    assert.equal(blocks.length, 1, `README.md of ${template} has ${blocks.length} blocks with ${command}`);
    return blocks[0]!;
}
