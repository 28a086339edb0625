import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { resultOf, writeArtifacts } from "../../../infra/buildTools/finish";
import type { ImagePlan } from "../../../infra/buildTools/plan";
import { build, builtImage, image, imageState } from "./imageStates";

describe("what became of an image", () => {
    const task = { builds: [build("arm64")], isJoinedElsewhere: true };
    const unpushed = image.builds.map((one) => ({ ...one, pushed: undefined }));

    it("is told out of what was built and what the repository has", () => {
        const built = { amd64: builtImage("sha256:1"), "amd64/deps": builtImage("sha256:2") };
        assert.deepEqual(resultOf(imageState(image, ["src-1"], built)), {
            name: "app",
            repositoryUrl: "registry/shop",
            tag: "src-1",
            digest: "sha256:src-1",
            builds: [builtImage().summary, builtImage().summary],
        });
    });

    const fine: [what: string, plan: Partial<ImagePlan>, there: string[]][] = [
        ["a pull request", { builds: unpushed }, []],
        ["a task of a batch whose platform is there", task, ["src-1-arm64"]],
    ];
    for (const [what, changed, there] of fine) {
        it(`is no digest for ${what}`, () =>
            assert.equal(resultOf(imageState({ ...image, ...changed }, there)).digest, undefined));
    }

    const lost: [what: string, plan: Partial<ImagePlan>, there: string[], tag: string][] = [
        ["a platform that a task of a batch pushed", task, [], "src-1-arm64"],
        ["an index", {}, ["src-1-amd64", "src-1-arm64"], "src-1"],
    ];
    for (const [what, changed, there, tag] of lost) {
        it(`is a failure where ${what} is not there`, () =>
            assert.throws(() => resultOf(imageState({ ...image, ...changed }, there)), {
                message: `Image app was pushed, but ECR does not have ${tag}.`,
            }));
    }
});

describe("artifacts", () => {
    it("take the place of a link of the source, and nothing is written where it leads", () => {
        const folder = fs.mkdtempSync(path.join(os.tmpdir(), "artifacts-"));
        const [elsewhere, artifacts] = [path.join(folder, "elsewhere"), path.join(folder, "build-results")];
        fs.mkdirSync(elsewhere);
        fs.symlinkSync(elsewhere, artifacts);
        writeArtifacts(artifacts, { "image.json": { name: "app" } });
        assert.deepEqual(fs.readdirSync(elsewhere), []);
        assert.equal(fs.readFileSync(path.join(artifacts, "image.json"), "utf8"), '{"name":"app"}\n');
        fs.rmSync(folder, { recursive: true });
    });
});
