import assert from "node:assert/strict";
import { isSecret } from "@pulumi/pulumi";
import { ImageRepository, type ImageRepositoryArgs, movableTags } from "../../../infra/image/imageRepository";
import { lifecyclePolicy } from "../../../infra/image/lifecyclePolicy";
import { accountId, region, registry } from "../../../local/mocks/mockOutputs";
import { isKnown, mockPulumi, type MockOptions, unknown, valueOf } from "../../../local/mocks/mockPulumi";

async function declare(args: Partial<ImageRepositoryArgs> = {}, options: MockOptions = {}) {
    const world = await mockPulumi(options);
    const repository = new ImageRepository("app", { repositoryName: "shop-dev/api", ...args });
    await world.settle();
    return { world, repository };
}

const tree = ["ImageRepository app", "  LifecyclePolicy app-lifecycle", "  Repository app-repository"];

const defaults = {
    name: "shop-dev/api",
    imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
    imageTagMutabilityExclusionFilters: [
        { filter: "cache-*", filterType: "WILDCARD" },
        { filter: "src-*", filterType: "WILDCARD" },
        { filter: "deps-*", filterType: "WILDCARD" },
        { filter: "deployed-*", filterType: "WILDCARD" },
        { filter: "tool-*", filterType: "WILDCARD" },
    ],
    imageScanningConfiguration: { scanOnPush: true },
    encryptionConfigurations: [{ encryptionType: "AES256" }],
    forceDelete: false,
};

describe("ImageRepository", () => {
    it("declares a repository with immutable releases, and its lifecycle policy", async () => {
        const { world } = await declare();
        assert.deepEqual(world.tree(), tree);
        assert.deepEqual(world.resource("app-repository").inputs, defaults);
        assert.deepEqual(world.resource("app-lifecycle").inputs, {
            repository: "shop-dev/api",
            policy: lifecyclePolicy({ builds: 50, cacheDays: 30, untaggedDays: 7 }),
        });
        assert.deepEqual(world.invokes, []);
    });

    it("lets no more kinds of tags move than ECR takes", () => assert.ok(movableTags.length <= 5));

    it("passes retention on", async () => {
        const { world } = await declare({ maxImageCount: 5, cacheExpiryDays: 6, untaggedExpiryDays: 7 });
        assert.equal(
            world.resource("app-lifecycle").inputs["policy"],
            lifecyclePolicy({ builds: 5, cacheDays: 6, untaggedDays: 7 }),
        );
    });

    it("encrypts with a KMS key that is given", async () => {
        const { world } = await declare({ kmsKeyArn: "arn:aws:kms:eu-central-1:123456789012:key/1" });
        assert.deepEqual(world.resource("app-repository").inputs, {
            ...defaults,
            encryptionConfigurations: [
                { encryptionType: "KMS", kmsKey: "arn:aws:kms:eu-central-1:123456789012:key/1" },
            ],
        });
    });

    for (const forceDestroy of [undefined, false]) {
        it(`outlives the stack with forceDestroy ${forceDestroy}`, async () => {
            const { world } = await declare({ forceDestroy });
            assert.deepEqual(world.resource("app-repository").inputs, defaults);
            assert.deepEqual(world.resource("app-repository").options, { retainOnDelete: true });
            assert.deepEqual(world.resource("app-lifecycle").options, { retainOnDelete: true });
        });
    }

    it("goes with all images with forceDestroy", async () => {
        const { world } = await declare({ forceDestroy: true });
        assert.deepEqual(world.resource("app-repository").inputs, { ...defaults, forceDelete: true });
        assert.deepEqual(world.resource("app-repository").options, {});
        assert.deepEqual(world.resource("app-lifecycle").options, {});
    });

    for (const existing of [false, true]) {
        it(`has the same outputs for ${existing ? "an existing" : "a new"} repository`, async () => {
            const { world, repository } = await declare({ existingRepository: existing });
            const expected = {
                repositoryName: "shop-dev/api",
                repositoryUrl: `${registry}/shop-dev/api`,
                repositoryArn: `arn:aws:ecr:${region}:${accountId}:repository/shop-dev/api`,
                registryId: accountId,
            };
            assert.deepEqual(
                {
                    repositoryName: await valueOf(repository.repositoryName),
                    repositoryUrl: await valueOf(repository.repositoryUrl),
                    repositoryArn: await valueOf(repository.repositoryArn),
                    registryId: await valueOf(repository.registryId),
                },
                expected,
            );
            assert.deepEqual(world.resource("ImageRepository app").outputs, expected);
        });
    }

    it("declares nothing for an existing repository and only looks it up", async () => {
        const { world } = await declare({ existingRepository: true });
        assert.deepEqual(world.tree(), ["ImageRepository app"]);
        assert.deepEqual(world.invokes, [
            { token: "aws:ecr/getRepository:getRepository", inputs: { name: "shop-dev/api" } },
        ]);
    });

    it("gives a login whose password is a secret", async () => {
        const { world, repository } = await declare();
        const credentials = repository.credentials();
        assert.equal(await valueOf(credentials.address), `${registry}/shop-dev/api`);
        assert.equal(await valueOf(credentials.username), "AWS");
        assert.equal(await valueOf(credentials.password), "registry-token");
        assert.equal(await isSecret(credentials.password), true);
        await world.settle();
        assert.deepEqual(world.invokes, [
            { token: "aws:ecr/getAuthorizationToken:getAuthorizationToken", inputs: { registryId: accountId } },
        ]);
    });

    it("knows in the first preview only what was configured, and asks for no login", async () => {
        const { world, repository } = await declare({}, { preview: true });
        const credentials = repository.credentials();
        await world.settle();
        assert.deepEqual(world.tree(), tree);
        assert.deepEqual(world.resource("app-repository").inputs, defaults);
        assert.equal(world.resource("app-lifecycle").inputs["repository"], "shop-dev/api");
        assert.equal(await valueOf(repository.repositoryName), "shop-dev/api");
        assert.equal(await isKnown(repository.repositoryUrl), false);
        assert.equal(await isKnown(credentials.password), false);
        assert.deepEqual(world.resource("ImageRepository app").outputs, {
            repositoryName: "shop-dev/api",
            repositoryUrl: unknown,
            repositoryArn: unknown,
            registryId: unknown,
        });
        assert.deepEqual(world.invokes, []);
    });
});
