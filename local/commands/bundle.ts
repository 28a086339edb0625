import * as path from "node:path";
import { toolsFile } from "../../infra/buildTools/packagedTools";
import { projectRoot } from "../paths";
import { writeBuildTools } from "./buildTools";
import { runCommandLine } from "./command";

/** Runs `npm run bundle`: writes the bundle of the build tools, which is committed, from its sources. */
void runCommandLine(() => {
    const file = path.relative(projectRoot, toolsFile);
    console.log(writeBuildTools() ? `Written to ${file}.` : `${file} is current.`);
    return Promise.resolve();
});
