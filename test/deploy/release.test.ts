import * as assert from "node:assert/strict";
import { PutImageCommand } from "@aws-sdk/client-ecr";
import { GetParameterHistoryCommand, PutParameterCommand } from "@aws-sdk/client-ssm";
import { manifest, manifestType } from "../local/aws/gateway/registry/registryClient";
import { type DeployWorld, repositoryName, runWithLibrary, startDeployWorld } from "./deployWorld";

/** Records a digest as a deploy without further knowledge does; `replaced` is the digest that the rollout found running. */
const record = (digest: string, replaced = "") => `use_image ${digest}; begin_release; record_release ${replaced}`;

describe("deploy: the release record", function () {
    this.timeout(300_000);
    let world: DeployWorld;
    let digests: string[];

    before(async () => {
        world = await startDeployWorld();
        digests = await Promise.all(["one", "two", "three"].map((name) => world.pushImage(name)));
    });
    after(() => world.stop());

    const value = (index: number) => `${world.repositoryUrl}:src-${["one", "two", "three"][index]}@${digests[index]}`;
    const release = async (lines: string) => {
        const result = await runWithLibrary(lines, world.environment);
        assert.deepEqual([result.code, result.stderr], [0, ""]);
    };
    /** Reads the releases behind the labels and behind the tags. */
    const recorded = async () => ({
        live: (await world.parameter(":live")).value,
        previous: (await world.parameter(":previous").catch(() => ({ value: undefined }))).value,
        tags: [await world.tagged("deployed-dev"), await world.tagged("deployed-dev-previous")],
    });

    it("begins with a version of its own after the one that `pulumi up` wrote", async () => {
        await world.putParameter(`${world.repositoryUrl}@${digests[0]}`);
        await release(record(digests[0]!));
        assert.deepEqual(await world.versions(), [`${world.repositoryUrl}@${digests[0]}`, value(0)]);
        assert.deepEqual(await recorded(), { live: value(0), previous: undefined, tags: [digests[0], undefined] });
    });

    it("moves labels and tags with the next release, and writes nothing for the same one", async () => {
        await release(record(digests[1]!));
        const after = { live: value(1), previous: value(0), tags: [digests[1], digests[0]] };
        assert.deepEqual(await recorded(), after);
        const versions = await world.versions();
        await release(record(digests[1]!));
        assert.deepEqual([await recorded(), await world.versions()], [after, versions]);
    });

    it("goes back to the release before, and back again", async () => {
        const back = `use_previous_release; begin_release; record_release`;
        await release(back);
        assert.deepEqual(await recorded(), { live: value(0), previous: value(1), tags: [digests[0], digests[1]] });
        await release(back);
        assert.deepEqual(await recorded(), { live: value(1), previous: value(0), tags: [digests[1], digests[0]] });
    });

    it("ends the same wherever it was interrupted", async () => {
        // GIVEN runs that die at each of their calls that write
        await release(record(digests[1]!));
        for (const [index, write] of writes.entries()) {
            const [from, to] = index % 2 === 0 ? [1, 0] : [0, 1];
            const before = await runWithLibrary(`${dying(write)}\n${record(digests[to]!)}`, world.environment);
            assert.deepEqual([write, before.code, before.stderr], [write, 9, ""]);
            assert.equal((await recorded()).live, value(from));
            // WHEN the same release is recorded again THEN it is complete, with one version
            await release(record(digests[to]!));
            const { live, previous, tags } = await recorded();
            assert.deepEqual([live, previous, tags], [value(to), value(from), [digests[to], digests[from]]], write);
            assert.deepEqual((await world.versions()).slice(-2), [value(from), value(to)]);
        }
    });

    it("brings tags that were moved away back, where the labels name the image already", async () => {
        const { live, previous } = await recorded();
        const put = { repositoryName, imageManifest: manifest("other"), imageManifestMediaType: manifestType };
        for (const imageTag of ["deployed-dev", "deployed-dev-previous"]) {
            await world.admin.ecr.send(new PutImageCommand({ ...put, imageTag }));
        }
        const versions = await world.versions();
        await release(record(live!.split("@")[1]!));
        const [liveDigest, previousDigest] = [live, previous].map((one) => one?.split("@")[1]);
        assert.deepEqual(await recorded(), { live, previous, tags: [liveDigest, previousDigest] });
        assert.deepEqual(await world.versions(), versions);
    });

    it("does not overwrite the record of a deploy that came in between, unless it replaced that one's image", async () => {
        await release(record(digests[0]!));
        const between = (replaced: string) =>
            runWithLibrary(
                `use_image ${digests[2]}; begin_release; live_at_start=${digests[1]}; record_release ${replaced}`,
                world.environment,
            );
        const refused = await between(digests[1]!);
        assert.equal(refused.code, 1);
        assert.equal(
            refused.stderr,
            `error: another deploy released ${digests[0]} while this one ran, and may run now; deploy the image that is wanted again.\n`,
        );
        assert.equal((await recorded()).live, value(0));
        assert.equal((await between(digests[0]!)).code, 0);
        assert.equal((await recorded()).live, value(2));
    });

    it("does not write beside another deploy that is writing, whichever began first", async () => {
        // GIVEN another deploy that has written its version, and moved no label yet
        const write = `aws ssm put-parameter --name "$IMAGE_TAG_PARAMETER" --overwrite --value "${value(1)}" >/dev/null`;
        const [live, deploy] = [value(2), `use_image ${digests[0]}; begin_release`];
        assert.equal((await recorded()).live, live);
        const interleaved: [lines: string, error: RegExp][] = [
            [`${deploy}; ${write}; record_release`, /^error: another deploy is recording \S+ right now; let it end, /],
            [
                // Between its last look and its own write.
                `${deploy}; fetch_manifests() { ${write}; }; tag_previous() { :; }; record_release`,
                /^error: \S+ has version \d+ where \d+ was to come; another deploy is running: let it end, /,
            ],
        ];
        for (const [lines, error] of interleaved) {
            const { code, stderr } = await runWithLibrary(lines, world.environment);
            assert.equal(code, 1);
            assert.match(stderr, error);
            assert.equal((await recorded()).live, live);
        }
    });

    it("goes on in a parameter that another pipeline wrote commits to, which are no releases to go back to", async () => {
        // GIVEN a parameter with two versions and no labels
        const { ssm } = world.admin;
        const Name = "/myapp/config/image-tag";
        const put = { Name, Type: "String", Overwrite: true } as const;
        for (const Value of ["4f2a9c1", "9c14f2a"]) await ssm.send(new PutParameterCommand({ ...put, Value }));
        const environment = { ...world.environment, IMAGE_TAG_PARAMETER: Name, DEPLOYED_TAG: "deployed-myapp" };
        // WHEN an image is released THEN its version follows, and there is no way back
        const first = await runWithLibrary(record(digests[0]!), environment);
        assert.deepEqual([first.code, first.stderr], [0, ""]);
        const { Parameters = [] } = await ssm.send(new GetParameterHistoryCommand({ Name }));
        assert.deepEqual(
            Parameters.map(({ Value, Labels }) => [Value, Labels]),
            [
                ["4f2a9c1", []],
                ["9c14f2a", []],
                [value(0), ["live"]],
            ],
        );
        const back = await runWithLibrary("use_previous_release", environment);
        assert.equal(back.code, 1);
        assert.match(back.stderr, /there is no release before the present one; nothing was changed/);
    });

    it("keeps the labels through 105 releases", async () => {
        // GIVEN 95 releases, written as the script writes them
        for (let number = 0; number < 95; number += 1) await world.release(value(number % 2));
        // WHEN ten more go over the 100 versions that are kept
        for (let number = 95; number < 105; number += 1) await release(record(digests[number % 2]!));
        // THEN the labels are on the two newest
        assert.deepEqual(await recorded(), { live: value(0), previous: value(1), tags: [digests[0], digests[1]] });
        const { version = 0 } = await world.parameter();
        assert.ok(version > 105);
        assert.deepEqual(
            [(await world.parameter(":live")).version, (await world.parameter(":previous")).version],
            [version, version - 1],
        );
    });

    const refusals: [what: string, lines: string, error: RegExp][] = [
        ["an image of another repository", "use_image example.com/other@sha256:0", /^error: the image is "example/],
        ["a tag", "use_image $REPOSITORY_URL:latest", /allowed: .*@sha256:<digest>, or the digest alone\.$/m],
        ["half a digest", "use_image sha256:abc", /^error: the digest is "sha256:abc"; allowed/],
        [
            "an image that does not exist",
            `use_image sha256:${"0".repeat(64)}; require_image`,
            /^error: .*@sha256:0{64} does not exist in the repository; nothing was changed\.\n$/,
        ],
        [
            "missing outputs",
            "unset DEPLOYED_TAG; require_variables DEPLOYED_TAG NOTHING",
            /^error: not set: DEPLOYED_TAG NOTHING; /,
        ],
        ["a missing command", "require_commands no-such-command", /^error: no-such-command is not on PATH; /],
    ];
    for (const [what, lines, error] of refusals) {
        it(`refuses ${what} in one sentence`, async () => {
            const { code, stderr } = await runWithLibrary(lines, world.environment);
            assert.equal(code, 1);
            assert.match(stderr, error);
        });
    }
});

/** Calls that write, in any order, each with a word that only it contains. */
const writes = [
    "put-parameter",
    "put-image --repository-name shop-dev --image-tag deployed-dev-previous",
    "label-parameter-version --name /shop/dev/config/image-tag --labels previous",
    "put-image --repository-name shop-dev --image-tag deployed-dev",
    "label-parameter-version --name /shop/dev/config/image-tag --labels live",
];

/** Makes an `aws` that dies instead of making a write. */
function dying(write: string): string {
    return `aws() {
    case " $* " in *" ${write} "*) exit 9 ;; esac
    command aws "$@"
}`;
}
