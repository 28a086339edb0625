import assert from "node:assert/strict";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { UpdateLog } from "../../../../local/world/stack/updateLog";

const image = "urn:pulumi:local::shop::my:index:AppImage$docker-build:index:Image::app-image";
const bucket = "urn:pulumi:local::shop::aws:s3/bucket:Bucket::cache-bucket";

function event(content: object): EngineEvent {
    return { sequence: 0, timestamp: 0, ...content };
}
const begun = (urn: string, op: string) => event({ resourcePreEvent: { metadata: { urn, op } } });
const said = (urn: string | undefined, message: string, severity = "info") =>
    event({ diagnosticEvent: { urn, message, severity, prefix: "", color: "" } });

describe("the log of an update", () => {
    it("tells what happens, each thing once, and how far builds are", () => {
        const lines: string[] = [];
        const log = new UpdateLog((line) => lines.push(line));
        for (const one of [
            begun(bucket, "same"),
            begun(image, "update"),
            said(image, "#4 [2/3] COPY requirements.txt /"),
            said(image, "#4 CACHED"),
            said(image, "#5 [3/3] COPY app /app"),
            said(image, "#5 transferring"),
            said(image, "#5 DONE 0.1s"),
        ]) {
            log.add(one);
        }
        assert.deepEqual(lines, [
            "update app-image",
            "app-image: 0 cached, 0 run, now [2/3] COPY requirements.txt /",
            "app-image: 1 cached, 0 run",
            "app-image: 1 cached, 0 run, now [3/3] COPY app /app",
            "app-image: 1 cached, 1 run",
        ]);
    });

    it("has the outputs that the engine told of the stack, and of nothing else", () => {
        const log = new UpdateLog(() => undefined);
        const told = (type: string, outputs: object) =>
            log.add(event({ resOutputsEvent: { metadata: { type, new: { outputs } } } }));
        assert.deepEqual(log.outputs, {});
        told("aws:s3/bucket:Bucket", { arn: "arn:aws:s3:::cache" });
        told("pulumi:pulumi:Stack", { imageTag: "src-0123", password: "[secret]" });
        assert.deepEqual(log.outputs, { imageTag: "src-0123", password: "[secret]" });
    });

    const operations: [operations: string[], builds: number][] = [
        [["create"], 1],
        [["update"], 1],
        [["create-replacement", "replace", "delete-replaced"], 1],
        [["same"], 0],
        [["delete"], 0],
    ];
    for (const [steps, builds] of operations) {
        it(`counts ${builds} builds of an image after ${steps.join(", ")}`, () => {
            const log = new UpdateLog(() => undefined);
            log.add(begun(bucket, "create"));
            for (const operation of steps) log.add(begun(image, operation));
            assert.equal(log.builds, builds);
        });
    }

    it("keeps the engine's errors, without its colour marks and without what is no error", () => {
        const log = new UpdateLog(() => undefined);
        log.add(said(bucket, "<{%reset%}>AccessDenied: no<{%reset%}>\n", "error"));
        log.add(said(undefined, "a warning", "warning"));
        assert.deepEqual(log.errors, ["AccessDenied: no"]);
    });

    it("has an error once that the engine reports twice", () => {
        const log = new UpdateLog(() => undefined);
        log.add(said(undefined, "shop:colour is not a setting", "error"));
        log.add(said(bucket, "AccessDenied: no", "error"));
        log.add(said(undefined, "shop:colour is not a setting", "error"));
        assert.deepEqual(log.errors, ["shop:colour is not a setting", "AccessDenied: no"]);
    });

    it("leaves the engine's closing words out where an error says what failed", () => {
        const log = new UpdateLog(() => undefined);
        log.add(said(undefined, "update failed", "error"));
        assert.deepEqual(log.errors, ["update failed"]);
        log.add(said(bucket, "AccessDenied: no", "error"));
        assert.deepEqual(log.errors, ["AccessDenied: no"]);
    });

    it("has the engine's own counts, and none before the end", () => {
        const log = new UpdateLog(() => undefined);
        assert.deepEqual(log.changes, { create: 0, update: 0, replace: 0, delete: 0, same: 0 });
        log.add(event({ summaryEvent: { resourceChanges: { create: 2, same: 3 } } }));
        assert.deepEqual(log.changes, { create: 2, update: 0, replace: 0, delete: 0, same: 3 });
    });
});
