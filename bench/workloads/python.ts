import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { PackageSite } from "../packages/packageSite";
import { pythonModule, writeSourceDistribution, writeWheel } from "../packages/wheels";
import { compressedSize } from "./compressedSize";
import { codeLine, documentationLine } from "./editedLines";
import type { DockerfileForm, Edits, Workload } from "./workload";

/** About what pandas, numpy and a web framework bring. */
const packages = Array.from({ length: 40 }, (_, index) => ({
    name: `package${index}`,
    binaryBytes: 2_400_000,
    modules: 30,
}));

const addedPackage = { name: "added", binaryBytes: 2_400_000, modules: 30 };

/** An interpreted application. */
export const python: Workload = {
    name: "python",
    description:
        "Python: 40 wheels of 2.4 MB with 30 modules each, one package that is compiled when it is installed, 40 source files.",
    images: [{ name: "app", context: ".", dockerfiles: pythonDockerfiles() }],
    crossCompiles: false,
    carriedDirectories: ["/root/.cache/pip"],
    preparePackages: preparePythonPackages,
    writeSource: writePythonSource,
    changeBytes: (folder) => compressedSize(path.join(folder, "app")),
};

/** The Dockerfile of a Python application. Seed 003's has an `apt-get install` before, for which there is no package here. */
export function pythonDockerfiles(): Record<DockerfileForm, string> {
    const base = "ARG BASE_REGISTRY\nFROM ${BASE_REGISTRY}/python:3.11-slim";
    return {
        // Seed 003; without --no-cache-dir its layer would hold each package twice.
        published: `${base}
COPY ./requirements.txt app/
RUN pip3 install --no-cache-dir -r app/requirements.txt
COPY ./app/ app/
EXPOSE 8501
WORKDIR /app
ENTRYPOINT ["python3", "main.py"]
`,
        // Seed 004; its --no-cache-dir is left out, since it would leave the mount empty.
        carried: `${base} AS base
FROM base AS dependencies
WORKDIR /app
COPY requirements.txt .
RUN --mount=type=cache,target=/root/.cache/pip,sharing=locked \\
    pip install -r requirements.txt
FROM dependencies AS final
COPY . .
EXPOSE 9000
CMD ["sh", "-c", "python3 app/main.py"]
`,
        ours: `${base}
WORKDIR /srv
COPY requirements.txt ./
RUN --mount=type=cache,target=/root/.cache/pip \\
    pip install -r requirements.txt
EXPOSE 8501
ENTRYPOINT ["python3", "app/main.py"]
COPY --link app/ /srv/app/
`,
    };
}

/** Makes all packages of the Python applications. */
export async function preparePythonPackages(site: PackageSite): Promise<void> {
    for (const one of [...packages, addedPackage]) await writeWheel(site, one);
    await writeSourceDistribution(site, "compiled", 250);
}

/** Writes the source of a Python application. */
export async function writePythonSource(folder: string, edits: Edits): Promise<void> {
    const names = [...packages.map(({ name }) => name), "compiled", ...(edits.dependency ? ["added"] : [])];
    const write = async (file: string, content: string) => {
        await fs.mkdir(path.dirname(path.join(folder, file)), { recursive: true });
        await fs.writeFile(path.join(folder, file), content);
    };
    await write("requirements.txt", names.map((name) => `${name}==1.0\n`).join(""));
    await write(".dockerignore", "*.md\n.dockerignore\n");
    await write("README.md", documentationLine(edits));
    await write("app/main.py", `print("${codeLine(edits)}")\n`);
    for (let index = 0; index < 40; index++) {
        await write(`app/module_${index}.py`, pythonModule(`app ${index}`, 8000));
    }
}
