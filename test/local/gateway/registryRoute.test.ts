import * as assert from "node:assert/strict";
import { isRegistryPath, registryRoute } from "../../../local/gateway/registryRoute";

const digest = `sha256:${"a".repeat(64)}`;
const wholeUpload = ["ecr:InitiateLayerUpload", "ecr:UploadLayerPart", "ecr:CompleteLayerUpload"];

type Case = [request: string, kind: string, repository: string, reference: string, actions: string[]];

const served: Case[] = [
    ["GET /v2", "ping", "", "", []],
    ["GET /v2/", "ping", "", "", []],
    ["HEAD /v2/app/manifests/v1", "manifest", "app", "v1", ["ecr:BatchGetImage"]],
    ["GET /v2/team/app/manifests/v1", "manifest", "team/app", "v1", ["ecr:BatchGetImage"]],
    [`GET /v2/app/manifests/${digest}`, "manifest", "app", digest, ["ecr:BatchGetImage"]],
    ["PUT /v2/app/manifests/v1", "manifest", "app", "v1", ["ecr:PutImage"]],
    [`DELETE /v2/app/manifests/${digest}`, "manifest", "app", digest, ["ecr:BatchDeleteImage"]],
    [`HEAD /v2/app/blobs/${digest}`, "blob", "app", digest, ["ecr:BatchCheckLayerAvailability"]],
    [`GET /v2/app/blobs/${digest}`, "blob", "app", digest, ["ecr:GetDownloadUrlForLayer"]],
    ["POST /v2/app/blobs/uploads/", "upload", "app", "", ["ecr:InitiateLayerUpload"]],
    ["POST /v2/app/blobs/uploads", "upload", "app", "", ["ecr:InitiateLayerUpload"]],
    [`POST /v2/app/blobs/uploads/?mount=${digest}&from=b`, "upload", "app", "", ["ecr:InitiateLayerUpload"]],
    [`POST /v2/app/blobs/uploads/?digest=${digest}`, "upload", "app", "", wholeUpload],
    ["PATCH /v2/app/blobs/uploads/1-2", "upload", "app", "1-2", ["ecr:UploadLayerPart"]],
    [`PUT /v2/app/blobs/uploads/1-2?digest=${digest}`, "upload", "app", "1-2", ["ecr:CompleteLayerUpload"]],
    ["GET /v2/a.b_c-d/e__f/tags/list?n=5", "tags", "a.b_c-d/e__f", "", ["ecr:ListImages"]],
];

const notServed = [
    "GET /v2/_catalog",
    `DELETE /v2/app/blobs/${digest}`,
    `GET /v2/app/referrers/${digest}`,
    "POST /v2/app/manifests/v1",
    "GET /v2/App/manifests/v1",
    "GET /v2/app/manifests/a/b",
    "GET /v2/app/blobs/v1",
    // The emulator would take these for other repositories than the permission is checked on.
    "PUT /v2/mine/manifests/theirs/manifests/v1",
    `GET /v2/mine/blobs/theirs/blobs/${digest}`,
    "GET /v2/mine%2ftheirs/manifests/v1",
];

const urlOf = (request: string) => {
    const [method = "", path = ""] = request.split(" ");
    return { method, url: new URL(path, "http://gateway") };
};

describe("gateway: registry routes", () => {
    for (const [request, kind, repository, reference, actions] of served) {
        it(`serves ${request}`, () => {
            const { method, url } = urlOf(request);
            assert.deepEqual(registryRoute(method, url), { kind, repository, reference, actions });
        });
    }
    for (const request of notServed) {
        it(`does not serve ${request}`, () => {
            const { method, url } = urlOf(request);
            assert.equal(registryRoute(method, url), undefined);
        });
    }
    it("knows its paths", () => {
        const paths = ["/v2", "/v2/", "/v2/app/tags/list", "/v20180820/x", "/bucket/v2/", "/"];
        assert.deepEqual(paths.map(isRegistryPath), [true, true, true, false, false, false]);
    });
});
