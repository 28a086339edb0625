import * as fs from "node:fs/promises";
import * as path from "node:path";
import { BuildHost } from "../run/buildHost";
import { execute } from "../run/execute";
import type { Strategy } from "../strategies";
import { go } from "../workloads/go";
import { dockerfileForms, nativePlatform } from "../workloads/workload";
import type { LineWorld } from "./lineWorld";
import type { Mark } from "./phases";

/** Build on an empty host. */
export interface BuildRequest {
    strategy: Strategy;
    /** Host and name of the repository. */
    repository: string;
    /** Number of the line of code. */
    code: number;
    /** Tag of this build, in the form of a commit's. */
    tag: string;
    /** Function that looks up existing images before the build. @returns the tag of the last build, where there was one */
    lookUp: () => Promise<string | undefined>;
}

/** Image, with the ends of its build's phases. */
export interface BuiltImage {
    /** Start of the build, in milliseconds since the epoch. */
    started: number;
    marks: Mark[];
    /** Reference of the image: host, name and tag. */
    reference: string;
}

/** Pattern of the builder's line at the beginning of an export. */
const exporting = /^#\d+ exporting to image/;

/** Builds the sample application with a changed line of code; preparing host and source is not part of the time. */
export async function buildImage(request: BuildRequest, { environment }: LineWorld): Promise<BuiltImage> {
    const { strategy, repository, code, tag, lookUp } = request;
    const marks: Mark[] = [];
    const onLine = (line: string) => {
        if (!exporting.test(line)) return;
        // Of several exports the last counts; what was exported before is part of the build.
        const last = marks.findIndex(({ phase }) => phase === "build");
        if (last !== -1) marks.splice(last, 1);
        marks.push({ phase: "build", at: Date.now() });
    };
    const host = await BuildHost.prepare(path.join(environment.hosts, tag), { ...environment, onLine });
    try {
        const [image] = go.images;
        const source = path.join(host.folder, "source");
        const files = path.join(host.folder, "files");
        for (const folder of [source, files]) await fs.mkdir(folder);
        await go.writeSource(source, { code }, environment.site);
        const dockerfiles = Object.fromEntries(
            dockerfileForms.map((form) => [form, path.join(files, `Dockerfile.${form}`)]),
        ) as Record<(typeof dockerfileForms)[number], string>;
        for (const form of dockerfileForms) await fs.writeFile(dockerfiles[form], image!.dockerfiles[form]);

        const started = Date.now();
        const lastTag = await lookUp();
        const commands = strategy.commands({
            ...{ repository, context: source, dockerfiles, platforms: [nativePlatform], branch: "main", tag, lastTag },
            buildArgs: { BASE_REGISTRY: environment.baseRegistry },
            pinnedStages: image!.pinnedStages ?? [],
            carriedDirectories: [],
            folder: path.join(files, "strategy"),
        });
        await fs.mkdir(path.join(files, "strategy"), { recursive: true });
        const existing = async (references: string[]) => {
            const found = await environment.repositories.existing(references);
            marks.push({ phase: "lookup", at: Date.now() });
            return found;
        };
        const archive = { s3: environment.s3, bucket: environment.bucket, key: "line" };
        const { baseRegistry } = environment;
        await execute([{ commands, archive }], strategy, { host, repositories: { existing }, baseRegistry });
        marks.push({ phase: "push", at: Date.now() });
        const reference = commands.find((one) => one.kind === "adopt")?.reference ?? `${repository}:${tag}`;
        return { started, marks, reference };
    } finally {
        await host.close();
    }
}
