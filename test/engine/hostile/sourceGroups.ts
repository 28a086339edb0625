import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { stringify } from "yaml";
import type { Run } from "../projectRun";
import { contextOf, imageNames } from "./hostileWorld";
import { ignoreTricks } from "./ignoreTricks";
import type { HostileSuite } from "./suite";
import { refusedTraps, repositoryTraps } from "./traps";

/** Registers the groups about contents of sources: repositories, links, ignore files. */
export function sourceGroups(suite: HostileSuite): void {
    describe("with a repository where git would look for one", () => {
        let run: Run;

        before(async () => {
            run = await suite.world.build({ prepare: suite.setting(refusedTraps) });
        });

        it("is refused", () => {
            assert.equal(run.succeeded, false, run.log);
            assert.match(run.log, /allowed: a folder that is no Git repository of its own/);
        });
        for (const { what } of refusedTraps) suite.expectNotRun(what);
        suite.expectNothingChanged();
    });

    describe("from a work tree that somebody else has made", () => {
        before(async () => {
            const buildspec = stringify({ version: 0.2, phases: { build: { commands: ["true"] } } });
            const { succeeded, log } = await suite.world.build({ buildspec, prepare: suite.setting(repositoryTraps) });
            assert.ok(succeeded, log);
        });

        for (const { what } of repositoryTraps) suite.expectNotRun(what);
        suite.expectNothingChanged();
    });

    describe("with links out of the source", () => {
        const replace = (location: string, target: string) => {
            fs.rmSync(location, { recursive: true });
            fs.symlinkSync(target, location);
        };
        const links: Record<string, (contexts: string) => void> = {
            "as a context": (contexts) =>
                replace(contextOf(contexts, "app"), path.dirname(suite.world.hostFile("secret"))),
            "above a context": (contexts) => {
                const copy = suite.world.hostFile("contexts");
                fs.cpSync(contexts, copy, { recursive: true, verbatimSymlinks: true });
                replace(contexts, copy);
            },
            "as a Dockerfile": (contexts) =>
                replace(path.join(contextOf(contexts, "app"), "Dockerfile"), suite.world.hostFile("Dockerfile")),
        };
        for (const [what, prepare] of Object.entries(links)) {
            suite.attempts.expectNone(`takes no files of the host by a link ${what}`, async () => {
                const { succeeded, log, build } = await suite.world.build({ prepare });
                const isRefused = /is a symbolic link that leads out of the source/.test(log);
                return isRefused && !succeeded && !build.builderStarted ? undefined : log;
            });
        }
        suite.expectNothingChanged();
    });

    describe("with an ignore file that hides a file from the content tag", () => {
        /** Computes the content tags of a source by image; none where the plan is refused. */
        async function tagsOf(prepare: (contexts: string) => void): Promise<Map<string, string>> {
            const { log } = await suite.world.build({ buildspec: await suite.world.planning(), prepare });
            const tags = log.matchAll(/^ {2}(\w+) is (src-[0-9a-f]{40})$/gm);
            return new Map([...tags].map(([, name, tag]) => [name!, tag!]));
        }

        const tricked = imageNames.slice(0, 3);
        const last = imageNames.at(-1)!;
        for (const tricks of ignoreTricks(tricked)) {
            // A trick that is tried by itself may be refused, and then no image has a tag.
            const isRefusable = tricks.length === 1;
            const tags: Map<string, string>[] = [];
            before(async () => {
                for (const content of ["1", "2"]) {
                    const prepare = (contexts: string) => {
                        for (const { image, ignoreFile, file } of tricks) {
                            fs.writeFileSync(path.join(contextOf(contexts, image), ".dockerignore"), ignoreFile);
                            fs.writeFileSync(path.join(contextOf(contexts, image), file), content);
                        }
                    };
                    tags.push(await tagsOf(prepare));
                }
            });
            for (const { image, what } of tricks) {
                suite.attempts.expectNone(`has another tag with a changed file, although ${what}`, () => {
                    const [one, two] = tags.map((list) => list.get(image));
                    if (one !== two) return undefined;
                    return one === undefined && isRefusable ? undefined : `both are ${one}`;
                });
            }
            if (isRefusable) continue;
            it(`has the tag that it had for an image that is as it was, beside those where ${tricks[0]!.what}`, () => {
                const [one, two] = tags.map((list) => list.get(last));
                assert.match(one ?? "", /^src-/);
                assert.equal(two, one);
            });
        }
        suite.expectNothingChanged();
    });
}
