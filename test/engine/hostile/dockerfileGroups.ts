import assert from "node:assert/strict";
import { once } from "node:events";
import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import type { Run } from "../projectRun";
import { contextOf, dockerfile, dockerfileFolder, secretOfHost } from "./hostileWorld";
import { foundProbe, lootIn, probes, probingDockerfile } from "./probes";
import type { HostileSuite } from "./suite";
import { inertTraps } from "./traps";

/** First lines of hostile images' Dockerfiles. */
const base = "ARG BASE_REGISTRY\nFROM ${BASE_REGISTRY}/busybox:1.37-musl\n";

/** Makes a Dockerfile with a step that shows its execution in the log. @param flag flag of the step */
const stepOf = (name: string, flag = ""): string => `${base}RUN ${flag} echo ${name} ran $((1 + 1))\n`;

/** Registry that does not exist. */
const elsewhere = "registry.invalid/hostile";

/** Variables of builds that are valuable to a Dockerfile. */
const variables = [
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "BUILD_SECRETS",
    "CODEBUILD_BUILD_ID",
    "IMAGES_KEY",
    "WORK",
];

function writeDockerfile(contexts: string, image: string, text: string): void {
    fs.writeFileSync(path.join(dockerfileFolder(contexts, image), "Dockerfile"), text);
}

/** Registers the groups about contents of Dockerfiles. */
export function dockerfileGroups(suite: HostileSuite): void {
    describe("with a Dockerfile whose step looks around, in a source full of traps", () => {
        const list = probes({ gateway: "", ports: [] });
        const branch = "the name of its branch";
        let run: Run;

        before(async () => {
            const text = probingDockerfile([...probes(await suite.world.services()), foundProbe]);
            const prepare = (contexts: string, source: string) => {
                suite.setting(inertTraps)(contexts, source);
                writeDockerfile(contexts, "probe", text);
                fs.symlinkSync(suite.world.hostFile("secret"), path.join(contextOf(contexts, "probe"), "link"));
                for (const name of ["app", "fourth"])
                    fs.writeFileSync(path.join(contextOf(contexts, name), "src/file"), "2");
                const linked = dockerfile.replace(
                    "mkdir /results",
                    `$& && ln -s ${suite.world.hostFile("secret")} /results/b.txt`,
                );
                writeDockerfile(contexts, "app", linked);
            };
            run = await suite.world.build({ prepare }, `$(touch ${suite.world.mark(branch)})`);
            assert.ok(run.succeeded, run.log);
        });

        const lootOf = (what: string) => lootIn(run.log, [...list, foundProbe]).get(what) ?? "nothing is known of it";

        // That the other probes would find something cannot be shown: nothing here gives a step what they look for.
        it("shows in its log what a probe finds", () => assert.equal(lootOf(foundProbe.what), "found 12"));
        for (const { what } of list) {
            suite.attempts.expectNone(what, () => (lootOf(what) === "" ? undefined : lootOf(what)));
        }
        for (const what of [...inertTraps.map((trap) => trap.what), branch]) suite.expectNotRun(what);
        suite.attempts.expectNone("shows nothing of the host by links among its test results", () =>
            run.log.includes(secretOfHost) ? "the log has it" : undefined,
        );
        suite.attempts.expectNone("pushes no image and no cache", () =>
            run.bytes.up > 0 || run.exported.IMAGE_DIGEST !== "" ? `${run.bytes.up} bytes were pushed` : undefined,
        );
        suite.expectNothingChanged();
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
                for (const [name, flag] of Object.entries(asked)) writeDockerfile(contexts, name, stepOf(name, flag));
                writeDockerfile(contexts, "app", `${dockerfile}RUN echo app ran $((1 + 1))\n`);
            };
            run = await suite.world.build({ prepare }, `x\`touch ${suite.world.mark(branch)}\``);
            assert.equal(run.succeeded, false, run.log);
        });

        it("runs a step that asks for nothing", () => assert.ok(run.log.includes("app ran 2"), run.log));
        for (const [name, flag] of Object.entries(asked)) {
            suite.attempts.expectNone(`runs no step with ${flag}`, () =>
                run.log.includes(`${name} ran 2`) ? "the step was run" : undefined,
            );
        }
        suite.expectNotRun(branch);
        suite.expectNothingChanged();
    });

    describe("with build arguments that are commands, options and settings of builds", () => {
        const values = "the values of build arguments";
        let run: Run;

        before(async () => {
            const mark = suite.world.mark(values);
            const hostile = [
                `$(touch ${mark})`,
                `\`touch ${mark}\``,
                `;touch ${mark};`,
                `x --output=type=local,dest=${mark}`,
            ];
            const named = hostile.map((value, index) => `ARG HOSTILE_${index}="${value}"`);
            const prepare = (contexts: string) => {
                writeDockerfile(contexts, "app", dockerfile.replace("ARG BASE_REGISTRY\n", `$&${named.join("\n")}\n`));
                const empty = variables.map((name) => `ARG ${name}\n`).join("");
                const shown = `RUN echo probe got $((1 + 1)) "[${variables.map((name) => `$${name}`).join("")}]"\n`;
                writeDockerfile(contexts, "probe", `${base}${empty}${shown}`);
                writeDockerfile(
                    contexts,
                    "third",
                    stepOf("third").replace("BASE_REGISTRY\n", `BASE_REGISTRY=${elsewhere}\n`),
                );
                writeDockerfile(contexts, "fourth", `ARG BUILDKIT_SYNTAX=${elsewhere}/frontend:1\n${stepOf("fourth")}`);
            };
            run = await suite.world.build({ prepare });
            assert.ok(run.succeeded, run.log);
        });

        suite.expectNotRun(values);
        suite.attempts.expectNone("gets no variable of the build", () => {
            const got = /probe got 2 \[(.*)\]/.exec(run.log)?.[1] ?? "nothing is known of it";
            return got === "" ? undefined : got;
        });
        suite.attempts.expectNone("takes no base image from another registry than the project's", () =>
            run.log.includes("third ran 2") ? undefined : run.log,
        );
        suite.attempts.expectNone("builds with no frontend of an argument", () =>
            run.log.includes("fourth ran 2") ? undefined : run.log,
        );
        suite.expectNothingChanged();
    });

    describe("with frontends that a Dockerfile names", () => {
        /** Registry of an attacker that asks for a login, and claims to be the trusted one. */
        let registry: http.Server;
        const asked: string[] = [];
        const logins: string[] = [];
        let run: Run;

        before(async () => {
            const { registry: trusted, targets } = suite.world;
            registry = http.createServer(({ url = "", headers: { authorization } }, response) => {
                asked.push(url);
                if (authorization !== undefined) logins.push(authorization);
                const { port } = registry.address() as AddressInfo;
                response.setHeader(
                    "www-authenticate",
                    `Bearer realm="http://127.0.0.1:${port}/token",service="${trusted}"`,
                );
                response.writeHead(401).end("{}");
            });
            registry.listen(0, "127.0.0.1");
            await once(registry, "listening");
            const frontends = {
                probe: `127.0.0.1:${(registry.address() as AddressInfo).port}/hostile/frontend:1`,
                third: `${trusted}/hostile/frontend:1`,
                fourth: `${trusted}/${targets.baseRepository}:1.37-musl`,
            };
            const prepare = (contexts: string) => {
                for (const [name, frontend] of Object.entries(frontends)) {
                    writeDockerfile(contexts, name, `# syntax=${frontend}\n${stepOf(name)}`);
                }
            };
            run = await suite.world.build({ prepare });
            assert.equal(run.succeeded, false, run.log);
        });
        after(() => registry.close());

        it("asks the other registry for its frontend, and where it is sent for a login", () => {
            const folders = new Set(asked.map((url) => url.split(/[/?]/)[1]));
            assert.deepEqual([...folders].sort(), ["token", "v2"], run.log);
        });
        suite.attempts.expectNone("gives no login to the registry of a frontend", () => logins[0]);
        const kinds = { probe: "of another registry", third: "that does not exist", fourth: "that is a base image" };
        for (const [name, kind] of Object.entries(kinds)) {
            suite.attempts.expectNone(`builds nothing with a frontend ${kind}`, () =>
                run.log.includes(`${name} ran 2`) ? "the step was run" : undefined,
            );
        }
        suite.expectNothingChanged();
    });
}
