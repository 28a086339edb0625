import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import { text } from "node:stream/consumers";
import { bundleBuildTools } from "../../../local/commands/buildTools";
import { contentKey } from "../../../infra/buildTools/contentKey";
import { writeDefinition } from "../../../infra/plan/buildDefinition";
import { sourceOf } from "../../../infra/plan/buildInput";
import { contentTag } from "../../../infra/plan/contentTag";
import type { BuildPolicy, ImageSpec } from "../../../infra/plan/imageSpec";
import { Refusal, type Script, ScriptedAws } from "../../deploy/scriptedAws";
import { temporaryFolder, writeTree } from "../temporaryFolder";

/** Commit of the source. */
export const commit = "a".repeat(40);
/** Digest of each image in ECR. */
export const digest = `sha256:${"1".repeat(64)}`;
/** Media type of the manifests. */
export const mediaType = "application/vnd.oci.image.manifest.v1+json";
/** Certificates that `pulumi up` put into the bucket. */
export const certificates = "certificates\n";
export const certificatesKey = contentKey(certificates, ".pem");

const spec: ImageSpec = {
    name: "api",
    context: "api",
    dockerfile: "api/Dockerfile",
    platforms: ["linux/amd64"],
    compression: "zstd",
};
const policy: BuildPolicy = { baseRegistry: "bases", branch: "main", defaultBranch: "main", cacheMode: "max" };
const images = writeDefinition({ policy, images: [{ ...spec, repositoryUrl: "registry/shop/api" }] });
/** Key of the definitions of the one image, `api`. */
export const imagesKey = contentKey(images, ".json");

/** Makes ECR's answer to a lookup of an existing tag. */
export const found = (imageTag: string) => ({
    imageId: { imageTag, imageDigest: digest },
    imageManifest: "{ }",
    imageManifestMediaType: mediaType,
});

/** Makes ECR's answer to a lookup of a missing tag. */
export const notThere = (imageTag: string) => ({ imageId: { imageTag }, failureCode: "ImageNotFound" });

/** Makes an ECR with images of these tags. */
export const repository =
    (...there: string[]): Script =>
    (input) => ({
        images: there.map(found),
        failures: (input.imageIds as { imageTag: string }[])
            .map((id) => id.imageTag)
            .filter((one) => !there.includes(one))
            .map(notThere),
    });

/** Answers with ECR's login. */
export const login: Script = () => ({ authorizationData: [{ authorizationToken: "dG9rZW4=" }] });

/** Bundled build tools in a folder with a source, between scripted answers of AWS. Called in a `describe`. */
export class BundledTools {
    aws!: ScriptedAws;
    /** Content tag of the image. */
    tag = "";
    private readonly folder = temporaryFolder();

    constructor() {
        before(async () => {
            this.aws = await ScriptedAws.start("http://127.0.0.1:9");
        });
        beforeEach(() => this.writeSource());
        after(() => this.aws.stop());
    }

    /** Folder that commands run in. */
    get path(): string {
        return this.folder.path;
    }

    /** Key of the proof of the image. */
    get proof(): string {
        return `built/shop/api/${this.tag}`;
    }

    /** Makes an S3 with the objects of `pulumi up`, and with these objects. */
    bucket(others: Record<string, string | Refusal> = {}): Script {
        return () => {
            const objects = { [imagesKey]: images, [certificatesKey]: certificates, ...others };
            const key = /^\/shop-cache\/([^?]+)/.exec(this.aws.calls.at(-1)!.path)![1]!;
            return objects[key] ?? new Refusal("NoSuchKey", "It is not there.", 404);
        };
    }

    /** Makes an empty work folder. */
    workFolder(): string {
        return fs.mkdtempSync(path.join(this.path, "work-"));
    }

    /** Runs a command of the bundle as CodeBuild does, with AWS's answers. */
    async run(args: string[], scripts: Record<string, Script>, variables: Record<string, string> = {}) {
        this.aws.script({ GetObject: this.bucket(), ...scripts });
        const child = spawn(process.execPath, ["tools.js", ...args], {
            cwd: this.path,
            env: {
                AWS_ENDPOINT_URL: this.aws.origin,
                AWS_REGION: "eu-central-1",
                AWS_ACCESS_KEY_ID: "key",
                AWS_SECRET_ACCESS_KEY: "secret",
                AWS_MAX_ATTEMPTS: "1",
                IMAGES_KEY: imagesKey,
                STARTED: "1",
                BUILD_TOOLS_BUCKET: "shop-cache",
                CODEBUILD_BUILD_ID: "shop:1",
                CODEBUILD_SRC_DIR: path.join(this.path, "source"),
                CODEBUILD_RESOLVED_SOURCE_VERSION: commit,
                ...variables,
            },
        });
        const [[status], stdout, stderr] = await Promise.all([
            once(child, "close") as Promise<[number]>,
            text(child.stdout),
            text(child.stderr),
        ]);
        return { status, stdout, stderr };
    }

    private writeSource(): void {
        const sourceRoot = path.join(this.path, "source");
        writeTree(path.join(sourceRoot, "api"), { Dockerfile: "FROM scratch\n", file: "1" });
        this.tag = contentTag(sourceOf({ spec, policy, sourceRoot }));
        fs.writeFileSync(path.join(this.path, "tools.js"), bundleBuildTools());
    }
}
