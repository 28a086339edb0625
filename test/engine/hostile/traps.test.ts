import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { temporaryFolder } from "../../infra/temporaryFolder";
import { inertTraps, refusedTraps, repositoryTraps } from "./traps";

/** Shows that the traps of the hostile pull requests work without protection of the host; otherwise missing marks would prove nothing. */
describe("a trap of the hostile pull requests goes off when somebody steps on it", function () {
    this.timeout(20_000);
    const folder = temporaryFolder();

    for (const trap of [...inertTraps, ...refusedTraps, ...repositoryTraps]) {
        it(trap.what, () => {
            // GIVEN
            const source = path.join(folder.path, "source");
            const places = { source, contexts: path.join(source, "contexts"), mark: path.join(folder.path, "mark") };
            fs.mkdirSync(path.join(places.contexts, "hostile-app"), { recursive: true });
            fs.writeFileSync(path.join(source, "file"), "1");
            trap.set(places);
            assert.equal(fs.existsSync(places.mark), false, "it has gone off before");
            // WHEN
            const { stderr } = spawnSync("bash", ["-c", trap.step(places)], {
                cwd: source,
                env: { PATH: process.env.PATH, HOME: source },
                encoding: "utf8",
            });
            // THEN
            assert.ok(fs.existsSync(places.mark), stderr);
        });
    }
});
