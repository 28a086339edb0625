import { readFileSync } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { projectRoot } from "../../local/paths";
import type { PackageSite } from "../packages/packageSite";
import { type Preparation, publishedWheels } from "../packages/publishedWheels";
import { writeWheelIndex } from "../packages/wheelIndex";
import { pythonDockerfiles, pythonPinnedStages, writePythonApplication } from "./pythonApplication";
import type { Workload } from "./workload";

/** Requirements of the example that follows the write-up with Streamlit. */
const latest = readFileSync(path.join(projectRoot, "examples/streamlit-ecs/dashboard/requirements.txt"), "utf8");

/** Entry of the version of pandas before the example's: wheels of CPython 3.11 for x86_64 and aarch64. */
const earlierPandas = `pandas==3.1.0 \\
    --hash=sha256:0a28602573f50453b57802d282f9f8cb7663aa10201127ecbbe95ed4a41c64ce \\
    --hash=sha256:388fad0c683ad061baabe23a76f43bf43c1d2c2fd46572b687082cfa195b7275
`;

/** Texts of requirements.txt, before and after pandas was updated. */
export const streamlitRequirements = {
    before: latest.replace(/^pandas==.*\n( +--hash=.*\n)*/m, earlierPandas),
    after: latest,
};

/** Pinned stage whose packages have files of their own in a second folder: pydeck's are 24 MB. */
const pinnedStages = pythonPinnedStages.map((stage) => ({ ...stage, layers: [...stage.layers, "/srv/venv/share"] }));

/** Workload of a Streamlit application with the packages of the package index. */
export const streamlit: Workload = {
    name: "streamlit",
    description:
        "The 34 wheels of a Streamlit application as the package index has them, 120 MB, with hashes, 41 source files. The changed dependency is an update of pandas.",
    images: [{ name: "app", context: ".", dockerfiles: pythonDockerfiles, pinnedStages }],
    kind: "interpreted",
    crossCompiles: false,
    carriedDirectories: ["/root/.cache/pip"],
    codeFolder: "app",
    preparePackages: prepareWheels,
    writeSource: (folder, { dependency = false, ...edits }) =>
        writePythonApplication(folder, edits, streamlitRequirements[dependency ? "after" : "before"]),
    // Where our Dockerfile installs, and elsewhere the image's own Python.
    check: `PATH="$PWD/venv/bin:$PATH" python3 -c "import streamlit, pandas, pyarrow"`,
};

async function prepareWheels(site: PackageSite, preparation: Preparation): Promise<void> {
    const requirements = Object.values(streamlitRequirements);
    const wheels = await publishedWheels("the wheels of the workload streamlit", requirements, preparation);
    await fs.cp(wheels, site.folder, { recursive: true });
    await writeWheelIndex(site.folder);
}
