import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { stringify } from "yaml";
import { Attempts } from "./hostile/attempts";
import { answersIn, callingProgram, type CallTargets, hostileCalls, hostileRequests, isDenied } from "./hostile/calls";
import {
    contextOf,
    dockerfile,
    dockerfileFolder,
    HostileWorld,
    imageNames,
    secretOfHost,
} from "./hostile/hostileWorld";
import { ignoreTricks } from "./hostile/ignoreTricks";
import { lootIn, probes, probingDockerfile } from "./hostile/probes";
import { hostileReferences, planningProgram } from "./hostile/references";
import { inertTraps, refusedTraps, repositoryTraps, type Trap } from "./hostile/traps";
import type { Run } from "./projectRun";

describe("hostile pull requests", function () {
    this.timeout(600_000);
    const attempts = new Attempts();
    let world: HostileWorld;
    let initial: Record<string, unknown>;

    before(async () => {
        world = await HostileWorld.open();
        initial = await world.state();
    });

    /** Sets traps, each with a mark of its own. */
    const setting = (traps: Trap[]) => (contexts: string, source: string) => {
        for (const { what, set } of traps) set({ source, contexts, mark: world.mark(what) });
    };

    function expectNotRun(what: string): void {
        attempts.expectNone(`runs nothing of ${what}`, () =>
            world.hasRun(what) ? "it was run on the build host" : undefined,
        );
    }

    function expectNothingChanged(): void {
        it("and nothing trusted has changed", async () => assert.deepEqual(await world.state(), initial));
    }

    describe("with a program that runs under the role of pull requests", () => {
        let answers: Map<string, string>;

        before(async () => {
            const { registry, targets } = world;
            const program = callingProgram(registry, hostileCalls(targets), hostileRequests(targets));
            const { succeeded, log } = await world.build({
                buildspec: stringify({ version: 0.2, phases: { build: { commands: ["node hostile.js"] } } }),
                prepare: (_contexts, source) => fs.writeFileSync(path.join(source, "hostile.js"), program),
            });
            assert.ok(succeeded, log);
            answers = answersIn(log);
        });

        const unknown = { outputs: { repositoryUrl: "" } } as unknown as CallTargets;
        for (const { what } of [...hostileCalls(unknown), ...hostileRequests(unknown)]) {
            attempts.expectNone(what, () => {
                const answer = answers.get(what) ?? "nothing is known of it";
                return isDenied(answer) ? undefined : answer;
            });
        }
        expectNothingChanged();
    });

    describe("with a Dockerfile whose step looks around, in a source full of traps", () => {
        const list = probes({ gateway: "", ports: [] });
        const branch = "the name of its branch";
        let run: Run;

        before(async () => {
            const text = probingDockerfile(probes(await world.services()));
            const prepare = (contexts: string, source: string) => {
                setting(inertTraps)(contexts, source);
                fs.writeFileSync(path.join(contextOf(contexts, "probe"), "Dockerfile"), text);
                fs.symlinkSync(world.hostFile("secret"), path.join(contextOf(contexts, "probe"), "link"));
                for (const name of ["app", "fourth"])
                    fs.writeFileSync(path.join(contextOf(contexts, name), "src/file"), "2");
                const linked = dockerfile.replace(
                    "mkdir /results",
                    `$& && ln -s ${world.hostFile("secret")} /results/b.txt`,
                );
                fs.writeFileSync(path.join(contextOf(contexts, "app"), "Dockerfile"), linked);
            };
            run = await world.build({ prepare }, `$(touch ${world.mark(branch)})`);
            assert.ok(run.succeeded, run.log);
        });

        for (const { what } of list) {
            attempts.expectNone(what, () => {
                const loot = lootIn(run.log, list).get(what) ?? "nothing is known of it";
                return loot === "" ? undefined : loot;
            });
        }
        for (const what of [...inertTraps.map((trap) => trap.what), branch]) expectNotRun(what);
        attempts.expectNone("shows nothing of the host by links among its test results", () =>
            run.log.includes(secretOfHost) ? "the log has it" : undefined,
        );
        attempts.expectNone("pushes no image and no cache", () =>
            run.bytes.up > 0 || run.exported.IMAGE_DIGEST !== "" ? `${run.bytes.up} bytes were pushed` : undefined,
        );
        expectNothingChanged();
    });

    describe("with steps that ask for more than a sandbox", () => {
        const branch = "the name of another branch";
        const asked = {
            probe: "--security=insecure",
            third: "--network=host",
            fourth: "--mount=type=secret,id=token,required=true",
        };
        let run: Run;

        before(async () => {
            const prepare = (contexts: string) => {
                for (const [name, flag] of Object.entries(asked)) {
                    const text = `ARG BASE_REGISTRY\nFROM \${BASE_REGISTRY}/busybox:1.37-musl\nRUN ${flag} echo ${name} ran $((1 + 1))\n`;
                    fs.writeFileSync(path.join(dockerfileFolder(contexts, name), "Dockerfile"), text);
                }
            };
            run = await world.build({ prepare }, `x\`touch ${world.mark(branch)}\``);
            assert.equal(run.succeeded, false, run.log);
        });

        for (const [name, flag] of Object.entries(asked)) {
            attempts.expectNone(`runs no step with ${flag}`, () =>
                run.log.includes(`${name} ran 2`) ? "the step was run" : undefined,
            );
        }
        expectNotRun(branch);
        expectNothingChanged();
    });

    describe("with a repository where git would look for one", () => {
        let run: Run;

        before(async () => {
            run = await world.build({ prepare: setting(refusedTraps) });
        });

        it("is refused", () => {
            assert.equal(run.succeeded, false, run.log);
            assert.match(run.log, /allowed: a folder that is no Git repository of its own/);
        });
        for (const { what } of refusedTraps) expectNotRun(what);
        expectNothingChanged();
    });

    describe("from a work tree that somebody else has made", () => {
        before(async () => {
            const buildspec = stringify({ version: 0.2, phases: { build: { commands: ["true"] } } });
            const { succeeded, log } = await world.build({ buildspec, prepare: setting(repositoryTraps) });
            assert.ok(succeeded, log);
        });

        for (const { what } of repositoryTraps) expectNotRun(what);
        expectNothingChanged();
    });

    describe("with links out of the source", () => {
        const replace = (location: string, target: string) => {
            fs.rmSync(location, { recursive: true });
            fs.symlinkSync(target, location);
        };
        const links: Record<string, (contexts: string) => void> = {
            "as a context": (contexts) => replace(contextOf(contexts, "app"), path.dirname(world.hostFile("secret"))),
            "above a context": (contexts) => {
                const copy = world.hostFile("contexts");
                fs.cpSync(contexts, copy, { recursive: true, verbatimSymlinks: true });
                replace(contexts, copy);
            },
            "as a Dockerfile": (contexts) =>
                replace(path.join(contextOf(contexts, "app"), "Dockerfile"), world.hostFile("Dockerfile")),
        };
        for (const [what, prepare] of Object.entries(links)) {
            attempts.expectNone(`takes no files of the host by a link ${what}`, async () => {
                const { succeeded, log, build } = await world.build({ prepare });
                const isRefused = /is a symbolic link that leads out of the source/.test(log);
                return isRefused && !succeeded && !build.builderStarted ? undefined : log;
            });
        }
        expectNothingChanged();
    });

    describe("with an ignore file that hides a file from the content tag", () => {
        /** The content tags of a source by image; none where the plan is refused. */
        async function tagsOf(prepare: (contexts: string) => void): Promise<Map<string, string>> {
            const { log } = await world.build({ buildspec: await world.planning(), prepare });
            const tags = log.matchAll(/^ {2}(\w+) is (src-[0-9a-f]{40})$/gm);
            return new Map([...tags].map(([, name, tag]) => [name!, tag!]));
        }

        for (const tricks of ignoreTricks(imageNames.slice(0, 3))) {
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
                attempts.expectNone(`has another tag with a changed file, although ${what}`, () => {
                    const [one, two] = tags.map((list) => list.get(image));
                    return one !== undefined && one === two ? `both are ${one}` : undefined;
                });
            }
        }
    });

    describe("of branches and events with odd names", () => {
        const names = "these names";
        let answers: Map<string, string>;

        before(async () => {
            const program = planningProgram(hostileReferences(world.mark(names)));
            const { succeeded, log } = await world.build({
                buildspec: await world.planning('node "$CODEBUILD_SRC_DIR/plans.js"'),
                prepare: (contexts, source) => {
                    fs.writeFileSync(path.join(source, "plans.js"), program);
                    for (const name of imageNames)
                        fs.writeFileSync(path.join(contextOf(contexts, name), "src/file"), "3");
                },
            });
            assert.ok(succeeded, log);
            answers = answersIn(log);
        });

        for (const { what } of hostileReferences("")) {
            attempts.expectNone(`writes no cache from ${what}`, () => {
                const answer = answers.get(what) ?? "{}";
                const { status, origin, isPlanned, writes } = JSON.parse(answer) as Record<string, unknown>;
                const isSafe = ["pullRequest", "tag"].includes(String(origin)) && JSON.stringify(writes) === "[]";
                return status === 0 && isPlanned === true && isSafe ? undefined : answer;
            });
        }
        expectNotRun(names);
        expectNothingChanged();
    });

    // A suite of its own comes after the suites above, a test of this one before them.
    describe("in all", () => {
        it("were tried at least forty times, and none got through", () => {
            const { tried, through } = attempts;
            console.log(`        ${tried} attempts of hostile pull requests, ${through.length} got through`);
            assert.deepEqual(through, []);
            assert.ok(tried >= 40, `${tried} were tried`);
        });
    });
});
