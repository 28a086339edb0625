/**
 * Commands of builds, in the order in which the buildspec calls them, each with the work folder; then commands without a folder. One bundled
 * file runs them in CodeBuild's Node; their output goes to the build log.
 */
const commands: Record<string, (folder: string, ...args: string[]) => Promise<void>> = {
    /** Decides which images are adopted and which are built. */
    async prepare(folder) {
        // Loaded where they are needed: AWS's SDK takes longer to load than a command without calls to AWS takes in all.
        const { prepare } = await import("./prepare.js");
        await prepare(folder, process.env, process.cwd());
    },

    /** Builds, tests and pushes missing images. */
    async build(folder) {
        const { build } = await import("./build.js");
        await build(folder, process.env);
    },

    /** Proves built images, gives the commit's tag, and writes exported variables, artifacts and metrics. */
    async finish(folder, artifacts = "") {
        const { finish } = await import("./finish.js");
        await finish(folder, artifacts, process.env);
    },

    /** Writes the scripts of deploys to the folder. */
    async scripts(folder) {
        const { writeScripts } = await import("./scripts.js");
        await writeScripts(folder);
    },

    /** Refuses an image with findings that are too severe and that nobody has allowed. */
    async scan() {
        const { scan } = await import("./scan.js");
        await scan(process.env, process.cwd());
    },
};

// AWS's SDK would warn of the Node.js 18 of CodeBuild's images at each start.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";

async function main([name = "", folder = "", ...args]: string[]): Promise<void> {
    const command = commands[name];
    if (command === undefined) {
        throw new Error(`There is no command "${name}"; there are ${Object.keys(commands).join(", ")}.`);
    }
    await command(folder, ...args);
}

main(process.argv.slice(2)).catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
});
