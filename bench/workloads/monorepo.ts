import * as path from "node:path";
import { preparePythonPackages } from "./python";
import { pythonDockerfiles, pythonPinnedStages, requirementsOf, writePythonApplication } from "./pythonApplication";
import type { Workload } from "./workload";

/** Packages of each service: numbers of the first one and of the one behind the last. */
const services = { orders: [0, 14], payments: [14, 28], search: [28, 40] } as const;

/** Workload of three images from one source; a case changes the first one. */
export const monorepo: Workload = {
    name: "monorepo",
    description: "Three Python services with 12 to 14 wheels of 2.4 MB each; only the first one is changed.",
    images: Object.keys(services).map((name) => ({
        name,
        context: name,
        dockerfiles: pythonDockerfiles,
        pinnedStages: pythonPinnedStages,
    })),
    kind: "interpreted",
    crossCompiles: false,
    carriedDirectories: ["/root/.cache/pip"],
    codeFolder: "orders/app",
    preparePackages: preparePythonPackages,
    writeSource: async (folder, edits) => {
        for (const [name, [first, end]] of Object.entries(services)) {
            const packages = Array.from({ length: end - first }, (_, index) => `package${first + index}`);
            const own = name === "orders" ? edits : {};
            await writePythonApplication(path.join(folder, name), own, requirementsOf(packages, own));
        }
    },
};
