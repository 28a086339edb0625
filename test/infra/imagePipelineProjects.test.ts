import assert from "node:assert/strict";
import type { ImagePipelineArgs } from "../../infra/imagePipelineArgs";
import { accountId, region } from "../support/mockOutputs";
import { declarePipeline, pipelineImage } from "./pipelineFixture";
import { temporaryFolder } from "./temporaryFolder";

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
        declarePipeline({
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
});
