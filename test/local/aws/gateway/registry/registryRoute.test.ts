import * as assert from "node:assert/strict";
import { requestTarget } from "../../../../../local/aws/gateway/http/requestTarget";
import { isRegistryRequest, registryRoute } from "../../../../../local/aws/gateway/registry/registryRoute";

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
    "PUT /v2/app/manifests/../../v1",
];

const targetOf = (request: string) => {
    const [method = "", path = ""] = request.split(" ");
    return { method, target: requestTarget(path) };
};

describe("gateway: registry routes", () => {
    for (const [request, kind, repository, reference, actions] of served) {
        it(`serves ${request}`, () => {
            const { method, target } = targetOf(request);
            assert.deepEqual(registryRoute(method, target), { kind, repository, reference, actions });
        });
    }
    for (const request of notServed) {
        it(`does not serve ${request}`, () => {
            const { method, target } = targetOf(request);
            assert.equal(registryRoute(method, target), undefined);
        });
    }
    const requests: [path: string, unsigned: boolean, signed: boolean][] = [
        ["/v2", true, true],
        ["/v2/", true, true],
        ["/v2/app/tags/list", true, true],
        // Whatever the emulator would serve without asking for credentials stays with the registry.
        ["/v2/app/manifests/v1", true, true],
        ["/%76%32/app/manifests/v1", true, true],
        ["/v2/app/manifests/../../../bucket", true, true],
        ["/v2/apis", true, false],
        ["/v20180820/x", false, false],
        ["/bucket/v2/", false, false],
        ["/", false, false],
    ];
    for (const [path, unsigned, signed] of requests) {
        it(`${path} is ${unsigned ? "" : "not "}the registry's, signed ${signed ? "too" : "not"}`, () => {
            assert.deepEqual([isRegistryRequest(path, false), isRegistryRequest(path, true)], [unsigned, signed]);
        });
    }
});
