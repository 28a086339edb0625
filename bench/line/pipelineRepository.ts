import * as fs from "node:fs/promises";
import * as path from "node:path";
import { git } from "../../local/aws/codebuild/git";
import { askGateway } from "../../local/aws/gateway/askGateway";
import { worldDirectory } from "../../local/paths";
import { connectionArn, repository } from "../../local/world/deployment";
import type { World } from "../../local/world/services";
import type { PackageSite } from "../packages/packageSite";
import { go } from "../workloads/go";

/** Names the folder that stands for the repository of the pipeline. */
const sourceFolder = () => path.join(worldDirectory(), "line-source");

/** Makes an empty repository, and its folder known to the gateway, before the stack that has the pipeline is updated. */
export async function connectRepository(world: World): Promise<void> {
    const folder = sourceFolder();
    await fs.mkdir(folder);
    await git(folder, "init", "--quiet", "--initial-branch=main");
    await askGateway(world, "connections", { connectionArn: connectionArn(world), repository, folder });
}

/** Commits the sample application with a changed line of code. */
export async function commitLine(code: number, site: PackageSite): Promise<void> {
    const folder = sourceFolder();
    const author = ["-c", "user.name=bench", "-c", "user.email=bench@example.test"];
    await go.writeSource(path.join(folder, "app"), { code }, site);
    await git(folder, "add", "--all");
    await git(folder, ...author, "commit", "--quiet", "--message", `line ${code}`);
}
