import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { run } from "./deployWorld";
import { functionName, type LambdaWorld, startLambdaWorld } from "./lambdaWorld";
import { Refusal, type Script } from "./scriptedAws";

/** Calls that change state. */
const writes = ["UpdateFunctionCode", "PublishVersion", "InvokeFunction", "UpdateAlias", "PutParameter"];

describe("deploy/lambda.sh, under the declared deploy role", function () {
    this.timeout(120_000);
    let world: LambdaWorld;
    let folder: string;
    let healthCheck: { LAMBDA_HEALTH_CHECK: string };

    before(async () => {
        world = await startLambdaWorld();
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "health-check-"));
        healthCheck = { LAMBDA_HEALTH_CHECK: path.join(folder, "event.json") };
        fs.writeFileSync(healthCheck.LAMBDA_HEALTH_CHECK, '{"rawPath":"/healthz"}');
    });
    after(async () => {
        fs.rmSync(folder, { recursive: true });
        await world.stop();
    });

    const changes = () => world.scripted.calls.map(({ operation }) => operation).filter((one) => writes.includes(one));
    const state = async () => ({
        version: await world.liveVersion(),
        live: (await world.parameter(":live")).value,
        previous: (await world.parameter(":previous").catch(() => ({ value: undefined }))).value,
    });
    const value = (index: number) =>
        `${world.repositoryUrl}:src-${["one", "two", "three"][index]}@${world.digests[index]}`;
    /** Makes a script in which AWS publishes nothing, since nothing has changed after the newest version; the emulator always publishes. */
    const unchanged = (Version: string): Record<string, Script> => ({ PublishVersion: () => ({ Version }) });

    it("records the first release where the alias names the image already", async () => {
        world.scripted.script(unchanged("1"));
        const { code, stdout, stderr } = await world.deployImage(world.imageUri(0));
        assert.deepEqual(
            [code, stdout, stderr],
            [0, `alias live names version 1 already\nreleased: ${world.imageUri(0)}\n`, ""],
        );
        assert.deepEqual(await state(), { version: "1", live: value(0), previous: undefined });
    });

    it("publishes a version with another image and its architecture, calls it, and moves the alias", async () => {
        world.scripted.script({ InvokeFunction: () => ({ statusCode: 200, body: "ok" }) });
        const { code, stdout } = await world.deployImage(world.digests[1]!, {
            ...healthCheck,
            LAMBDA_ARCHITECTURE: "arm64",
        });
        assert.deepEqual(
            [code, stdout],
            [
                0,
                "updating function shop-dev\nversion 2 passed its health check\nalias live names version 2\n" +
                    `released: ${world.imageUri(1)}\n`,
            ],
        );
        assert.deepEqual(changes(), writes);
        assert.deepEqual(world.scripted.inputsOf("UpdateFunctionCode")[0]?.["Architectures"], ["arm64"]);
        const call = world.scripted.calls.find(({ operation }) => operation === "InvokeFunction");
        assert.equal(call?.path, "/2015-03-31/functions/shop-dev/invocations?Qualifier=2");
        assert.equal(await world.imageOf("2"), world.imageUri(1));
        assert.deepEqual(await state(), { version: "2", live: value(1), previous: value(0) });
    });

    it("takes the release before back by the alias alone", async () => {
        world.scripted.script();
        const { code, stdout } = await world.deployImage(world.imageUri(0));
        assert.deepEqual([code, stdout], [0, `alias live names version 1\nreleased: ${world.imageUri(0)}\n`]);
        assert.deepEqual(changes(), ["UpdateAlias", "PutParameter"]);
        assert.deepEqual(await state(), { version: "1", live: value(0), previous: value(1) });
    });

    it("goes on after a crash between alias and record", async () => {
        world.scripted.script({ PutParameter: () => new Refusal("AccessDeniedException", "died here") });
        assert.equal((await world.deployImage(world.imageUri(2))).code, 1);
        assert.deepEqual(await state(), { version: "3", live: value(0), previous: value(1) });
        world.scripted.script(unchanged("3"));
        assert.equal((await world.deployImage(world.imageUri(2))).code, 0);
        assert.deepEqual(changes(), ["PublishVersion", "PutParameter"]);
        assert.deepEqual(await state(), { version: "3", live: value(2), previous: value(0) });
    });

    it("goes back with rollback.sh, and back again, by the alias alone", async () => {
        for (const [version, image, previous] of [
            ["1", 0, 2],
            ["3", 2, 0],
        ] as const) {
            world.scripted.script();
            const { code, stdout } = await world.rollBack();
            assert.equal(code, 0, stdout);
            assert.deepEqual(changes(), ["UpdateAlias", "PutParameter"]);
            assert.deepEqual(await state(), { version, live: value(image), previous: value(previous) });
        }
    });

    /** Makes GetFunction's answers for the function with the first image, and for the requested update. */
    const functionIs =
        (LastUpdateStatus: string, image: number, changed: Record<string, string> = {}): Script =>
        () => {
            const ImageUri = world.imageUri(image);
            const Configuration = {
                State: "Active",
                LastUpdateStatus,
                RevisionId: "r1",
                PackageType: "Image",
                ...changed,
            };
            return { Configuration, Code: { ImageUri, ResolvedImageUri: ImageUri } };
        };
    const failures: [
        what: string,
        scripts: () => Record<string, Script>,
        error: RegExp,
        options?: { checked?: boolean; deadline?: string; changed?: string[] },
    ][] = [
        [
            "the function does not exist",
            () => ({ GetAlias: () => new Refusal("ResourceNotFoundException", "Cannot find alias arn", 404) }),
            /^error: An error occurred \(ResourceNotFoundException\) when calling the GetAlias operation: Cannot find alias arn \n$/,
        ],
        [
            "the function runs no image",
            () => ({ GetFunction: functionIs("Successful", 2, { PackageType: "Zip" }) }),
            /^error: function shop-dev has code of type Zip; it has to run an image\.\n$/,
        ],
        [
            "the image is an index",
            () => ({
                DescribeImages: () => ({
                    imageDetails: [{ imageManifestMediaType: "application/vnd.oci.image.index.v1+json" }],
                }),
            }),
            /^error: \S+ is an index, and Lambda takes an image for one platform only; build it for one, without attestations\.\n$/,
        ],
        [
            "somebody else changes the function for longer than the deadline",
            () => ({ GetFunction: functionIs("InProgress", 2) }),
            /^error: function shop-dev is being changed by somebody else since 1 seconds; let that end, then deploy again\.\n$/,
            { deadline: "1" },
        ],
        [
            "the role may not change it",
            () => ({ UpdateFunctionCode: () => new Refusal("AccessDeniedException", "not authorized", 403) }),
            /^error: An error occurred \(AccessDeniedException\) when calling the UpdateFunctionCode operation: not authorized \n$/,
            { changed: ["UpdateFunctionCode"] },
        ],
        [
            "Lambda cannot pull the image",
            () => ({
                UpdateFunctionCode: () => ({ CodeSha256: "1" }),
                GetFunction: (input, count) =>
                    functionIs(changes().length === 0 ? "Successful" : "Failed", 2)(input, count),
                GetFunctionConfiguration: () => ({
                    LastUpdateStatusReasonCode: "ImageAccessDenied",
                    LastUpdateStatusReason: "Lambda does not have permission to access the ECR image.",
                }),
            }),
            /^error: Lambda could not take over \S+: ImageAccessDenied: Lambda does not have permission to access the ECR image\. The alias was not moved\.\n$/,
            { changed: ["UpdateFunctionCode"] },
        ],
        [
            "the new code is not ready at the deadline",
            () => ({
                UpdateFunctionCode: () => ({ CodeSha256: "1" }),
                GetFunction: (input, count) =>
                    functionIs(changes().length === 0 ? "Successful" : "InProgress", 2)(input, count),
            }),
            /^error: version \$LATEST of function shop-dev was not ready within 1 seconds \(Active, InProgress\)\. The alias was not moved\.\n$/,
            { deadline: "1", changed: ["UpdateFunctionCode"] },
        ],
        [
            "the health check ends in an error of the function",
            () => ({
                ...unchanged("2"),
                InvokeFunction: () => ({
                    headers: { "x-amz-function-error": "Unhandled" },
                    errorType: "Runtime.ExitError",
                    errorMessage: "exit status 3",
                }),
            }),
            /^error: the health check of version 2 ended in an error: \{"errorType":"Runtime\.ExitError","errorMessage":"exit status 3"\}\. The alias was not moved\.\n$/,
            { checked: true, changed: ["UpdateFunctionCode", "PublishVersion", "InvokeFunction"] },
        ],
        [
            "the health check answers with a bad status",
            () => ({ ...unchanged("2"), InvokeFunction: () => ({ statusCode: 503, body: "database is down" }) }),
            /^error: the health check of version 2 answered 503: \{"statusCode":503,"body":"database is down"\}\. The alias was not moved\.\n$/,
            { checked: true, changed: ["PublishVersion", "InvokeFunction"] },
        ],
        [
            "another deploy has moved the alias meanwhile",
            () => ({
                ...unchanged("2"),
                UpdateAlias: () =>
                    new Refusal("PreconditionFailedException", "The RevisionId provided does not match", 412),
            }),
            /^error: alias live of function shop-dev was moved by another deploy meanwhile; deploy the image that is wanted again\.\n$/,
            { changed: ["PublishVersion", "UpdateAlias"] },
        ],
    ];
    for (const [what, scripts, error, options = {}] of failures) {
        it(`leaves alias and record as they are when ${what}`, async () => {
            const before = await state();
            world.scripted.script(scripts());
            const { code, stderr } = await world.deployImage(world.imageUri(1), {
                ...(options.checked ? healthCheck : {}),
                DEPLOY_DEADLINE: options.deadline ?? "30",
            });
            assert.equal(code, 1);
            assert.match(stderr, error);
            assert.deepEqual(changes(), options.changed ?? []);
            assert.deepEqual(await state(), before);
        });
    }

    it("says when there is no event to call the function with", async () => {
        const { code, stderr } = await world.deployImage(world.imageUri(1), { LAMBDA_HEALTH_CHECK: "missing.json" });
        assert.deepEqual(
            [code, stderr],
            [1, 'error: LAMBDA_HEALTH_CHECK is "missing.json", which is no file that can be read.\n'],
        );
    });

    describe("whose role may not", () => {
        const forbidden: [what: string, args: string[]][] = [
            ["delete the function", ["lambda", "delete-function", "--function-name", functionName]],
            [
                "change its role or variables",
                ["lambda", "update-function-configuration", "--function-name", functionName, "--timeout", "9"],
            ],
            [
                "change another function",
                ["lambda", "update-function-code", "--function-name", "other", "--image-uri", "other"],
            ],
            [
                "let others call it",
                [
                    ...["lambda", "add-permission", "--function-name", functionName, "--statement-id", "a"],
                    ...["--action", "lambda:InvokeFunction", "--principal", "*"],
                ],
            ],
            ["start a build", ["codebuild", "start-build", "--project-name", functionName]],
        ];
        for (const [what, args] of forbidden) {
            it(what, async () => {
                const { code, stderr } = await run(["aws", ...args, "--region", world.region], {
                    ...world.environment,
                    ...world.credentials,
                    AWS_ENDPOINT_URL: world.scripted.origin,
                });
                assert.notEqual(code, 0);
                assert.match(stderr, /AccessDenied/);
            });
        }
    });
});
