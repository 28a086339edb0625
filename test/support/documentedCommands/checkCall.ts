import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { minimatch } from "minimatch";
import { parseOptions as parseBenchOptions } from "../../../bench/run/options";
import { parseOptions as parseScaleOptions } from "../../../bench/scale/options";
import { outputs } from "../../../docs/generate/outputs";
import { settings } from "../../../infra/config/settings";
import { parseCommandLine as parseCodebuildOptions } from "../../../local/aws/codebuild";
import { parseDoctorOptions } from "../../../local/commands/doctorOptions";
import { parsePipelineOptions } from "../../../local/commands/pipelineOptions";
import { parseSmokeOptions } from "../../../local/commands/smoke/options";
import { projectRoot, toolsDirectory } from "../../../local/paths";
import { parseVersionsOptions } from "../../versions/options";
import { testGroups } from "../testGroups";
import type { Call } from "./recordCalls";

/** Parsers of the options of scripts of package.json; the others take none in the pages. All throw on a wrong option. */
const scriptOptions: Record<string, (args: string[]) => unknown> = {
    bench: parseBenchOptions,
    "bench:scale": parseScaleOptions,
    codebuild: parseCodebuildOptions,
    doctor: parseDoctorOptions,
    pipeline: parsePipelineOptions,
    // The repository of the pages' words for one's own.
    smoke: (args) =>
        parseSmokeOptions(
            args.map((word) => ({ NAME: "try", URL: "https://github.com/acme/shop.git" })[word] ?? word),
            () => false,
        ),
    versions: parseVersionsOptions,
};

/** Checks of a program's arguments, each by the program's own parser where it has one. Each throws an Error with what is wrong. */
const checks: Record<string, (args: string[], folder: string) => void> = {
    npm: checkNpm,
    npx: ([program, ...files]) => {
        if (program !== "mocha") throw new Error(`${program} is no program that the pages may start by npx`);
        for (const pattern of files) requireFile(pattern);
    },
    node: checkNode,
    aws: checkAws,
    pulumi: (args) => checkHelp(path.join(toolsDirectory, "bin/pulumi"), args),
    docker: ([plugin, ...args]) => {
        if (plugin !== "buildx") throw new Error(`docker ${plugin} is not checked; only docker buildx is`);
        checkHelp(path.join(toolsDirectory, "bin/docker-buildx"), args);
    },
};

/**
 * Checks that a program takes the arguments of a call.
 *
 * @param folder empty folder, for files that the call names
 * @throws Error with the place, the call, and what is wrong
 */
export function checkCall(call: Call, folder: string): void {
    const { place, program, arguments: args } = call;
    try {
        const check = checks[program];
        if (check === undefined) checkDeployScript(program, args);
        else check(args, folder);
        if (program === "pulumi") checkNames(args);
    } catch (error) {
        throw new Error(`${place}: ${[program, ...args].join(" ")}: ${(error as Error).message}`, { cause: error });
    }
}

function checkNpm([command = "", ...args]: string[]): void {
    if (["ci", "install", "pack"].includes(command)) return;
    const isShort = ["start", "test"].includes(command);
    const [script = "", separator, ...options] = isShort ? [command, ...args] : args;
    if (!isShort && command !== "run") throw new Error(`npm ${command} is not checked`);
    requireScript(script);
    if (separator === undefined) return;
    if (separator !== "--") throw new Error(`options of a script come after --, and "${separator}" does not`);
    const parse = scriptOptions[script];
    if (parse === undefined) throw new Error(`the options of ${script} are not checked`);
    parse(options);
}

/** Refuses a script that package.json does not have. */
export function requireScript(script: string): void {
    const { scripts } = JSON.parse(fs.readFileSync(path.join(projectRoot, "package.json"), "utf8")) as {
        scripts: Record<string, string>;
    };
    if (!(script in scripts)) throw new Error(`package.json has no script ${script}`);
}

function checkNode([file = "", ...args]: string[]): void {
    if (file === "tools.js") {
        const source = fs.readFileSync(path.join(projectRoot, "infra/buildTools/main.ts"), "utf8");
        const commands = [...source.matchAll(/^ {4}async (\w+)\(/gm)].map(([, name]) => name);
        if (!commands.includes(args[0])) throw new Error(`the build tools have ${commands.join(", ")}`);
        return;
    }
    for (const name of [file, ...args.slice(0, 1)]) requireFile(name);
    const unknown = args.slice(1).filter((name) => !["lint", ...Object.keys(testGroups)].includes(name));
    if (args[0] !== "test/run.ts" || unknown.length > 0) throw new Error(`there is no group ${unknown.join(", ")}`);
}

/** Refuses a pattern that no file of the repository matches. */
function requireFile(pattern: string): void {
    const folder = path.join(projectRoot, pattern.split("/")[0]!);
    const names = fs.existsSync(folder) ? fs.readdirSync(folder, { recursive: true, encoding: "utf8" }) : [];
    const files = names.map((name) => path.join(pattern.split("/")[0]!, name));
    if (!files.some((file) => minimatch(file, pattern))) throw new Error(`there is no file ${pattern}`);
}

/**
 * Lets the AWS CLI parse the arguments and botocore check the parameters: both are done when it looks for a server, and at the address
 * that it is given nobody listens.
 */
function checkAws(args: string[], folder: string): void {
    fs.writeFileSync(path.join(folder, "template.yaml"), "Resources: {}\n");
    const { stdout, stderr } = spawnSync(path.join(toolsDirectory, "python/bin/aws"), args, {
        cwd: folder,
        encoding: "utf8",
        env: {
            HOME: folder,
            AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
            AWS_SECRET_ACCESS_KEY: "none",
            AWS_DEFAULT_REGION: "eu-central-1",
            AWS_ENDPOINT_URL: "http://127.0.0.1:9",
            AWS_MAX_ATTEMPTS: "1",
        },
    });
    if (!stderr.includes("Could not connect to the endpoint URL")) throw new Error(`${stdout}${stderr}`.trim());
}

/**
 * Lets a program of Cobra parse the arguments: it refuses unknown flags and commands before it shows the help of a command. A word that no
 * command has is an argument, which the help has to show.
 *
 * @see https://github.com/spf13/cobra
 */
function checkHelp(program: string, args: string[]): void {
    const env = { PATH: process.env.PATH, PULUMI_SKIP_UPDATE_CHECK: "true", HOME: "/nonexistent" };
    const { status, stdout, stderr } = spawnSync(program, [...args, "--help"], { encoding: "utf8", env });
    if (status !== 0) throw new Error(`${stdout}${stderr}`.trim());
    const words = /^Usage:\s+\S+ +(.*)$/m.exec(stdout)![1]!.split(" ");
    const aliases = /^Aliases:\s+(.*)$/m.exec(stdout)?.[1]?.split(", ") ?? [];
    const end = words.findIndex((word) => !/^[a-z-]+$/.test(word));
    const command = end < 0 ? words : words.slice(0, end);
    const isNamed = (word: string, index: number) =>
        args[index] === word || (index === command.length - 1 && aliases.includes(args[index]!));
    if (command.length === 0 || !command.every(isNamed)) throw new Error(`it is understood as "${words.join(" ")}"`);
    const given = args[command.length];
    const isArgument = (word: string) => !["[flags]", "[OPTIONS]", "[--]"].includes(word);
    const takesArguments = words.slice(command.length).some(isArgument);
    if (given !== undefined && !given.startsWith("-") && !takesArguments) {
        throw new Error(`"${given}" is no command; the usage is "${words.join(" ")}"`);
    }
}

/** Refuses to set what is no setting of the program, and to print what is no output. Names with a colon belong to other packages. */
function checkNames(args: string[]): void {
    const [name] = args.slice(2).filter((word) => !word.startsWith("-"));
    const [setting = ""] = (name ?? "").split(/[.[]/);
    const command = args.slice(0, 2).join(" ");
    if (command === "config set" && !setting.includes(":") && !(setting in settings.shape)) {
        throw new Error(`${setting} is not a setting`);
    }
    // The name of a stack may follow where no output is named.
    if (command === "stack output" && name !== undefined && args.indexOf(name) === 2 && !(name in outputs)) {
        throw new Error(`${name} is not an output`);
    }
}

/** Lets a deploy script parse its arguments; it then finds that the variables of a stack are missing. */
function checkDeployScript(script: string, args: string[]): void {
    const file = path.join(projectRoot, script);
    const env = { PATH: `${path.join(toolsDirectory, "python/bin")}:/usr/bin:/bin` };
    const { stderr } = spawnSync("sh", [file, ...args], { encoding: "utf8", env });
    if (!/REPOSITORY_URL/.test(stderr)) throw new Error(stderr.trim());
}
