import { readFileSync } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { projectRoot } from "../../local/paths";
import { downloadGoModules, requireGoModule, writeGoModule } from "../packages/goModules";
import type { PackageSite } from "../packages/packageSite";
import type { Edits, Workload } from "./workload";

/** Folder of the sample application. */
const application = path.join(projectRoot, "app");

/** Path of the module that one case adds. */
const addedModule = "example.test/added";

/** Folder below the site with go.mod and go.sum that have the added module. */
const withAddedModule = "go-with-added";

/**
 * Published Dockerfile: modules and compiled packages in cache mounts, in one step, as in the write-up of the strategy "last tag"; it
 * cross-compiles besides.
 */
const published = `ARG BASE_REGISTRY
FROM --platform=$BUILDPLATFORM \${BASE_REGISTRY}/golang:1.26-alpine AS builder
ARG TARGETOS TARGETARCH
ENV CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH
WORKDIR /app
COPY go.mod go.sum ./
COPY . .
RUN --mount=type=cache,target=/go/pkg/mod \\
    --mount=type=cache,target=/root/.cache/go-build \\
    go mod download && \\
    go build -trimpath -ldflags="-s -w" -o main ./cmd/api
FROM \${BASE_REGISTRY}/busybox:1.37-musl
WORKDIR /app
COPY --from=builder /app/main .
CMD ["./main"]
`;

/** Workload of this repository's sample application. */
export const go: Workload = {
    name: "go",
    description: "The sample application: an HTTP API with two direct modules.",
    images: [
        {
            name: "app",
            context: ".",
            dockerfiles: {
                published,
                carried: published,
                ours: readFileSync(path.join(application, "Dockerfile"), "utf8"),
            },
            pinnedStages: [{ name: "deps" }],
        },
    ],
    kind: "compiled",
    crossCompiles: true,
    carriedDirectories: ["/go/pkg/mod", "/root/.cache/go-build"],
    preparePackages: prepareGoModules,
    writeSource: writeGoApplication,
};

async function prepareGoModules(site: PackageSite): Promise<void> {
    await downloadGoModules(site, application);
    await writeGoModule(site, addedModule, 500_000);
    const folder = path.join(site.folder, withAddedModule);
    await fs.mkdir(folder);
    for (const file of ["go.mod", "go.sum"]) await fs.copyFile(path.join(application, file), path.join(folder, file));
    await requireGoModule(site, folder, addedModule);
}

async function writeGoApplication(folder: string, edits: Edits, site: PackageSite): Promise<void> {
    const { documentation = 0, code = 0, dependency = false } = edits;
    await fs.cp(application, folder, { recursive: true });
    await fs.writeFile(path.join(folder, "README.md"), `documentation ${documentation}\n`);
    const edited = path.join(folder, "cmd/api/version.go");
    const source = await fs.readFile(edited, "utf8");
    await fs.writeFile(edited, source.replace('return "unknown"', `return "unknown ${code}"`));
    if (!dependency) return;
    await fs.cp(path.join(site.folder, withAddedModule), folder, { recursive: true });
    await fs.writeFile(path.join(folder, "cmd/api/added.go"), `package main\n\nimport _ "${addedModule}"\n`);
}
