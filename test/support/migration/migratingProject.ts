import * as fs from "node:fs";
import * as path from "node:path";
import { projectRoot, toolsDirectory, worldDirectory } from "../../../local/paths";
import { imageSettings } from "../../../local/world/base-images";
import { engineEnvironment } from "../../../local/world/stack";
import { CommandError, runCommand } from "../../../local/world/toolchain/command";
import { type EngineWorld, singleFile } from "../engineWorld";
import type { LanguageHost } from "../languageHost";

/** Numbers of resources in the summary of the CLI, by the engine's words; `unchanged` and what there is none of are left out. */
export type Summary = Partial<Record<"create" | "update" | "replace" | "delete" | "import", number>>;

/** Words of the CLI's summary, before and after. */
const words: Record<string, keyof Summary> = {
    "to create": "create",
    created: "create",
    "to update": "update",
    updated: "update",
    "to replace": "replace",
    replaced: "replace",
    "to delete": "delete",
    deleted: "delete",
    "to import": "import",
    imported: "import",
};

/** Folder of a Pulumi project as a reader of the guide has it, whose commands bash runs against the offline world. */
export class MigratingProject {
    private constructor(
        private readonly engine: EngineWorld,
        private readonly host: LanguageHost,
        private readonly folder: string,
        private names: Record<string, string>,
    ) {}

    /**
     * Makes the folder: Pulumi.yaml, the application, and the library beside it.
     *
     * @param names names of the origin, by the guide's names that they take the place of
     */
    static create(
        engine: EngineWorld,
        host: LanguageHost,
        name: string,
        names: Record<string, string>,
    ): MigratingProject {
        const project = new MigratingProject(engine, host, path.join(worldDirectory(), "migration", name), {
            // Parameters, for one, are named after project and stack.
            "::shop::": `::${name}::`,
            ...names,
        });
        project.write("Pulumi.yaml", `name: ${name}\nruntime: nodejs\n`);
        project.write("package.json", JSON.stringify({ name: "shop", main: "index.ts" }));
        project.write("tsconfig.json", JSON.stringify({ extends: path.join(projectRoot, "infra/tsconfig.json") }));
        for (const [file, content] of Object.entries(singleFile(name))) project.write(`app/${file}`, content);
        project.write("node_modules/cached-image-pipeline/index.js", libraryOf(engine));
        const scope = path.join(project.folder, "node_modules/@pulumi");
        fs.symlinkSync(path.join(projectRoot, "node_modules/@pulumi"), scope);
        fs.mkdirSync(path.join(project.folder, "state"));
        return project;
    }

    /** Adds names that are known only now. */
    rename(names: Record<string, string>): void {
        this.names = { ...this.names, ...names };
    }

    /** Writes a file of the project, with the origin's names. */
    write(file: string, content: string): void {
        const location = path.join(this.folder, file);
        fs.mkdirSync(path.dirname(location), { recursive: true });
        fs.writeFileSync(location, this.renamed(content));
    }

    /** Reads a file of the project. */
    read(file: string): string {
        return fs.readFileSync(path.join(this.folder, file), "utf8");
    }

    /**
     * Runs commands of the guide. What a person is asked by `pulumi` is answered with yes.
     *
     * @returns what they print
     * @throws Error with what the commands printed when one of them fails
     */
    async run(commands: string): Promise<string> {
        const { output, failed } = await this.attempt(commands);
        if (failed) throw new Error(`${commands}\n${output.split("\n").slice(-50).join("\n")}`);
        return output;
    }

    /** Runs a command that has to fail. @returns what it prints */
    async refusal(command: string): Promise<string> {
        const { output, failed } = await this.attempt(command);
        if (!failed) throw new Error(`"${command}" succeeded, and should have failed:\n${output}`);
        return output;
    }

    private async attempt(commands: string): Promise<{ output: string; failed: boolean }> {
        const args = ["-euo", "pipefail", "-c", `${withoutQuestions}\n${this.renamed(commands)}`];
        try {
            const output = await runCommand("bash", args, { cwd: this.folder, env: this.environment() });
            return { output, failed: false };
        } catch (error) {
            if (error instanceof CommandError) return { output: error.output, failed: true };
            throw error;
        }
    }

    private renamed(text: string): string {
        return Object.entries(this.names).reduce((result, [guide, own]) => result.replaceAll(guide, own), text);
    }

    private environment(): NodeJS.ProcessEnv {
        const { world, toolchain } = this.engine;
        const own = engineEnvironment(this.engine);
        const programs = [path.join(toolchain.pulumiRoot, "bin"), path.join(toolsDirectory, "python/bin"), own.PATH];
        return {
            ...process.env,
            ...own,
            PATH: programs.join(path.delimiter),
            PULUMI_BACKEND_URL: `file://${path.join(this.folder, "state")}`,
            PULUMI_HOME: path.join(this.folder, "home"),
            PULUMI_CONFIG_PASSPHRASE: "migration",
            PULUMI_SKIP_UPDATE_CHECK: "true",
            PULUMI_DEBUG_LANGUAGES: `nodejs:${this.host.port}`,
            AWS_ENDPOINT_URL: world.endpoint,
            AWS_DEFAULT_REGION: world.region,
            AWS_ACCESS_KEY_ID: world.accessKeyId,
            AWS_SECRET_ACCESS_KEY: world.secretAccessKey,
        };
    }
}

/** Answers the questions of the CLI. */
const withoutQuestions = `pulumi() {
    case $1 in
        up | import) command pulumi "$@" --yes --skip-preview --color never ;;
        *) command pulumi "$@" --non-interactive --color never ;;
    esac
}`;

/** Makes the library as a module that leads to its sources and to what the offline world has in place of BuildKit's own image. */
function libraryOf({ world }: EngineWorld): string {
    return `
const library = require(${JSON.stringify(path.join(projectRoot, "infra/components.ts"))});
class ImagePipeline extends library.ImagePipeline {
    constructor(name, args, opts) {
        super(name, { ...args, ...${JSON.stringify(imageSettings(world.registry))} }, opts);
    }
}
module.exports = { ...library, ImagePipeline };
`;
}

/** Reads the summary that `pulumi` prints last. @throws Error where there is none */
export function summaryOf(output: string): Summary {
    const resources = output.split(/^Resources:$/m).at(-1);
    if (resources === undefined || resources === output) throw new Error(`There is no summary in:\n${output}`);
    const counts = [...resources.matchAll(/^ +(?:\S+ ?)?(\d+) (to \w+|\w+)$/gm)];
    return Object.fromEntries(
        counts.flatMap(([, count, word]) => (words[word!] === undefined ? [] : [[words[word!]!, Number(count)]])),
    );
}
