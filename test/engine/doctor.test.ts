import assert from "node:assert/strict";
import * as path from "node:path";
import { examineDockerfile } from "../../infra/doctor/examine";
import { rules } from "../../infra/doctor/rules";
import { projectRoot } from "../../local/paths";
import { UpdateLog } from "../../local/world/stack";
import { engineWorld, type EngineWorld, singleFile, TestStack, writeContext } from "../support/engineWorld";
import { type RegistryBuildOptions, RegistryBuilds } from "../support/registryBuilds";
import { commonFiles, type Scenario, scenarios } from "./doctor/scenarios";

/** Dockerfile of a scenario. */
type Variant = "against" | "following";

describe("what the Dockerfile doctor says", function () {
    this.timeout(120_000);
    let engine: EngineWorld;
    let builds: RegistryBuilds;
    let bases: RegistryBuilds;

    before(async () => {
        engine = await engineWorld();
        builds = await RegistryBuilds.open(engine, "doctor");
        bases = await RegistryBuilds.open(engine, "base/doctor");
    });

    async function releaseBase(release: string): Promise<void> {
        const Dockerfile = `ARG BASE_REGISTRY\nFROM \${BASE_REGISTRY}/busybox:1.37-musl\nCOPY <<E /release\n${release}\nE\n`;
        const context = await writeContext(`doctor-base-${release}`, { Dockerfile });
        for (const tag of release === "1" ? ["latest", "1.0"] : ["latest"]) {
            await bases.build(path.join(projectRoot, context), tag, { keepBuilder: true });
        }
    }

    async function count({ rule, changes, counted, ...files }: Scenario, variant: Variant): Promise<number> {
        const name = `doctor-${rule}-${variant}`;
        await writeContext(name, {
            ...commonFiles,
            ...files.against,
            ...(variant === "following" ? files.following : {}),
        });
        const folder = path.join(projectRoot, await writeContext(name, {}));
        // The doctor finds this one fault, or none.
        const ids = examineDockerfile({ dockerfile: path.join(folder, "Dockerfile"), context: folder }).map(
            (finding) => finding.rule.id,
        );
        assert.deepEqual(ids, variant === "against" ? [rule] : []);
        await releaseBase("1");
        let cost = await builds.build(folder, name, { buildArgs: { GIT_COMMIT: "1" } });
        for (const { files: changed = {}, buildArgs, releasesBase } of changes) {
            await writeContext(name, changed);
            if (releasesBase) await releaseBase("2");
            cost = await builds.build(folder, name, { buildArgs: { GIT_COMMIT: "1", ...buildArgs } });
        }
        return Math.round(counted(cost));
    }

    for (const scenario of scenarios) {
        it(`costs what ${scenario.rule} says, and not when the rule is followed`, async () => {
            const counts = { against: await count(scenario, "against"), following: await count(scenario, "following") };
            const { measured } = rules.find((rule) => rule.id === scenario.rule)!;
            assert.deepEqual(counts, { against: measured.against, following: measured.following });
        });
    }

    it("is measured for every rule", () => {
        const others = ["secret-in-arguments", "packages-in-one-layer"];
        const caches = ["pip-cache-mount-unused", "apt-cache-mount-emptied"];
        const measured = [...scenarios.map(({ rule }) => rule), ...others, ...caches];
        assert.deepEqual(measured.sort(), rules.map(({ id }) => id).sort());
    });

    it("costs what secret-in-arguments says, and not when the rule is followed", async () => {
        // GIVEN an argument, and a build secret, with the same value
        const value = "s3cr3t-value";
        const head = "ARG BASE_REGISTRY\nFROM ${BASE_REGISTRY}/busybox:1.37-musl\n";
        const argument = `${head}ARG API_TOKEN\nRUN test "$API_TOKEN" = "$(printf s3cr3t; printf -- -value)"\n`;
        const secret = argument
            .replace("ARG API_TOKEN\n", "")
            .replace("RUN", "RUN --mount=type=secret,id=token,env=API_TOKEN");
        // WHEN both are built
        const copies = async (name: string, Dockerfile: string, options: RegistryBuildOptions) => {
            const folder = path.join(projectRoot, await writeContext(name, { Dockerfile }));
            await builds.build(folder, name, options);
            return (await builds.configuration(name)).split(value).length - 1;
        };
        const counts = {
            against: await copies("doctor-argument", argument, { buildArgs: { API_TOKEN: value } }),
            following: await copies("doctor-secret", secret, { secrets: { token: value } }),
        };
        // THEN the value is found where everybody who may pull the image can read it, or nowhere
        const { measured } = rules.find((rule) => rule.id === "secret-in-arguments")!;
        assert.deepEqual(counts, { against: measured.against, following: measured.following });
    });

    it("is shown by a preview, once for each image, and not by an update", async () => {
        // GIVEN a stack with an image whose Dockerfile has a fault, and one whose Dockerfile has none
        const bad = await writeContext("doctor-bad", { Dockerfile: "FROM scratch\nCOPY . /\nCOPY x /\n", x: "1" });
        const good = await writeContext("doctor-good", singleFile("1"));
        const images = [
            { name: "bad", context: bad },
            { name: "good", context: good },
        ];
        const stack = await TestStack.open(engine, "doctor", { images });
        // WHEN it is previewed, and updated
        const log = new UpdateLog(() => undefined);
        await stack.stack.preview({ onEvent: (event) => log.add(event), suppressProgress: true });
        const dockerfile = path.join(projectRoot, bad, "Dockerfile");
        // THEN the preview says what is wrong, where, and what to do next
        assert.deepEqual(log.warnings, [
            `${dockerfile} could be better: missing-dockerignore (line 2), plain-copy-of-code (line 3). \`npm run doctor -- ${dockerfile}\` says why and what to do; see also docs/doctor.md.`,
        ]);
        const updateLog = new UpdateLog(() => undefined);
        await stack.stack.up({ onEvent: (event) => updateLog.add(event), suppressProgress: true });
        assert.deepEqual(updateLog.warnings, []);
    });
});
