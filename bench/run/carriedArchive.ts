import { createReadStream, createWriteStream } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { GetObjectCommand, NoSuchKey, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { runCommand } from "../../local/world/toolchain/command";
import type { BuildHost } from "./buildHost";

/** Object in S3 that holds carried directories. */
export interface CarriedArchive {
    s3: S3Client;
    bucket: string;
    key: string;
}

/** Values for carrying directories. */
export interface Carrier {
    host: BuildHost;
    archive: CarriedArchive;
    /** Registry of base images, BASE_REGISTRY, in the builds that read and fill cache mounts. */
    baseRegistry: string;
}

/**
 * Restores carried directories from S3 into the builder's cache mounts. CodeBuild restores an archive into folders of the host. BuildKit
 * reads its cache mounts from no folder, so a small build copies the content into them.
 */
export async function restoreDirectories(
    directories: string[],
    { host, archive, baseRegistry }: Carrier,
): Promise<void> {
    const folder = path.join(host.folder, "carried");
    await fs.mkdir(folder, { recursive: true });
    const file = path.join(host.folder, "restored.tar");
    if (!(await download(archive, file))) return;
    await runCommand("tar", ["--extract", `--file=${file}`, `--directory=${folder}`]);
    const copies = directories.map((target, index) => `cp -a /carried/${index}/. ${target}/`).join(" && ");
    const mount = "--mount=type=bind,from=carried,target=/carried";
    const dockerfile = await writeDockerfile(host.folder, `RUN ${mount} ${mountsOf(directories)} ${copies}\n`);
    const context = [`--build-context=carried=${folder}`, "--output=type=cacheonly"];
    await host.auxiliaryBuild([...argumentsOf(dockerfile, baseRegistry), ...context, path.dirname(dockerfile)]);
}

/** Saves the content of the builder's cache mounts to S3, always, as CodeBuild does for a cache without a key. */
export async function saveDirectories(directories: string[], { host, archive, baseRegistry }: Carrier): Promise<void> {
    const copies = directories.map((target, index) => `cp -a ${target} /carried/${index}`).join(" && ");
    const run = `RUN ${mountsOf(directories)} mkdir /carried && ${copies}\nFROM scratch\nCOPY --from=mounts /carried /\n`;
    const dockerfile = await writeDockerfile(host.folder, run);
    const file = path.join(host.folder, "saved.tar");
    const output = `--output=type=tar,dest=${file}`;
    await host.auxiliaryBuild([...argumentsOf(dockerfile, baseRegistry), output, path.dirname(dockerfile)]);
    const { size } = await fs.stat(file);
    const { s3, bucket, key } = archive;
    await s3.send(
        new PutObjectCommand({ Bucket: bucket, Key: key, Body: createReadStream(file), ContentLength: size }),
    );
}

async function download({ s3, bucket, key }: CarriedArchive, file: string): Promise<boolean> {
    try {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        await pipeline(Body as Readable, createWriteStream(file));
        return true;
    } catch (error) {
        if (error instanceof NoSuchKey) return false;
        throw error;
    }
}

function mountsOf(directories: string[]): string {
    return directories.map((target) => `--mount=type=cache,target=${target}`).join(" ");
}

async function writeDockerfile(folder: string, rest: string): Promise<string> {
    const file = path.join(folder, "carry", "Dockerfile");
    await fs.mkdir(path.dirname(file), { recursive: true });
    await fs.writeFile(file, `ARG BASE_REGISTRY\nFROM \${BASE_REGISTRY}/busybox:1.37-musl AS mounts\n${rest}`);
    return file;
}

function argumentsOf(dockerfile: string, baseRegistry: string): string[] {
    return [`--file=${dockerfile}`, `--build-arg=BASE_REGISTRY=${baseRegistry}`];
}
