import type { PackageSite } from "../packages/packageSite";
import { javascriptModule, lockEntry, writeTarball } from "../packages/tarballs";
import type { DockerfileForm, Edits, Workload } from "./workload";
import { writeFiles } from "../packages/writeFiles";

const packages = Array.from({ length: 60 }, (_, index) => `package${index}`);

const base = "ARG BASE_REGISTRY\nFROM ${BASE_REGISTRY}/node:20-slim";

/** Dockerfiles of a Node application, which no write-up has; they follow those of Python. */
const dockerfiles: Record<DockerfileForm, string> = {
    published: `${base}
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --cache /tmp/npm && rm -rf /tmp/npm
COPY . .
CMD ["node", "src/main.js"]
`,
    carried: `${base}
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm,sharing=locked npm ci
COPY . .
CMD ["node", "src/main.js"]
`,
    // The mount /last begins with the packages of the stage's last image. `npm ci` would remove them; the comparison ends the build
    // where it would, when the lock file does not fit.
    ours: `${base} AS deps
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm \\
    --mount=type=cache,id=deps:/app/node_modules,target=/last \\
    cp -a /last node_modules && cp package-lock.json /tmp/wanted.json && \\
    npm install && cmp package-lock.json /tmp/wanted.json
FROM deps
CMD ["node", "src/main.js"]
COPY --link src/ /app/src/
`,
};

/** Workload of another interpreted application. */
export const node: Workload = {
    name: "node",
    description: "60 npm packages of 1.6 MB with 30 modules each, 41 source files.",
    images: [
        { name: "app", context: ".", dockerfiles, pinnedStages: [{ name: "deps", layers: ["/app/node_modules"] }] },
    ],
    kind: "interpreted",
    crossCompiles: false,
    carriedDirectories: ["/root/.npm"],
    codeFolder: "src",
    preparePackages: async (site) => {
        for (const name of [...packages, "added"]) await writeTarball(site, name, 1_600_000, 30);
    },
    writeSource: writeNodeApplication,
};

async function writeNodeApplication(folder: string, edits: Edits, site: PackageSite): Promise<void> {
    const { documentation = 0, code = 0, dependency = false } = edits;
    const names = [...packages, ...(dependency ? ["added"] : [])];
    // npm writes the lock file in this order, and names its packages in this one.
    const named = { name: "app", version: "1.0.0" };
    const dependencies = Object.fromEntries(names.sort().map((name) => [name, "1.0.0"]));
    const locked: Record<string, object> = { "": { ...named, dependencies } };
    for (const name of names) locked[`node_modules/${name}`] = await lockEntry(site, name);
    const modules = Array.from({ length: 40 }, (_, index) => [
        `src/module-${index}.js`,
        javascriptModule(`app ${index}`, 8000),
    ]);
    await writeFiles(folder, {
        "package.json": textOf({ ...named, dependencies }),
        "package-lock.json": textOf({ ...named, lockfileVersion: 3, requires: true, packages: locked }),
        ".dockerignore": "*.md\n.dockerignore\n",
        "README.md": `documentation ${documentation}\n`,
        "src/main.js": `console.log("code ${code}");\n`,
        ...(Object.fromEntries(modules) as Record<string, string>),
    });
}

/** Renders a file as npm writes it; npm would rewrite any other form. */
function textOf(value: object): string {
    return `${JSON.stringify(value, undefined, 2)}\n`;
}
