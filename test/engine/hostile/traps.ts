import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { writeHostileRepository } from "../../support/hostileRepository";

/** Places of a trap. */
export interface Places {
    /** Root of the source. */
    source: string;
    /** Folder of all contexts in it. */
    contexts: string;
    /** File that the program leaves. */
    mark: string;
}

/** File or folder of a source whose program must not run on the build host. */
export interface Trap {
    what: string;
    /** Function that writes the trap. */
    set: (places: Places) => void;
    /**
     * Function that makes commands that trigger the trap, in the root of the source, which is the home as well: traps.test.ts shows that it
     * works.
     */
    step: (places: Places) => string;
}

/** Makes a shell script that leaves a mark. */
const script = (mark: string) => `#!/bin/sh\ntouch '${mark}'\nexit 1\n`;

function write(file: string, content: string, mode = 0o644): void {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, content, { mode });
}

/** Makes a command that reads a repository. */
const showIn = (folder: string) => `git -C '${folder}' show --quiet HEAD --`;

/** Traps in builds that are not refused. */
export const inertTraps: Trap[] = [
    {
        what: "a Git repository below the context",
        set: ({ contexts, mark }) => writeHostileRepository(path.join(contexts, "hostile-app", "below"), mark),
        step: ({ contexts }) => showIn(path.join(contexts, "hostile-app", "below")),
    },
    {
        what: "a Git repository beside the context",
        set: ({ contexts, mark }) => writeHostileRepository(path.join(contexts, "beside"), mark),
        step: ({ contexts }) => showIn(path.join(contexts, "beside")),
    },
    {
        what: "a Git repository in the folder of a Dockerfile outside the context",
        set: ({ contexts, mark }) => writeHostileRepository(path.join(contexts, "hostile-dockerfiles"), mark),
        step: ({ contexts }) => showIn(path.join(contexts, "hostile-dockerfiles")),
    },
    {
        what: "a changed buildspec",
        set: ({ source, mark }) => {
            const text = `version: 0.2\nphases:\n  build:\n    commands:\n      - touch '${mark}'\n`;
            for (const file of ["buildspec.yml", "buildspecs/image.yml"]) write(path.join(source, file), text);
        },
        step: () => "sed -n 's/^ *- //p' buildspec.yml | sh",
    },
    {
        what: "programs called as those of the build",
        set: ({ source, mark }) => {
            for (const name of ["node", "aws", "git", "docker", "docker-buildx", "sha256sum", "tools.js"]) {
                write(path.join(source, name), script(mark), 0o755);
            }
        },
        step: () => "PATH=$PWD:$PATH node",
    },
    {
        what: "start files of shells",
        set: ({ source, mark }) => {
            for (const name of [".bashrc", ".bash_profile", ".profile", ".env"]) {
                write(path.join(source, name), `touch '${mark}'\n`);
            }
        },
        step: () => "bash --login -c true",
    },
    {
        what: "settings and modules of Node.js",
        set: ({ source, mark }) => {
            const program = `require("node:fs").writeFileSync(${JSON.stringify(mark)}, "");\n`;
            write(
                path.join(source, "package.json"),
                JSON.stringify({ main: "index.js", scripts: { preinstall: `touch ${mark}` } }),
            );
            write(path.join(source, "index.js"), program);
            write(path.join(source, ".npmrc"), `node-options=--require ${path.join(source, "index.js")}\n`);
            for (const name of ["@aws-sdk/client-ecr", "esbuild"]) {
                write(path.join(source, "node_modules", name, "index.js"), program);
            }
        },
        step: () => `node -e 'require("esbuild")'`,
    },
    {
        what: "modules that Python loads at its start",
        set: ({ source, mark }) => {
            for (const name of ["sitecustomize.py", "usercustomize.py"]) {
                write(path.join(source, name), `open(${JSON.stringify(mark)}, "w")\n`);
            }
        },
        step: () => "PYTHONPATH=. python3 -c pass",
    },
    {
        what: "plugins and credential helpers of Docker",
        set: ({ source, mark }) => {
            write(path.join(source, ".docker/config.json"), JSON.stringify({ credsStore: "hostile" }));
            for (const name of [".docker/cli-plugins/docker-buildx", "docker-credential-hostile"]) {
                write(path.join(source, name), script(mark), 0o755);
            }
        },
        step: () => "PATH=$PWD:$PATH docker-credential-hostile get",
    },
    {
        what: "settings of git in files of the source",
        set: ({ source, mark }) => {
            const submodule = `[submodule "x"]\npath = x\nurl = ext::sh -c "touch ${mark}"\nupdate = !touch ${mark}\n`;
            write(path.join(source, ".gitmodules"), submodule);
            write(path.join(source, ".gitconfig"), `[core]\nfsmonitor = touch ${mark}\n`);
            write(path.join(source, ".gitattributes"), "* filter=hostile diff=hostile merge=hostile\n");
        },
        step: () => "git init --quiet x && touch x/y && git -C x add --all && git -C x status",
    },
    {
        what: "files whose names are commands",
        set: ({ contexts, mark }) => {
            const command = `touch ${mark.replaceAll("/", "${HOME%${HOME#?}}")}`;
            for (const name of [`$(${command})`, `;${command};`, `\`${command}\``, "--output=x", "a\nb"]) {
                write(path.join(contexts, "hostile-app", "names", name), "x");
            }
        },
        step: ({ contexts }) => `cd '${contexts}/hostile-app/names' && for name in *; do eval ": $name"; done`,
    },
];

/** Traps at places of a build context, or above it, where git would find a repository; the build is refused. */
export const refusedTraps: Trap[] = [
    {
        what: "a Git repository as the context",
        set: ({ contexts, mark }) => writeHostileRepository(path.join(contexts, "hostile-app"), mark),
        step: ({ contexts }) => showIn(path.join(contexts, "hostile-app")),
    },
    {
        what: "a Git repository above the context",
        set: ({ contexts, mark }) => writeHostileRepository(contexts, mark),
        step: ({ contexts }) => showIn(contexts),
    },
    {
        what: "a Git repository as the source",
        set: ({ source, mark }) => writeHostileRepository(source, mark),
        step: ({ source }) => showIn(source),
    },
];

/** Settings of a repository, and hooks that are programs. */
interface RepositorySettings {
    what: string;
    settings: (program: string) => string;
    hooks?: string[];
    /** Command of git that runs a program of the settings. */
    step: string;
}

const repositorySettings: RepositorySettings[] = [
    {
        what: "a file system monitor",
        settings: (program) => `[core]\nfsmonitor = ${program}\n`,
        step: "git status",
    },
    {
        what: "hooks",
        settings: (program) => `[core]\nhooksPath = ${path.dirname(program)}\n`,
        hooks: ["post-checkout", "post-index-change", "reference-transaction", "fsmonitor-watchman"],
        step: "git checkout --detach",
    },
    {
        what: "filters",
        settings: (program) => `[filter "hostile"]\nclean = ${program}\nsmudge = ${program}\nprocess = ${program}\n`,
        step: "git checkout-index --all --force",
    },
    {
        what: "a remote that is a program",
        settings: (program) =>
            `[extensions]\npartialClone = origin\n[remote "origin"]\nurl = .\npromisor = true\nuploadpack = ${program}\n`,
        step: "git fetch origin",
    },
    {
        what: "commands for logins, pages and differences",
        settings: (program) =>
            `[credential]\nhelper = !${program}\n[core]\npager = ${program}\nsshCommand = ${program}\n[diff]\nexternal = ${program}\n`,
        step: "echo >> .gitattributes && git diff",
    },
];

/** Traps in the work tree of a person who unpacked an archive; all of them share one repository. */
export const repositoryTraps: Trap[] = repositorySettings.map(({ what, settings, hooks = [], step }) => ({
    what: `a source that is a work tree with ${what}`,
    set: ({ source, mark }) => {
        const program = path.join(`${mark}-programs`, "program");
        for (const name of ["program", ...hooks]) write(path.join(`${mark}-programs`, name), script(mark), 0o755);
        if (!fs.existsSync(path.join(source, ".git"))) commitAll(source);
        fs.appendFileSync(path.join(source, ".git/config"), settings(program));
    },
    step: () => step,
}));

function commitAll(source: string): void {
    write(path.join(source, ".gitattributes"), "* filter=hostile\n");
    const identity = ["-c", "user.name=x", "-c", "user.email=x@example.org"];
    for (const args of [
        ["init", "-q"],
        ["add", "--all"],
        [...identity, "commit", "-qm", "x"],
    ]) {
        execFileSync("git", ["-C", source, ...args], { stdio: "ignore" });
    }
}
