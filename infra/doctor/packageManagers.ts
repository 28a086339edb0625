import type { Command } from "../plan/dockerfile/shellCommands";

/** Words that make a program install or fetch packages, by program; flags are left out. */
const installs: Record<string, string[]> = {
    apk: ["add"],
    apt: ["install"],
    "apt-get": ["install"],
    bun: ["install"],
    bundle: ["install"],
    cargo: ["fetch"],
    composer: ["install"],
    dnf: ["install"],
    dotnet: ["restore"],
    gem: ["install"],
    go: ["mod download", "get"],
    microdnf: ["install"],
    npm: ["ci", "install", "i", "clean-install"],
    pip: ["install", "download", "wheel"],
    pip3: ["install", "download", "wheel"],
    pipenv: ["install", "sync"],
    pnpm: ["install", "i", "fetch"],
    poetry: ["install"],
    uv: ["sync", "pip install", "pip sync"],
    yarn: ["install"],
    yum: ["install"],
};

/** Flags with which an install skips dependencies and installs the application only. */
const withoutDependencies = new Set(["--no-deps", "--no-dependencies"]);

/** Tells whether a command installs or fetches packages that an application depends on. */
export function installsDependencies(command: Command): boolean {
    const [program = "", ...words] = managerCommand(command);
    const actions = installs[program] ?? [];
    if (words.some((word) => withoutDependencies.has(word))) return false;
    const text = words.filter((word) => !word.startsWith("-")).join(" ");
    // `yarn` alone installs.
    return (program === "yarn" && text === "") || actions.some((action) => `${text} `.startsWith(`${action} `));
}

/** Replaces `python -m pip` and `corepack pnpm` at the start of a command by `pip` and `pnpm`. */
export function managerCommand(command: Command): Command {
    const [program = "", first, ...rest] = command;
    if (/^python[0-9.]*$/.test(program) && first === "-m") return rest;
    return program === "corepack" && first !== undefined ? [first, ...rest] : command;
}
