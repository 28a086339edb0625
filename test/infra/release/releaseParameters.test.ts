import assert from "node:assert/strict";
import { ReleaseParameters, type ReleaseParametersArgs } from "../../../infra/release/releaseParameters";
import { mockPulumi, valueOf } from "../../../local/mocks/mockPulumi";

const args: ReleaseParametersArgs = {
    application: "shop",
    environment: "dev",
    images: [
        { name: "web", imageUri: "registry/web@sha256:1" },
        { name: "api", imageUri: "registry/api@sha256:2" },
    ],
    hostFolder: "/opt/shop",
    secretName: "shop/dev",
};

describe("ReleaseParameters", () => {
    it("declares one parameter for each image, one for the folder, one for the secret's name", async () => {
        const world = await mockPulumi();
        const parameters = new ReleaseParameters("release", args);
        await world.settle();
        assert.deepEqual(world.tree(), [
            "ReleaseParameters release",
            "  Parameter release-directory-app",
            "  Parameter release-image-tag",
            "  Parameter release-image-tag-api",
            "  Parameter release-secret-name",
        ]);
        const path = "/shop/dev/config";
        const inputs = Object.fromEntries(
            world.resourcesOfType("aws:ssm/parameter:Parameter").map((one) => [one.name, one.inputs]),
        );
        assert.deepEqual(inputs, {
            "release-image-tag": {
                name: `${path}/image-tag`,
                type: "String",
                description: "Released image of web, moved by deploys",
                insecureValue: "registry/web@sha256:1",
            },
            "release-image-tag-api": {
                name: `${path}/image-tag-api`,
                type: "String",
                description: "Released image of api, moved by deploys",
                insecureValue: "registry/api@sha256:2",
            },
            "release-directory-app": {
                name: `${path}/directory-app`,
                type: "String",
                description: "Folder of the compose files",
                insecureValue: "/opt/shop",
            },
            "release-secret-name": {
                name: `${path}/secret-name`,
                type: "String",
                description: "Secret with the application's settings",
                insecureValue: "shop/dev",
            },
        });
        assert.deepEqual(world.resource("ReleaseParameters release").outputs, {
            imageTagParameters: { web: `${path}/image-tag`, api: `${path}/image-tag-api` },
            directoryAppParameter: `${path}/directory-app`,
            secretNameParameter: `${path}/secret-name`,
        });
        assert.deepEqual(Object.keys(parameters.imageTagParameters), ["web", "api"]);
        assert.equal(await valueOf(parameters.imageTagParameters["api"]!), `${path}/image-tag-api`);
        assert.equal(await valueOf(parameters.directoryAppParameter), `${path}/directory-app`);
        assert.equal(await valueOf(parameters.secretNameParameter), `${path}/secret-name`);
    });

    it("leaves what is released to deploys, and owns the rest", async () => {
        const world = await mockPulumi();
        new ReleaseParameters("release", args);
        await world.settle();
        const options = Object.fromEntries(
            world.resourcesOfType("aws:ssm/parameter:Parameter").map((one) => [one.name, one.options]),
        );
        assert.deepEqual(options, {
            "release-image-tag": { ignoreChanges: ["insecureValue", "value"] },
            "release-image-tag-api": { ignoreChanges: ["insecureValue", "value"] },
            "release-directory-app": {},
            "release-secret-name": {},
        });
    });
});
