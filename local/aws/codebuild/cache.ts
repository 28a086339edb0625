import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { CommandError, runCommand } from "../../world/toolchain/command";
import type { BuildSite } from "./buildSite";
import type { CacheSpec } from "./buildspec";
import { isPattern, matchingFiles } from "./glob";
import { asRole, PhaseError } from "./phaseError";
import type { EffectiveProject } from "./project";

/** Parts of a cache. */
export interface CacheOptions {
    spec: CacheSpec;
    /** Project whose cache is in S3. */
    project: EffectiveProject;
    site: Pick<BuildSite, "folder" | "sourceDirectory" | "homeDirectory" | "stateDirectory">;
    s3: S3Client;
    /** Function that expands a text in the build's shell. */
    expand: (text: string) => Promise<string>;
    /** Function that takes a line for the log. */
    report: (line: string) => Promise<void>;
}

/** Home folder (HOME) in CodeBuild's images, which paths of buildspecs name. */
const awsHome = "/root";

/**
 * Makes the prefix of all copies of a cache. Builds with the same namespace (or project) and the same paths share them.
 * Source: CodeBuild user guide, "Amazon S3 caching" (cache version, namespace).
 *
 * @param location `bucket/prefix` of the project
 */
export function cachePlace(
    location: string,
    { namespace, projectName, paths }: { namespace?: string; projectName: string; paths: string[] },
): { bucket: string; prefix: string } {
    const [bucket = "", ...prefix] = location.split("/").filter((part) => part !== "");
    const version = createHash("sha256").update(JSON.stringify(paths)).digest("hex").slice(0, 16);
    return { bucket, prefix: [...prefix, namespace ?? projectName, version, ""].join("/") };
}

/** Makes the name of a copy below the prefix; prefixes of keys are prefixes of names. */
export function copyName(key: string): string {
    return `key-${encodeURIComponent(key)}`;
}

/** Name of the one copy of a cache without key. */
const onlyCopy = "copy";

/** Tells whether an archive can be unpacked to its end; a damaged archive must not leave half a file behind. */
function isWhole(archive: string): Promise<boolean> {
    return runCommand("gzip", ["--test", archive]).then(
        () => true,
        (error: Error) => {
            if (error instanceof CommandError && !error.missing) return false;
            throw error;
        },
    );
}

/** Cached folders of a build, restored from S3 before its commands and saved there afterwards. */
export class CacheArchive {
    private readonly place: { bucket: string; prefix: string };
    private key: string | undefined;

    constructor(private readonly options: CacheOptions) {
        const { project, spec } = options;
        this.place = cachePlace(project.cache?.location ?? "", {
            namespace: project.cache?.cacheNamespace,
            projectName: project.name,
            paths: spec.paths,
        });
    }

    /** Restores the folders that an earlier build saved: the copy of the key, or of the first fallback key with a copy. */
    async restore(): Promise<void> {
        const { spec, expand, report } = this.options;
        for (const one of spec.paths) this.rootOf(one);
        if (spec.key === undefined && spec.fallbackKeys.length > 0) {
            await report("The cache has fallback-keys but no key, so they are not used.");
        }
        this.key = spec.key === undefined ? undefined : await expand(spec.key);
        if (spec.action === "save") return;
        const name = await this.find();
        if (name === undefined) return report("No copy of the cache was found.");
        await report(`Restoring the cache from s3://${this.place.bucket}/${name}`);
        const answer = await this.call("s3:GetObject", name, (Bucket, Key) =>
            this.options.s3.send(new GetObjectCommand({ Bucket, Key })),
        );
        const archive = path.join(this.options.site.stateDirectory, "cache.tar.gz");
        await fs.writeFile(archive, (await answer.Body?.transformToByteArray()) ?? "");
        if (await isWhole(archive)) await runCommand("tar", ["-xzf", archive, "-C", this.options.site.folder]);
        else await report(`The copy s3://${this.place.bucket}/${name} is damaged, so the build begins without it.`);
        await fs.rm(archive);
    }

    /** Saves the cached folders; a copy with a key is never overwritten. */
    async save(): Promise<void> {
        const { spec, report, site, s3 } = this.options;
        if (spec.action === "restore") return;
        const name = this.place.prefix + (this.key === undefined ? onlyCopy : copyName(this.key));
        if (this.key !== undefined && (await this.list(name)).includes(name)) {
            return report(`The cache has a copy with the key ${this.key} already; it stays as it is.`);
        }
        const files = (await Promise.all(spec.paths.map((one) => this.filesOf(one)))).flat();
        if (files.length === 0) return report(`Nothing to cache: no file matches ${spec.paths.join(", ")}.`);
        const list = path.join(site.stateDirectory, "cached-files");
        const archive = path.join(site.stateDirectory, "cache.tar.gz");
        await fs.writeFile(list, files.map((file) => `${file}\0`).join(""));
        await runCommand("tar", ["-czf", archive, "-C", site.folder, "--null", "--verbatim-files-from", "-T", list]);
        await report(`Saving ${files.length} files to the cache s3://${this.place.bucket}/${name}`);
        const Body = await fs.readFile(archive);
        const IfNoneMatch = this.key === undefined ? undefined : "*";
        await this.call("s3:PutObject", name, (Bucket, Key) =>
            s3.send(new PutObjectCommand({ Bucket, Key, Body, IfNoneMatch })).catch((error: Error) => {
                // Another build saved this key in the meantime.
                if (error.name !== "PreconditionFailed") throw error;
            }),
        );
    }

    private async find(): Promise<string | undefined> {
        const { spec, expand } = this.options;
        const { prefix } = this.place;
        const exact = prefix + (this.key === undefined ? onlyCopy : copyName(this.key));
        if ((await this.list(exact)).includes(exact)) return exact;
        if (this.key === undefined) return undefined;
        for (const fallback of spec.fallbackKeys) {
            const [newest] = await this.list(prefix + copyName(await expand(fallback)));
            if (newest !== undefined) return newest;
        }
        return undefined;
    }

    /** Lists the keys of objects with a prefix, the newest first. */
    private async list(prefix: string): Promise<string[]> {
        const { s3, project } = this.options;
        const { bucket: Bucket } = this.place;
        const resource = `arn:aws:s3:::${Bucket}`;
        const call = { statusCode: "CLIENT_ERROR", role: project.serviceRole, action: "s3:ListBucket", resource };
        const { Contents = [] } = await asRole(call, () =>
            s3.send(new ListObjectsV2Command({ Bucket, Prefix: prefix })),
        );
        const time = (date: Date | undefined) => date?.getTime() ?? 0;
        return Contents.sort((a, b) => time(b.LastModified) - time(a.LastModified)).map(({ Key = "" }) => Key);
    }

    private call<T>(action: string, key: string, send: (bucket: string, key: string) => Promise<T>): Promise<T> {
        const { bucket } = this.place;
        const role = this.options.project.serviceRole;
        const resource = `arn:aws:s3:::${bucket}/${key}`;
        return asRole({ statusCode: "CLIENT_ERROR", role, action, resource }, () => send(bucket, key));
    }

    /** Lists the files of one cached path, relative to the site. */
    private async filesOf(cached: string): Promise<string[]> {
        const { root, pattern } = this.rootOf(cached);
        const patterns = isPattern(pattern) ? [pattern] : [pattern, path.posix.join(pattern, "**/*")];
        const files = await matchingFiles(root, patterns, { keepLinks: true });
        return files.map((file) => path.relative(this.options.site.folder, path.join(root, file)));
    }

    /**
     * Finds the build's folder of a cached path, source or home. Paths outside belong to the machine.
     *
     * @throws PhaseError for a path outside
     */
    private rootOf(cached: string): { root: string; pattern: string } {
        const { sourceDirectory, homeDirectory } = this.options.site;
        const normal = path.posix.normalize(cached);
        if (!normal.startsWith("/") && !normal.startsWith("..")) return { root: sourceDirectory, pattern: normal };
        for (const [prefix, root] of [
            [sourceDirectory, sourceDirectory],
            [homeDirectory, homeDirectory],
            [awsHome, homeDirectory],
        ] as const) {
            if (normal.startsWith(`${prefix}/`)) return { root, pattern: normal.slice(prefix.length + 1) };
        }
        throw new PhaseError(
            "CLIENT_ERROR",
            `The cache path ${cached} is outside the build; offline, paths are in the source or in ${awsHome}.`,
        );
    }
}
