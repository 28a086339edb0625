import * as assert from "node:assert/strict";
import {
    BatchGetImageCommand,
    CreateRepositoryCommand,
    DescribeImagesCommand,
    DescribeRepositoriesCommand,
    PutImageCommand,
    PutImageTagMutabilityCommand,
} from "@aws-sdk/client-ecr";
import { digestOf, errorsOf, manifest, manifestType, RegistryClient } from "./registryClient";
import { registryToken, startWorld, type World } from "../world";

const exclusions = (...filters: string[]) => filters.map((filter) => ({ filterType: "WILDCARD" as const, filter }));

describe("gateway: images and their tags", function () {
    this.timeout(60_000);
    let world: World;

    before(async () => {
        world = await startWorld();
    });
    after(() => world.stop());

    it("keeps, returns and enforces exclusions of immutable tags", async () => {
        // GIVEN a repository whose tags are immutable but for two patterns
        const settings = {
            imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
            imageTagMutabilityExclusionFilters: exclusions("cache-*", "*-latest"),
        } as const;
        const repositoryName = "immutable";
        const created = await world.admin.ecr.send(new CreateRepositoryCommand({ repositoryName, ...settings }));
        const described = await world.admin.ecr.send(
            new DescribeRepositoriesCommand({ repositoryNames: [repositoryName] }),
        );
        for (const repository of [created.repository, described.repositories?.[0]]) {
            assert.equal(repository?.imageTagMutability, settings.imageTagMutability);
            assert.deepEqual(
                repository?.imageTagMutabilityExclusionFilters,
                settings.imageTagMutabilityExclusionFilters,
            );
        }
        // WHEN tags are pushed twice, in the registry's protocol
        const registry = new RegistryClient(world.gateway.origin, await registryToken(world.admin.ecr));
        const push = (tag: string, name: string) => registry.putManifest(repositoryName, tag, manifest(name));
        for (const tag of ["v1", "cache-main", "app-latest"]) assert.equal((await push(tag, "one")).status, 201);
        // THEN the same image is taken again, excluded tags move, and the other one does not
        assert.equal((await push("v1", "one")).status, 201);
        assert.equal((await push("cache-main", "two")).status, 201);
        assert.equal((await push("app-latest", "two")).status, 201);
        const message =
            "The image tag 'v1' already exists in the 'immutable' repository and cannot be overwritten because the tag is immutable.";
        const refused = await push("v1", "two");
        assert.equal(refused.status, 400);
        assert.deepEqual(await errorsOf(refused), [{ code: "TAG_INVALID", message }]);
        // AND the API's PutImage does the same
        const put = (imageTag: string, name: string) =>
            world.admin.ecr.send(
                new PutImageCommand({
                    repositoryName,
                    imageTag,
                    imageManifest: manifest(name),
                    imageManifestMediaType: manifestType,
                }),
            );
        await assert.rejects(put("v1", "two"), { name: "ImageTagAlreadyExistsException", message });
        await assert.rejects(put("v1", "one"), { name: "ImageAlreadyExistsException" });
        await put("cache-main", "one");
        await put("git-1", "two");
        const { images } = await world.admin.ecr.send(
            new BatchGetImageCommand({ repositoryName, imageIds: [{ imageTag: "v1" }, { imageTag: "git-1" }] }),
        );
        assert.deepEqual(
            images?.map(({ imageId }) => imageId?.imageDigest),
            [digestOf(manifest("one")), digestOf(manifest("two"))],
        );
        // WHEN the settings are turned round THEN so is what moves
        const turned = await world.admin.ecr.send(
            new PutImageTagMutabilityCommand({
                repositoryName,
                imageTagMutability: "MUTABLE_WITH_EXCLUSION",
                imageTagMutabilityExclusionFilters: exclusions("cache-*"),
            }),
        );
        assert.deepEqual(turned.imageTagMutabilityExclusionFilters, exclusions("cache-*"));
        assert.equal((await push("v1", "two")).status, 201);
        assert.equal((await push("cache-main", "two")).status, 400);
    });

    it("moves an immutable tag for the first of many pushes only", async () => {
        await world.admin.ecr.send(
            new CreateRepositoryCommand({ repositoryName: "race", imageTagMutability: "IMMUTABLE" }),
        );
        const registry = new RegistryClient(world.gateway.origin, await registryToken(world.admin.ecr));
        const pushes = ["a", "b", "c", "d"].map((name) => registry.putManifest("race", "v1", manifest(name)));
        const statuses = (await Promise.all(pushes)).map(({ status }) => status);
        assert.deepEqual(statuses.sort(), [201, 400, 400, 400]);
    });

    it("fails on images that do not exist", async () => {
        const imageIds = [{ imageTag: "nowhere" }];
        await assert.rejects(world.admin.ecr.send(new DescribeImagesCommand({ repositoryName: "race", imageIds })), {
            name: "ImageNotFoundException",
            message:
                "The image with imageId {imageDigest:'null', imageTag:'nowhere'} does not exist within the repository with name 'race' in the registry with id '000000000000'",
        });
    });
});
