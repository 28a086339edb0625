import * as assert from "node:assert/strict";
import { CreateRepositoryCommand } from "@aws-sdk/client-ecr";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import type { TrafficReading } from "../../../../../local/aws/gateway/registry/traffic";
import { digestOf, manifest, RegistryClient } from "./registryClient";
import { registryToken, startWorld, type World } from "../world";

const repositoryArn = "arn:aws:ecr:eu-central-1:000000000000:repository/app";

describe("gateway: traffic", function () {
    this.timeout(60_000);
    let world: World;
    let admin: RegistryClient;

    before(async () => {
        world = await startWorld();
        await world.admin.ecr.send(new CreateRepositoryCommand({ repositoryName: "app" }));
        admin = new RegistryClient(world.gateway.origin, await registryToken(world.admin.ecr));
    });
    after(() => world.stop());

    it("writes one exact log line per request and counts the bytes that were sent", async () => {
        // GIVEN a fresh token, so that its traffic starts at zero
        const client = new RegistryClient(world.gateway.origin, await registryToken(world.admin.ecr));
        const blob = Buffer.alloc(100_000, "b");
        const body = manifest("logged");
        const before = world.log().length;
        const traffic = async () => (await world.ask("traffic")) as TrafficReading;
        const earlier = await traffic();
        // WHEN an image goes up and down
        await client.pushBlob("app", blob);
        await client.putManifest("app", "logged", body);
        await (await client.request("GET", "app/manifests/logged")).text();
        await client.request("HEAD", `app/blobs/${digestOf(blob)}`);
        await (await client.request("GET", `app/blobs/${digestOf(blob)}`)).arrayBuffer();
        // THEN the log says so
        const lines = world.log().slice(before);
        const token = lines[0]?.token ?? "";
        assert.match(token, /^[0-9a-f]{8}$/);
        const line = (
            action: string,
            method: string,
            status: number,
            kind: string,
            bytesDown: number,
            bytesUp: number,
        ) => ({
            principal: "arn:aws:iam::000000000000:root",
            action,
            resource: repositoryArn,
            allowed: true,
            status,
            method,
            repository: "app",
            kind,
            token,
            bytesDown,
            bytesUp,
        });
        assert.deepEqual(
            lines.map(({ time, ...rest }) => {
                assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
                return rest;
            }),
            [
                line("ecr:InitiateLayerUpload", "POST", 202, "upload", 0, 0),
                line("ecr:UploadLayerPart", "PATCH", 202, "upload", 0, blob.length),
                line("ecr:CompleteLayerUpload", "PUT", 201, "upload", 0, 0),
                line("ecr:PutImage", "PUT", 201, "manifest", 0, body.length),
                line("ecr:BatchGetImage", "GET", 200, "manifest", body.length, 0),
                line("ecr:BatchCheckLayerAvailability", "HEAD", 200, "blob", 0, 0),
                line("ecr:GetDownloadUrlForLayer", "GET", 200, "blob", blob.length, 0),
            ],
        );
        // AND the totals grew by exactly that
        const later = await traffic();
        const bytes = { down: blob.length + body.length, up: blob.length + body.length };
        assert.deepEqual(later.tokens[token], { repositories: { app: bytes } });
        assert.deepEqual({ down: later.total.down - earlier.total.down, up: later.total.up - earlier.total.up }, bytes);
    });

    it("counts downloads of layers apart from those of configurations", async () => {
        const blob = Buffer.from("a layer or a configuration");
        await admin.pushBlob("app", blob);
        const layers = async () => ((await world.ask("traffic")) as TrafficReading).layers;
        const earlier = await layers();
        const download = async (accept: string) =>
            (await admin.request("GET", `app/blobs/${digestOf(blob)}`, { headers: { Accept: accept } })).arrayBuffer();
        await download("application/vnd.oci.image.config.v1+json, */*");
        await download("application/vnd.oci.image.layer.v1.tar+gzip, */*");
        await download("application/vnd.docker.image.rootfs.diff.tar.gzip, */*");
        assert.equal((await layers()) - earlier, 2);
    });

    it("slows S3 down too, and counts its objects", async () => {
        // GIVEN a bucket, and a limit of 100 kB/s down
        const { s3 } = world.admin;
        await s3.send(new CreateBucketCommand({ Bucket: "objects" }));
        const traffic = async () => ((await world.ask("traffic")) as TrafficReading).objects;
        const earlier = await traffic();
        const content = Buffer.alloc(50_000, "o");
        await s3.send(new PutObjectCommand({ Bucket: "objects", Key: "key", Body: content }));
        const setLimits = (limits: object) => world.ask("limits", limits);
        await setLimits({ streamBytesPerSecondDown: 100_000 });
        // WHEN an object comes down
        const started = performance.now();
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: "objects", Key: "key" }));
        assert.equal((await Body?.transformToByteArray())?.length, content.length);
        const elapsed = performance.now() - started;
        await setLimits({});
        // THEN it takes what the limit makes of it, and both ways are counted
        assert.ok(elapsed >= 490, `${elapsed} ms`);
        const later = await traffic();
        assert.equal(later.down - earlier.down, content.length);
        assert.ok(later.up - earlier.up >= content.length);
    });

    it("slows the line down as asked", async () => {
        // GIVEN a limit of 100 kB/s up and 50 ms of latency
        const setLimits = (limits: object) => world.ask("limits", limits);
        await setLimits({ latencyMilliseconds: 50, bytesPerSecondUp: 100_000 });
        // WHEN 50 kB go up in three requests
        const started = performance.now();
        await admin.pushBlob("app", Buffer.alloc(50_000, "s"));
        const elapsed = performance.now() - started;
        await setLimits({});
        // THEN it takes at least what the limits make of it
        assert.ok(elapsed >= 640, `${elapsed} ms`);
        await assert.rejects(setLimits({ bytesPerSecondUp: -1 }), {
            message:
                'The gateway answered 400 about limits: {"error":"bytesPerSecondUp is -1; it must be a number above 0."}\n',
        });
    });

    it("goes on after a client left in the middle of a push", async () => {
        // GIVEN an upload that its client gives up
        const started = await admin.request("POST", "app/blobs/uploads/");
        const location = (started.headers.get("location") ?? "").replace(/^\/v2\//, "");
        const controller = new AbortController();
        const stream = new ReadableStream({
            pull(sink) {
                sink.enqueue(new Uint8Array(65_536));
                controller.abort();
            },
        });
        const push = admin.request("PATCH", location, {
            body: stream,
            duplex: "half",
            signal: controller.signal,
        });
        await assert.rejects(push, { name: "AbortError" });
        // WHEN others come THEN they are served
        assert.deepEqual(await admin.pushBlob("app", Buffer.from("next")), [202, 202, 201]);
    });
});
