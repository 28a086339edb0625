import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { writeHostileRepository } from "../../support/hostileRepository";

/** A file or folder of a source whose program must not run on the build host. */
export interface Trap {
    what: string;
    /** Writes it. @param source root of the source @param mark file that the program leaves */
    set: (places: { source: string; contexts: string; mark: string }) => void;
}

/** A shell script that leaves a mark. */
const script = (mark: string) => `#!/bin/sh\ntouch '${mark}'\nexit 1\n`;

function write(file: string, content: string, mode = 0o644): void {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, content, { mode });
}

/** What a build meets that is not refused. */
export const inertTraps: Trap[] = [
    {
        what: "a Git repository below the context",
        set: ({ contexts, mark }) => writeHostileRepository(path.join(contexts, "hostile-app", "below"), mark),
    },
    {
        what: "a Git repository beside the context",
        set: ({ contexts, mark }) => writeHostileRepository(path.join(contexts, "beside"), mark),
    },
    {
        what: "a Git repository in the folder of a Dockerfile outside the context",
        set: ({ contexts, mark }) => writeHostileRepository(path.join(contexts, "hostile-dockerfiles"), mark),
    },
    {
        what: "a changed buildspec",
        set: ({ source, mark }) => {
            const text = `version: 0.2\nphases:\n  build:\n    commands:\n      - touch '${mark}'\n`;
            for (const file of ["buildspec.yml", "buildspecs/image.yml"]) write(path.join(source, file), text);
        },
    },
    {
        what: "programs called as those of the build",
        set: ({ source, mark }) => {
            for (const name of ["node", "aws", "git", "docker", "docker-buildx", "sha256sum", "tools.js"]) {
                write(path.join(source, name), script(mark), 0o755);
            }
        },
    },
    {
        what: "start files of shells",
        set: ({ source, mark }) => {
            for (const name of [".bashrc", ".bash_profile", ".profile", ".env"]) {
                write(path.join(source, name), `touch '${mark}'\n`);
            }
        },
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
    },
    {
        what: "modules that Python loads at its start",
        set: ({ source, mark }) => {
            for (const name of ["sitecustomize.py", "usercustomize.py", "encodings.py"]) {
                write(path.join(source, name), `open(${JSON.stringify(mark)}, "w")\n`);
            }
        },
    },
    {
        what: "plugins and credential helpers of Docker",
        set: ({ source, mark }) => {
            write(path.join(source, ".docker/config.json"), JSON.stringify({ credsStore: "hostile" }));
            for (const name of [".docker/cli-plugins/docker-buildx", "docker-credential-hostile"]) {
                write(path.join(source, name), script(mark), 0o755);
            }
        },
    },
    {
        what: "settings of git in files of the source",
        set: ({ source, mark }) => {
            const submodule = `[submodule "x"]\npath = x\nurl = ext::sh -c "touch ${mark}"\nupdate = !touch ${mark}\n`;
            write(path.join(source, ".gitmodules"), submodule);
            write(path.join(source, ".gitconfig"), `[core]\nfsmonitor = touch ${mark}\n`);
            write(path.join(source, ".gitattributes"), "* filter=hostile diff=hostile merge=hostile\n");
        },
    },
    {
        what: "files whose names are commands",
        set: ({ contexts, mark }) => {
            const command = `touch ${mark.replaceAll("/", "${HOME%${HOME#?}}")}`;
            for (const name of [`$(${command})`, `;${command};`, `\`${command}\``, "--output=x", "a\nb"]) {
                write(path.join(contexts, "hostile-app", "names", name), "x");
            }
        },
    },
];

/** Places of a build context, or above it, where git would find a repository; the build is refused. */
export const refusedTraps: Trap[] = [
    {
        what: "a Git repository as the context",
        set: ({ contexts, mark }) => writeHostileRepository(path.join(contexts, "hostile-app"), mark),
    },
    {
        what: "a Git repository above the context",
        set: ({ contexts, mark }) => writeHostileRepository(contexts, mark),
    },
    {
        what: "a Git repository as the source",
        set: ({ source, mark }) => writeHostileRepository(source, mark),
    },
];

/** Settings of a repository, and hooks that are programs. */
interface RepositorySettings {
    what: string;
    settings: (program: string) => string;
    hooks?: string[];
}

const repositorySettings: RepositorySettings[] = [
    { what: "a file system monitor", settings: (program) => `[core]\nfsmonitor = ${program}\n` },
    {
        what: "hooks",
        settings: (program) => `[core]\nhooksPath = ${path.dirname(program)}\n`,
        hooks: ["post-checkout", "post-index-change", "reference-transaction", "fsmonitor-watchman"],
    },
    {
        what: "filters",
        settings: (program) => `[filter "hostile"]\nclean = ${program}\nsmudge = ${program}\nprocess = ${program}\n`,
    },
    {
        what: "a remote that is a program",
        settings: (program) =>
            `[extensions]\npartialClone = origin\n[remote "origin"]\nurl = .\npromisor = true\nuploadpack = ${program}\n`,
    },
    {
        what: "commands for logins, pages and differences",
        settings: (program) =>
            `[credential]\nhelper = !${program}\n[core]\npager = ${program}\nsshCommand = ${program}\n[diff]\nexternal = ${program}\n`,
    },
];

/** A work tree of a person who unpacked somebody's archive; all of them share one repository. */
export const repositoryTraps: Trap[] = repositorySettings.map(({ what, settings, hooks = [] }) => ({
    what: `a source that is a work tree with ${what}`,
    set: ({ source, mark }) => {
        const program = path.join(`${mark}-programs`, "program");
        for (const name of ["program", ...hooks]) write(path.join(`${mark}-programs`, name), script(mark), 0o755);
        if (!fs.existsSync(path.join(source, ".git"))) commitAll(source);
        fs.appendFileSync(path.join(source, ".git/config"), settings(program));
    },
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
