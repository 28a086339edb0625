import assert from "node:assert/strict";
import type { ImagePipelineArgs } from "../../../infra/pipeline/imagePipelineArgs";
import { accountId, region } from "../../../local/mocks/mockOutputs";
import { declarePipeline, pipelineImage } from "./pipelineFixture";
import { temporaryFolder } from "../temporaryFolder";

describe("the CodeBuild projects of ImagePipeline", () => {
    const folder = temporaryFolder();
    const iam = (resource: string) => `arn:aws:iam::${accountId}:${resource}`;
    const source = {
        type: "GITHUB",
        location: "https://github.com/acme/shop.git",
        auth: { type: "CODECONNECTIONS", resource: `arn:aws:codeconnections:${region}:${accountId}:connection/1` },
    };
    const infrastructure = {
        buildspec: "version: 0.2\n",
        stateBucket: "shop-state",
        pulumiVersion: "3.248.0",
        pulumiChecksum: "a".repeat(64),
    };
    const declare = (extra: Partial<ImagePipelineArgs> = {}) =>
        declarePipeline(folder.path, {
            images: [pipelineImage(folder.path, "api")],
            project: { source, webhooks: true },
            infrastructure,
            ...extra,
        });

    it("have roles below a path of their kind, bounded by what their kind may do, where updates run in CodeBuild", async () => {
        const { inputs } = await declare();
        const placed = (name: string) => {
            const { path, permissionsBoundary } = inputs(name);
            return { path, permissionsBoundary };
        };
        assert.deepEqual(["line-build-role", "line-build-pull-request-role", "line-infrastructure-role"].map(placed), [
            { path: "/shop/dev/builds/", permissionsBoundary: iam("policy/shop-dev-boundary") },
            { path: "/shop/dev/pull-requests/", permissionsBoundary: iam("policy/shop-dev-pull-request-boundary") },
            { path: "/shop/dev/infrastructure/", permissionsBoundary: undefined },
        ]);
    });

    it("have roles with neither, but for that of pull requests, where they do not", async () => {
        const { inputs } = await declare({ infrastructure: undefined });
        assert.deepEqual(
            ["line-build-role", "line-build-pull-request-role"].map((name) => inputs(name)["path"]),
            [undefined, undefined],
        );
        assert.equal(inputs("line-build-role")["permissionsBoundary"], undefined);
    });

    it("have the name that is given, as have log groups, boundaries, and the resources that updates may touch", async () => {
        const { inputs } = await declare({ project: { source, webhooks: true, projectName: "OldDemo" } });
        assert.deepEqual(
            ["line-build-project", "line-build-pull-request-project", "line-build-logs"].map(
                (name) => inputs(name)["name"],
            ),
            ["OldDemo", "OldDemo-pull-request", "/aws/codebuild/OldDemo"],
        );
        assert.equal(inputs("line-build-role")["permissionsBoundary"], iam("policy/OldDemo-boundary"));
        const trust = JSON.stringify(inputs("line-build-role")["assumeRolePolicy"]);
        assert.ok(trust.includes(`:project/OldDemo\\"`), trust);
        const mayTouch = JSON.stringify(inputs("line-infrastructure-policy")["policy"]);
        assert.ok(mayTouch.includes(":project/OldDemo") && !mayTouch.includes(":project/shop-dev\\"), mayTouch);
    });

    it("are made after the permissions of their roles and the images that the same update pushes and proves, webhooks after them", async () => {
        const { world } = await declare();
        const image = ["BucketObjectv2 line-api-image-amd64-proof", "Image line-api-image-amd64"];
        const before = (name: string) => world.resource(name).options.dependsOn?.sort();
        assert.deepEqual(
            ["line-build-project", "line-build-pull-request-project", "line-infrastructure-project"].map(before),
            [
                [...image, "RolePolicy line-build-policy"],
                [...image, "RolePolicy line-build-pull-request-policy"],
                [...image, "RolePolicy line-infrastructure-policy", "RolePolicyAttachment line-infrastructure-builds"],
            ],
        );
        // Their roles do not wait, so that IAM has known them for as long as the images took.
        const early = ["Role", "RolePolicy", "Policy", "RolePolicyAttachment"].flatMap((type) =>
            world.resources.filter((one) => one.type.endsWith(`:${type}`)),
        );
        assert.ok(early.length >= 8);
        for (const { name, options } of early) assert.equal(options.dependsOn, undefined, name);
        const order = world.resources.map(({ name }) => name);
        for (const name of ["line-build", "line-build-pull-request"]) {
            assert.ok(order.indexOf(`${name}-webhook`) > order.indexOf(`${name}-project`));
        }
    });
});
