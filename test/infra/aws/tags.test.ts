import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { taggedTypes, withTags } from "../../../infra/aws/tags";
import { CiIdentity, ImagePipeline, LambdaTarget } from "../../../infra/components";
import { mockPulumi } from "../../../local/mocks/mockPulumi";
import { documentedPermissions } from "../../support/permissionsTable";
import { temporaryFolder, writeTree } from "../temporaryFolder";

/** Types that take tags and get none, with the reason. */
const untagged: Record<string, string> = {
    "aws:s3/bucketObjectv2:BucketObjectv2": "AWS allocates costs by the tags of buckets",
};

describe("taggedTypes", () => {
    /** Whether the provider's class of a type takes tags. */
    function takesTags(type: string): boolean {
        const [, module = ""] = type.split(":");
        const types = path.join(path.dirname(require.resolve("@pulumi/aws/package.json")), `${module}.d.ts`);
        return fs.readFileSync(types, "utf8").includes("    tags?: pulumi.Input<");
    }

    // A test holds the table against what the program declares.
    for (const type of documentedPermissions().keys()) {
        if (!type.startsWith("aws:")) continue;
        it(`has ${type} exactly if it takes tags, or a reason says why not`, () => {
            assert.equal(taggedTypes.has(type), takesTags(type) && untagged[type] === undefined);
        });
    }

    it("has no type that the program does not declare", () => {
        const declared = documentedPermissions();
        assert.deepEqual(
            [...taggedTypes].filter((type) => !declared.has(type)),
            [],
        );
    });
});

describe("components with tags", () => {
    const folder = temporaryFolder();
    const tags = { team: "shop", cost: "1" };

    /** Tags of the resources of AWS that a program declares, by name. */
    async function declaredTags(program: () => unknown): Promise<Record<string, unknown>> {
        const world = await mockPulumi();
        program();
        await world.settle();
        const ofAws = world.resources.filter(({ type }) => type.startsWith("aws:"));
        return Object.fromEntries(ofAws.map(({ name, inputs }) => [name, inputs["tags"]]));
    }

    it("tag what takes tags in all their parts, and nothing else", async () => {
        writeTree(path.join(folder.path, "app"), { Dockerfile: "FROM scratch\n" });
        const images = [{ name: "app" }];
        const declared = await declaredTags(
            () => new ImagePipeline("line", { images, sourceRoot: folder.path, tags: pulumi.output(tags) }),
        );
        assert.deepEqual(declared, {
            "line-app-repository": tags,
            "line-app-lifecycle": undefined,
            "line-app-image-amd64-proof": undefined,
            "line-cache-bucket": tags,
            "line-cache-public-access": undefined,
            "line-cache-encryption": undefined,
            "line-cache-policy": undefined,
            "line-cache-lifecycle": undefined,
            "line-build-logs": tags,
            "line-build-tools": undefined,
            "line-build-images": undefined,
            "line-build-role": tags,
            "line-build-policy": undefined,
            "line-build-project": tags,
            "line-release-image-tag": tags,
            "line-release-directory-app": tags,
            "line-release-secret-name": tags,
        });
    });

    it("tag where a component is used alone", async () => {
        const declared = await declaredTags(() => {
            new CiIdentity("ci", {
                github: { deploySubjects: ["repo:a/b:ref:refs/heads/main"] },
                deployPolicy: "{}",
                tags,
            });
            new LambdaTarget("fn", {
                application: "shop",
                environment: "dev",
                imageUri: "host/name@sha256:1",
                platform: "linux/amd64",
                tags,
            });
        });
        const tagged = Object.entries(declared).filter(([, value]) => value !== undefined);
        assert.deepEqual(tagged.map(([name]) => name).sort(), [
            "ci-deploy-role",
            "ci-github",
            "fn-function",
            "fn-logs",
            "fn-role",
        ]);
        for (const [, value] of tagged) assert.deepEqual(value, tags);
    });

    it("leave tags that a part has itself", async () => {
        const declared = await declaredTags(() => {
            const parent = new pulumi.ComponentResource("a:b:C", "outer", {}, withTags({}, { tags }));
            new aws.ssm.Parameter("inner", { type: "String", value: "1", tags: { team: "own" } }, { parent });
        });
        assert.deepEqual(declared, { inner: { team: "own", cost: "1" } });
    });

    it("change nothing without tags, and keep transformations that they are given", () => {
        const given = { transformations: [() => undefined] };
        assert.equal(withTags(given, {}), given);
        assert.equal(withTags(given, { tags })!.transformations!.length, 2);
    });
});
