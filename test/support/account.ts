import * as fs from "node:fs";
import * as path from "node:path";
import { parse, stringify } from "yaml";
import { imageSettings } from "../../local/world/base-images";
import { engineEnvironment } from "../../local/world/stack";
import { CommandError, runCommand } from "../../local/world/toolchain/command";
import { serveAwsxProvider } from "./earlierStack/awsxProvider";
import { serveWideProvider } from "./earlierStack/wideProvider";
import type { EngineWorld } from "./engineWorld";
import { serveLanguageHost } from "./languageHost";

/** Person with an account: a folder beside the clone, and the environment that leads to services, state and tools. */
export interface Account {
    folder: string;
    /** Runs lines of a shell. @param directory folder below the person's own. @returns their output */
    run(directory: string, lines: string): Promise<string>;
    /** Lets further runs of programs do without the check of types, which takes most of their time. */
    trustTypes(): void;
    close(): Promise<void>;
}

/**
 * Opens the offline world as the account of a person. Resources that the world lacks, those of ECS and Lambda, are created in no account.
 *
 * @param base folder for the person's own, which holds cached-image-pipeline
 * @param programs folders of further programs
 */
export async function openAccount(
    { world, toolchain }: EngineWorld,
    base: string,
    programs: string[] = [],
): Promise<Account> {
    const folder = fs.mkdtempSync(path.join(base, "person-"));
    fs.symlinkSync(path.join(base, "cached-image-pipeline"), path.join(folder, "cached-image-pipeline"));
    for (const name of ["state", "home"]) fs.mkdirSync(path.join(folder, name));
    const host = await serveLanguageHost(path.join(folder, "shop"));
    const [aws, awsx] = [await serveWideProvider(world.awsProviderPort), await serveAwsxProvider()];
    const environment = engineEnvironment({ world, toolchain });
    const env = {
        ...process.env,
        ...environment,
        PATH: [path.dirname(toolchain.pulumi), ...programs, environment["PATH"]].join(path.delimiter),
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

/** Gives a stack the region, the base images and the BuildKit of the offline world. */
export function useWorld(file: string, { world }: EngineWorld): void {
    const { config, ...rest } = parse(fs.readFileSync(file, "utf8")) as { config: Record<string, unknown> };
    const settings = { ...imageSettings(world.registry), forceDestroy: true };
    fs.writeFileSync(
        file,
        stringify({ ...rest, config: { ...config, "aws:region": world.region, "shop:settings": settings } }),
    );
}
