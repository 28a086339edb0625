import * as fs from "node:fs";
import * as path from "node:path";

/**
 * Writes files that git takes for a repository into a folder; git itself accepts such files in a commit. The repository lacks its objects,
 * so any command that needs one asks the "remote". That is a program beside the files (gitprotocol and partial clones:
 * https://git-scm.com/docs/partial-clone).
 *
 * @param mark file that the program writes when it runs (absolute)
 * @param settings lines for the repository's `config` besides these
 */
export function writeHostileRepository(folder: string, mark: string, settings: string[] = []): void {
    const files = {
        HEAD: "ref: refs/heads/main\n",
        config: [
            ...["[core]", "repositoryformatversion = 1", "worktree = .", "[extensions]", "partialClone = origin"],
            ...['[remote "origin"]', "url = .", "promisor = true", "uploadpack = ./x.sh", ...settings, ""],
        ].join("\n"),
        "refs/heads/main": `${"1".repeat(40)}\n`,
        "objects/.keep": "",
        "x.sh": `#!/bin/sh\nid >> '${mark}'\nexit 1\n`,
    };
    for (const [name, content] of Object.entries(files)) {
        const file = path.join(folder, name);
        fs.mkdirSync(path.dirname(file), { recursive: true });
        fs.writeFileSync(file, content, { mode: name === "x.sh" ? 0o755 : 0o644 });
    }
}
