import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { readBaseImages } from "../../../../local/world/base-images/baseImageReferences";
import { projectRoot } from "../../../../local/paths";

const golang = { repository: "golang", tag: "1.26-alpine" };
const busybox = { repository: "busybox", tag: "1.37-musl" };

describe("readBaseImages", () => {
    const dockerfiles: [what: string, lines: string[], expected: unknown][] = [
        ["a plain FROM", ["FROM ${BASE_REGISTRY}/golang:1.26-alpine"], [golang]],
        ["the argument without braces", ["FROM $BASE_REGISTRY/golang:1.26-alpine"], [golang]],
        ["platform and name", ["FROM --platform=$BUILDPLATFORM ${BASE_REGISTRY}/golang:1.26-alpine AS deps"], [golang]],
        ["lower case", ["from ${BASE_REGISTRY}/busybox:1.37-musl as final"], [busybox]],
        [
            "stages of its own, a comment and a repetition",
            [
                "# FROM ${BASE_REGISTRY}/python:3",
                "FROM ${BASE_REGISTRY}/golang:1.26-alpine AS deps",
                "FROM deps AS build",
                "FROM ${BASE_REGISTRY}/busybox:1.37-musl",
                "FROM ${BASE_REGISTRY}/golang:1.26-alpine AS test",
            ],
            [golang, busybox],
        ],
    ];
    for (const [what, lines, expected] of dockerfiles) {
        it(`reads ${what}`, () => assert.deepEqual(readBaseImages(lines.join("\n")), expected));
    }

    const refused: [dockerfile: string, message: string][] = [
        [
            "FROM public.ecr.aws/docker/library/golang:1.26-alpine",
            "The Dockerfile takes no image from ${BASE_REGISTRY}/; write its FROM lines with that prefix.",
        ],
        [
            "FROM ${BASE_REGISTRY}/python:3.13",
            "The base image python of the Dockerfile cannot be made offline; allowed: golang, busybox.",
        ],
        [
            "FROM ${BASE_REGISTRY}/golang",
            "The base image golang of the Dockerfile must be named with a tag alone, such as golang:1.2.",
        ],
        [
            "FROM ${BASE_REGISTRY}/golang:1.26@sha256:0123",
            "The base image golang of the Dockerfile must be named with a tag alone, such as golang:1.2.",
        ],
    ];
    for (const [dockerfile, message] of refused) {
        it(`refuses ${dockerfile}`, () => assert.throws(() => readBaseImages(dockerfile), { message }));
    }

    it("reads the sample application's Dockerfile", () => {
        const dockerfile = fs.readFileSync(path.join(projectRoot, "app/Dockerfile"), "utf8");
        assert.deepEqual(
            readBaseImages(dockerfile).map(({ repository }) => repository),
            ["golang", "busybox"],
        );
    });
});
