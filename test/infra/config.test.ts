import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { runtime } from "@pulumi/pulumi";
import { readConfig, settings } from "../../infra/config";
import { mockPulumi } from "../support/mocks";
import { temporaryFolder } from "./temporaryFolder";

const root = path.resolve(__dirname, "../..");
const digest = `sha256:${"a".repeat(64)}`;
const project = "cached-image-pipeline";

async function read(config: Record<string, string>, stack = "dev") {
    await mockPulumi({ config, stack });
    return readConfig();
}

/** A list of images as Pulumi hands it over: as JSON text. */
function images(...list: unknown[]): Record<string, string> {
    return { images: JSON.stringify(list) };
}

const app = {
    name: "app",
    context: path.join(root, "app"),
    dockerfile: path.join(root, "app/Dockerfile"),
    buildArgs: {},
    platforms: ["linux/amd64"],
    repositoryName: "cached-image-pipeline-dev",
    digest: undefined,
};

const defaults = {
    application: project,
    environment: "dev",
    images: [app],
    createRepository: true,
    baseRegistry: "public.ecr.aws/docker/library",
    branch: "main",
    defaultBranch: "main",
    cacheMode: "max",
    rebuildKey: "",
    keepBuilds: 50,
    cacheExpiryDays: 30,
    untaggedExpiryDays: 7,
    logRetentionDays: 30,
    throwAway: false,
};

describe("readConfig", () => {
    const folder = temporaryFolder();

    it("has a default for everything", async () => {
        assert.deepEqual(await read({}), defaults);
    });

    it("takes an empty text for a setting that is not there, since Pulumi demands defaults", async () => {
        const empty = Object.fromEntries(Object.keys(settings.shape).map((key) => [key, ""]));
        assert.deepEqual(await read(empty), defaults);
    });

    it("reads all settings", async () => {
        const config = await read({
            ...images({
                name: "api",
                context: "app",
                dockerfile: "app/Dockerfile",
                target: "build",
                buildArgs: { A: "1" },
                platforms: ["linux/arm64"],
                repositoryName: "shop/api",
            }),
            image: '{"source":"build"}',
            repositoryName: "unused",
            createRepository: "false",
            baseRegistry: "127.0.0.1:5000/base",
            branch: "feature/x",
            defaultBranch: "trunk",
            cacheMode: "min",
            rebuildKey: "2026",
            keepBuilds: "1",
            cacheExpiryDays: "2",
            untaggedExpiryDays: "3",
            logRetentionDays: "5",
            kmsKeyArn: "arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/mrk-1",
            cacheBucketName: "shop-cache",
            directoryApp: "/srv/shop",
            secretName: "shop/settings",
            throwAway: "true",
        });
        assert.deepEqual(config, {
            application: project,
            environment: "dev",
            images: [
                {
                    ...app,
                    name: "api",
                    target: "build",
                    buildArgs: { A: "1" },
                    platforms: ["linux/arm64"],
                    repositoryName: "shop/api",
                },
            ],
            repositoryName: "unused",
            createRepository: false,
            baseRegistry: "127.0.0.1:5000/base",
            branch: "feature/x",
            defaultBranch: "trunk",
            cacheMode: "min",
            rebuildKey: "2026",
            keepBuilds: 1,
            cacheExpiryDays: 2,
            untaggedExpiryDays: 3,
            logRetentionDays: 5,
            kmsKeyArn: "arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/mrk-1",
            cacheBucketName: "shop-cache",
            directoryApp: "/srv/shop",
            secretName: "shop/settings",
            throwAway: true,
        });
    });

    it("gives each of several images a repository in the folder of the stack's", async () => {
        const list = images(
            { name: "api", context: "app" },
            { name: "worker", context: "app" },
            { name: "web", context: "app", repositoryName: "team/web" },
        );
        const names = async (config: Record<string, string>) =>
            (await read(config)).images.map((one) => one.repositoryName);
        assert.deepEqual(await names(list), [`${project}-dev/api`, `${project}-dev/worker`, "team/web"]);
        assert.deepEqual(await names({ ...list, repositoryName: "shop" }), ["shop/api", "shop/worker", "team/web"]);
    });

    it("takes digests instead of sources where nothing is built", async () => {
        const other = `sha256:${"b".repeat(64)}`;
        const config = await read({
            ...images({ name: "api", context: "nowhere" }, { name: "web", digest: other }),
            image: '{"source":"digest"}',
            imageDigest: digest,
        });
        assert.deepEqual(
            config.images.map((one) => one.digest),
            [digest, other],
        );
    });

    it("names repositories in lower case when the stack's name has capitals", async () => {
        assert.equal((await read({}, "Feature1")).images[0]?.repositoryName, `${project}-feature1`);
    });

    it("leaves the settings of other projects alone", async () => {
        await mockPulumi();
        runtime.setAllConfig({ "aws:region": "eu-central-1", "other:colour": "red" });
        assert.deepEqual(readConfig(), defaults);
    });

    it("reads the file of certificates", async () => {
        const file = path.join(folder.path, "ca.pem");
        fs.writeFileSync(file, "-----BEGIN CERTIFICATE-----\n");
        assert.equal((await read({ caCertificates: file })).caCertificates, "-----BEGIN CERTIFICATE-----\n");
    });
});
