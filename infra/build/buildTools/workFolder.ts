import * as fs from "node:fs";
import * as path from "node:path";
import { type BatchGetImageAnswer, type FoundImage, foundImage } from "./foundImage";
import type { ImagePlan, PlatformBuild } from "./plan";
import type { ProgressSummary } from "./progress";
import type { ImageResult, Mark } from "./results";

/**
 * The folder through which the buildspec's commands and these tools hand over to each other. Lists are files of lines with
 * fields between tabs, which bash reads as they are; arguments end in a zero byte each.
 */
export class WorkFolder {
    constructor(private readonly folder: string) {}

    /**
     * Writes the plan: what to look up, the arguments of each build, and which secrets they get.
     *
     * @param secrets names in Secrets Manager by the ids of build secrets
     */
    writePlan(images: ImagePlan[], secrets: Record<string, string>): void {
        this.write("plan.json", JSON.stringify(images));
        this.writeLines("secrets", Object.entries(secrets));
        this.writeLookups(images);
        fs.mkdirSync(path.join(this.folder, "found"), { recursive: true });
        for (const image of images) {
            for (const build of image.builds) {
                const folder = buildFolder(image, build);
                fs.mkdirSync(path.join(this.folder, folder), { recursive: true });
                this.write(path.join(folder, "arguments"), build.arguments.map((one) => `${one}\0`).join(""));
            }
        }
    }

    /** The plan that was written. */
    plan(): ImagePlan[] {
        return JSON.parse(this.read("plan.json")) as ImagePlan[];
    }

    /** Writes which images have to be built, the registries to log in to, and the caches that may be of use. */
    writeBuilds(missing: ImagePlan[]): void {
        const builds = missing.flatMap((image) => image.builds.map((build) => ({ image, build })));
        const single = (values: string[]) => [...new Set(values)].map((value) => [value]);
        this.writeLookups(missing);
        this.writeLines(
            "builds",
            builds.map(({ image, build }) => [image.name, build.architecture, buildFolder(image, build)]),
        );
        this.writeLines("registries", single(missing.map(({ repositoryUrl }) => registryOf(repositoryUrl))));
        this.writeLines("caches", single(builds.flatMap(({ build }) => build.caches)));
    }

    /** Writes which pushed images of single platforms an index has to join, under which name. */
    writeIndexes(): void {
        const built = this.plan().filter((image) =>
            image.builds.every((build) => build.pushed !== undefined && this.isBuilt(image, build)),
        );
        const rows = built
            .filter(({ builds }) => builds.length > 1)
            .map((image) => [
                `${image.repositoryUrl}:${image.tag}`,
                ...image.builds.map((build) => `${image.repositoryUrl}@${this.builtDigest(image, build)}`),
            ]);
        this.writeLines("indexes", rows);
    }

    /** What the lookup of an image found. */
    found(image: ImagePlan): FoundImage | undefined {
        const answer = JSON.parse(this.read(path.join("found", `${image.name}.json`))) as BatchGetImageAnswer;
        return foundImage(answer, image.tag, image.commitTag);
    }

    /** Writes the manifests that get the commit's tag. */
    writeCommitTags(images: ImagePlan[]): void {
        const lines = images.flatMap((image) => {
            const found = this.found(image);
            if (found === undefined || image.commitTag === undefined || found.isCommitTagged) return [];
            const manifest = path.join("found", `${image.name}.manifest`);
            this.write(manifest, found.manifest);
            const repository = repositoryName(image.repositoryUrl);
            return [[repository, image.commitTag, found.digest, found.mediaType, path.join(this.folder, manifest)]];
        });
        this.writeLines("commit-tags", lines);
    }

    /**
     * What became of the images, out of what builds and lookups left behind.
     *
     * @throws Error for an image that was pushed and is not there
     */
    results(): ImageResult[] {
        return this.plan().map((image) => {
            const digest = this.found(image)?.digest;
            if (digest === undefined && image.builds.some((build) => build.pushed !== undefined)) {
                throw new Error(`Image ${image.name} was pushed, but ECR does not have ${image.tag}.`);
            }
            const builds = image.builds.filter((build) => this.isBuilt(image, build));
            return {
                name: image.name,
                repositoryUrl: image.repositoryUrl,
                tag: image.tag,
                digest,
                builds: builds.map(
                    (build) =>
                        JSON.parse(this.read(path.join(buildFolder(image, build), "progress.json"))) as ProgressSummary,
                ),
            };
        });
    }

    /** Writes the exported variables' values, a line each. */
    writeExports(values: string[]): void {
        this.writeLines(
            "exports",
            values.map((value) => [value]),
        );
    }

    /** The begins of the phases, which the buildspec notes as lines of a name and a time. */
    marks(): Mark[] {
        return this.read("marks")
            .trimEnd()
            .split("\n")
            .map((line) => {
                const [phase = "", time] = line.split("\t");
                return { phase, time: Number(time) };
            });
    }

    private builtDigest(image: ImagePlan, build: PlatformBuild): string {
        const metadata = this.read(path.join(buildFolder(image, build), "metadata.json"));
        const digest = (JSON.parse(metadata) as Record<string, unknown>)["containerimage.digest"];
        if (typeof digest === "string") return digest;
        throw new Error(`BuildKit told no digest of image ${image.name} for ${build.architecture}.`);
    }

    private isBuilt(image: ImagePlan, build: PlatformBuild): boolean {
        return fs.existsSync(path.join(this.folder, buildFolder(image, build), "progress.json"));
    }

    private writeLookups(images: ImagePlan[]): void {
        this.writeLines(
            "lookups",
            images.map(({ name, repositoryUrl, tag, commitTag }) => [
                name,
                repositoryName(repositoryUrl),
                ...[tag, commitTag].flatMap((one) => (one === undefined ? [] : [`imageTag=${one}`])),
            ]),
        );
    }

    private writeLines(file: string, rows: string[][]): void {
        this.write(file, rows.map((fields) => `${fields.join("\t")}\n`).join(""));
    }

    private write(file: string, content: string): void {
        fs.writeFileSync(path.join(this.folder, file), content);
    }

    private read(file: string): string {
        return fs.readFileSync(path.join(this.folder, file), "utf8");
    }
}

function buildFolder(image: ImagePlan, build: PlatformBuild): string {
    return path.join("images", image.name, build.architecture);
}

function registryOf(repositoryUrl: string): string {
    return repositoryUrl.slice(0, repositoryUrl.indexOf("/"));
}

function repositoryName(repositoryUrl: string): string {
    return repositoryUrl.slice(repositoryUrl.indexOf("/") + 1);
}
