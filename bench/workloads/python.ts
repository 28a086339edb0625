import type { PackageSite } from "../packages/packageSite";
import { writeSourceDistribution, writeWheel } from "../packages/wheels";
import { pythonDockerfiles, pythonPinnedStages, requirementsOf, writePythonApplication } from "./pythonApplication";
import type { Workload } from "./workload";

/** Names of packages, which together are about as many and as large as those of pandas, numpy and a web framework. */
const packages = Array.from({ length: 40 }, (_, index) => `package${index}`);

/** Workload of an interpreted application. */
export const python: Workload = {
    name: "python",
    description:
        "40 wheels of 2.4 MB with 30 modules each, one package that is compiled when it is installed, 41 source files.",
    images: [{ name: "app", context: ".", dockerfiles: pythonDockerfiles, pinnedStages: pythonPinnedStages }],
    kind: "interpreted",
    crossCompiles: false,
    carriedDirectories: ["/root/.cache/pip"],
    codeFolder: "app",
    preparePackages: preparePythonPackages,
    writeSource: (folder, edits) =>
        writePythonApplication(folder, edits, requirementsOf([...packages, "compiled"], edits)),
};

/** Makes all packages of the Python applications. */
export async function preparePythonPackages(site: PackageSite): Promise<void> {
    for (const name of [...packages, "added"]) await writeWheel(site, { name, binaryBytes: 2_400_000, modules: 30 });
    await writeSourceDistribution(site, "compiled", 250);
}
