import * as assert from "node:assert/strict";
import {
    CreateRepositoryCommand,
    DeleteRepositoryCommand,
    DeleteRepositoryPolicyCommand,
    SetRepositoryPolicyCommand,
} from "@aws-sdk/client-ecr";
import { CreatePolicyCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { digestOf, errorsOf, manifest, RegistryClient } from "./registryClient";
import { policy, registryToken, startWorld, type World } from "../world";

const pullActions = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"];
const pushActions = [
    ...pullActions,
    "ecr:InitiateLayerUpload",
    "ecr:UploadLayerPart",
    "ecr:CompleteLayerUpload",
    "ecr:PutImage",
];
const tokenStatement = { Effect: "Allow", Action: "ecr:GetAuthorizationToken", Resource: "*" };
const arnOf = (repository: string) => `arn:aws:ecr:eu-central-1:000000000000:repository/${repository}`;
const allow = (actions: string[], repository: string) => ({
    Effect: "Allow",
    Action: actions,
    Resource: arnOf(repository),
});

describe("gateway: registry", function () {
    this.timeout(60_000);
    let world: World;
    let admin: RegistryClient;

    const clientOf = async (name: string, statements: object[], options?: { boundary?: string; policy?: string }) => {
        const { ecr } = await world.assumeRole(name, [tokenStatement, ...statements], options);
        return new RegistryClient(world.gateway.origin, await registryToken(ecr));
    };

    before(async () => {
        world = await startWorld();
        for (const repositoryName of ["app", "other/cache"]) {
            await world.admin.ecr.send(new CreateRepositoryCommand({ repositoryName }));
        }
        admin = new RegistryClient(world.gateway.origin, await registryToken(world.admin.ecr));
    });
    after(() => world.stop());

    it("asks for a token", async () => {
        // GIVEN no token, one that was never issued, and a valid secret under another user name
        const secret = Buffer.from(await registryToken(world.admin.ecr), "base64")
            .toString()
            .slice("AWS:".length);
        const encode = (text: string) => Buffer.from(text).toString("base64");
        for (const token of [undefined, encode("AWS:invented"), encode(`somebody:${secret}`)]) {
            // WHEN the registry is asked
            const response = await new RegistryClient(world.gateway.origin, token).request("GET", "");
            // THEN it names the way to authenticate
            assert.equal(response.status, 401);
            assert.equal(
                response.headers.get("www-authenticate"),
                `Basic realm="${world.gateway.origin}/",service="ecr.amazonaws.com"`,
            );
        }
    });

    it("begins a new repository without the blobs of a deleted one of its name", async () => {
        // GIVEN a repository with a pushed blob and a mounted one
        const [pushed, mounted] = [Buffer.from("pushed"), Buffer.from("mounted")];
        const create = () => world.admin.ecr.send(new CreateRepositoryCommand({ repositoryName: "short-lived" }));
        await create();
        await admin.pushBlob("short-lived", pushed);
        await admin.pushBlob("app", mounted);
        await admin.request("POST", `short-lived/blobs/uploads/?mount=${digestOf(mounted)}&from=app`);
        const statuses = async () => {
            const found = [pushed, mounted].map((blob) => admin.request("HEAD", `short-lived/blobs/${digestOf(blob)}`));
            return (await Promise.all(found)).map(({ status }) => status);
        };
        assert.deepEqual(await statuses(), [200, 200]);
        // WHEN it is deleted and created again
        await world.admin.ecr.send(new DeleteRepositoryCommand({ repositoryName: "short-lived", force: true }));
        await create();
        // THEN it is empty, and the other one is not
        assert.deepEqual(await statuses(), [404, 404]);
        assert.equal((await admin.request("HEAD", `app/blobs/${digestOf(mounted)}`)).status, 200);
    });

    it("takes the administrator's token", async () => {
        assert.equal((await admin.request("GET", "")).status, 200);
    });

    it("lets a role pull that may pull, and refuses its push in AWS's words", async () => {
        // GIVEN an image and a role that may only pull
        const blob = Buffer.from("layer of the pulled image");
        assert.deepEqual(await admin.pushBlob("app", blob), [202, 202, 201]);
        assert.equal((await admin.putManifest("app", "pulled", manifest("pulled"))).status, 201);
        const puller = await clientOf("puller", [allow(pullActions, "app")]);
        // WHEN it pulls THEN everything is there
        const pulled = await puller.request("GET", "app/manifests/pulled");
        assert.equal(await pulled.text(), manifest("pulled"));
        assert.equal((await puller.request("HEAD", `app/blobs/${digestOf(blob)}`)).status, 200);
        assert.equal(await (await puller.request("GET", `app/blobs/${digestOf(blob)}`)).text(), blob.toString());
        // WHEN it writes, deletes, lists, or reads another repository THEN it is denied
        const user = "arn:aws:sts::000000000000:assumed-role/puller/session";
        const denied: [method: string, path: string, action: string, repository: string][] = [
            ["PUT", "app/manifests/x", "ecr:PutImage", "app"],
            ["POST", "app/blobs/uploads/", "ecr:InitiateLayerUpload", "app"],
            ["PATCH", "app/blobs/uploads/x", "ecr:UploadLayerPart", "app"],
            ["PUT", "app/blobs/uploads/x?digest=sha256:0", "ecr:CompleteLayerUpload", "app"],
            ["DELETE", `app/manifests/${digestOf("x")}`, "ecr:BatchDeleteImage", "app"],
            ["GET", "app/tags/list", "ecr:ListImages", "app"],
            ["GET", "other/cache/manifests/x", "ecr:BatchGetImage", "other/cache"],
        ];
        for (const [method, path, action, repository] of denied) {
            const response = await puller.request(method, path, method === "PUT" ? { body: "{}" } : {});
            assert.equal(response.status, 403, `${method} ${path}`);
            assert.deepEqual(await errorsOf(response), [
                {
                    code: "DENIED",
                    message: `User: ${user} is not authorized to perform: ${action} on resource: ${arnOf(repository)} because no identity-based policy allows the ${action} action`,
                },
            ]);
        }
    });

    it("respects a Deny, a permissions boundary and a session policy, and sees policy changes at once", async () => {
        // GIVEN four roles that may push as far as their identity policy says, three of them limited
        const { Policy: boundary } = await world.admin.iam.send(
            new CreatePolicyCommand({
                PolicyName: "boundary",
                PolicyDocument: policy([{ ...tokenStatement, Action: [tokenStatement.Action, ...pullActions] }]),
            }),
        );
        const push = allow(pushActions, "app");
        const denyPut = { Effect: "Deny", Action: "ecr:PutImage", Resource: "*" };
        const sessionPolicy = policy([tokenStatement, allow(pullActions, "app")]);
        const pushers = {
            free: await clientOf("free", [push]),
            denied: await clientOf("denied", [push, denyPut]),
            bounded: await clientOf("bounded", [push], { boundary: boundary?.Arn }),
            narrowed: await clientOf("narrowed", [push], { policy: sessionPolicy }),
        };
        // WHEN each pushes
        const answers: Record<string, [status: number, reason: string | undefined]> = {};
        for (const [name, pusher] of Object.entries(pushers)) {
            const response = await pusher.putManifest("app", `by-${name}`, manifest(name));
            const text = await response.text();
            answers[name] = [response.status, /repository\/app (.*)"/.exec(text)?.[1]];
        }
        // THEN only the unlimited one may
        assert.deepEqual(answers, {
            free: [201, undefined],
            denied: [403, "with an explicit deny in an identity-based policy"],
            bounded: [403, "because no permissions boundary allows the ecr:PutImage action"],
            narrowed: [403, "because no session policy allows the ecr:PutImage action"],
        });
        // WHEN its policy is taken away THEN the next push is denied
        await world.admin.iam.send(
            new PutRolePolicyCommand({
                RoleName: "free",
                PolicyName: "inline",
                PolicyDocument: policy([tokenStatement]),
            }),
        );
        assert.equal((await pushers.free.putManifest("app", "later", manifest("later"))).status, 403);
    });

    it("takes a repository's policy into account", async () => {
        // GIVEN a role without permissions on a repository, and one with
        const push = allow(pushActions, "app");
        const granted = await clientOf("granted", []);
        const barred = await clientOf("barred", [push]);
        const statements = [
            { Effect: "Allow", Action: "ecr:PutImage", Principal: { AWS: "arn:aws:iam::000000000000:role/granted" } },
            { Effect: "Deny", Action: "ecr:PutImage", Principal: { AWS: ["arn:aws:iam::000000000000:role/barred"] } },
        ];
        const statuses = async () => [
            (await granted.putManifest("app", "granted", manifest("granted"))).status,
            (await barred.putManifest("app", "barred", manifest("barred"))).status,
        ];
        assert.deepEqual(await statuses(), [403, 201]);
        // WHEN the repository's policy names them THEN it decides, until it is gone
        await world.admin.ecr.send(
            new SetRepositoryPolicyCommand({ repositoryName: "app", policyText: policy(statements) }),
        );
        assert.deepEqual(await statuses(), [201, 403]);
        await world.admin.ecr.send(new DeleteRepositoryPolicyCommand({ repositoryName: "app" }));
        assert.deepEqual(await statuses(), [403, 201]);
    });

    it("mounts a blob only from a repository that the caller may read", async () => {
        // GIVEN a blob in one repository, and two roles that may push to the other one
        const blob = Buffer.from("mounted layer");
        await admin.pushBlob("other/cache", blob);
        const push = allow(pushActions, "app");
        const reader = await clientOf("mount-reader", [push, allow(pullActions, "other/cache")]);
        const stranger = await clientOf("mount-stranger", [push]);
        const path = `app/blobs/uploads/?mount=${digestOf(blob)}&from=other/cache`;
        // WHEN the one without read access asks for a mount THEN it gets an upload; the other one gets the blob
        assert.equal((await stranger.request("POST", path)).status, 202);
        assert.equal((await reader.request("HEAD", `app/blobs/${digestOf(blob)}`)).status, 404);
        assert.equal((await reader.request("POST", path)).status, 201);
        assert.equal((await reader.request("HEAD", `app/blobs/${digestOf(blob)}`)).status, 200);
    });

    it("does not know a repository that nobody made", async () => {
        const response = await admin.request("GET", "missing/manifests/x");
        assert.equal(response.status, 404);
        assert.deepEqual(await errorsOf(response), [
            {
                code: "NAME_UNKNOWN",
                message: "The repository with name 'missing' does not exist in the registry with id '000000000000'",
            },
        ]);
    });
});
