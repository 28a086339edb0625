import assert from "node:assert/strict";
import { promotionStatements } from "../../infra/ci/promotionStatements";
import { digestOf, manifestType, RegistryClient } from "../local/aws/gateway/registry/registryClient";
import { registryToken } from "../local/aws/gateway/world";
import { parameterName, repositoryName } from "./deployWorld";
import { arn, declared, production, promotion, type PromotionWorld, startPromotionWorld } from "./promotionWorld";

const session = "arn:aws:sts::000000000000:assumed-role/promotion/session";
const { parameterArn, proofs, copy } = promotion;

describe("deploy/promote.sh, under the declared deploy role of the environment that receives", function () {
    this.timeout(120_000);
    let world: PromotionWorld;
    let digests: Record<"first" | "second" | "last" | "unreleased", string>;
    let to: string;

    before(async () => {
        const started = await startPromotionWorld(["first", "second", "last"], ["unreleased"]);
        world = started;
        ({ digests, to } = started);
        for (const [name, digest] of Object.entries(digests)) await world.prove(`src-${name}`, digest);
    });
    after(() => world.stop());

    const promote = (...args: string[]) => world.promote(...args);
    const copies = () => world.copies();

    it("prints the image of a release, the last one unless another is named", async () => {
        for (const [args, name] of [
            [[], "last"],
            [["--image", digests.first], "first"],
        ] as const) {
            const { code, stdout, stderr } = await promote(...args);
            assert.deepEqual([code, stdout, stderr], [0, `${world.repositoryUrl}@${digests[name]}\n`, ""]);
        }
    });

    it("copies nothing that was never released, unless told so", async () => {
        const { code, stdout, stderr } = await promote("--image", digests.unreleased, "--to", to);
        assert.deepEqual(
            [code, stdout, stderr],
            [
                1,
                "",
                `error: ${parameterName} never released ${digests.unreleased}; promote one that it did, or give --unreleased.\n`,
            ],
        );
        assert.deepEqual(await copies(), {});
        const told = await promote("--image", digests.unreleased, "--to", to, "--unreleased");
        assert.deepEqual([told.code, told.stdout, told.stderr], [0, `${to}@${digests.unreleased}\n`, ""]);
        assert.deepEqual(await copies(), { [digests.unreleased]: ["src-unreleased"] });
        await world.emptyCopies();
    });

    it("copies a release to another repository with its digest, its layers and its content tag", async () => {
        const { code, stdout, stderr } = await promote("--image", digests.second, "--to", to);
        assert.deepEqual([code, stdout, stderr], [0, `${to}@${digests.second}\n`, ""]);
        assert.deepEqual(await copies(), { [digests.second]: ["src-second"] });
        // AND it can be pulled from there
        const registry = new RegistryClient(world.gateway.origin, await registryToken(world.admin.ecr));
        const pulled = await registry.request("GET", `${production.repositoryName}/manifests/${digests.second}`);
        const text = await pulled.text();
        assert.equal(digestOf(text), digests.second);
        const { layers } = JSON.parse(text) as { layers: { digest: string }[] };
        const layer = await registry.request("GET", `${production.repositoryName}/blobs/${layers[0]!.digest}`);
        assert.deepEqual([layer.status, await layer.text()], [200, "layer of second"]);
    });

    it("copies an image of several platforms as one, with the manifests that it names", async () => {
        const registry = new RegistryClient(world.gateway.origin, await registryToken(world.admin.ecr));
        const manifests = await Promise.all(
            (["first", "second"] as const).map(async (name, index) => {
                const stored = await registry.request("GET", `${repositoryName}/manifests/${digests[name]}`);
                const platform = { os: "linux", architecture: ["amd64", "arm64"][index] };
                const size = (await stored.text()).length;
                return { mediaType: manifestType, digest: digests[name], size, platform };
            }),
        );
        const mediaType = "application/vnd.oci.image.index.v1+json";
        const body = JSON.stringify({ schemaVersion: 2, mediaType, manifests });
        const headers = { "content-type": mediaType };
        await registry.request("PUT", `${repositoryName}/manifests/src-both`, { body, headers });
        await world.prove("src-both", digestOf(body));
        const { code, stdout, stderr } = await promote("--image", digestOf(body), "--to", to, "--unreleased");
        assert.deepEqual([code, stdout, stderr], [0, `${to}@${digestOf(body)}\n`, ""]);
        const copied = await copies();
        assert.deepEqual(copied[digestOf(body)], ["src-both"]);
        assert.ok(digests.first in copied && digests.second in copied);
        await world.emptyCopies();
        assert.equal((await promote("--image", digests.second, "--to", to)).code, 0);
    });

    it("copies nothing that is there already", async () => {
        const before = await copies();
        const logged = world.log().length;
        const { code, stdout } = await promote("--image", digests.second, "--to", to);
        assert.deepEqual([code, stdout, await copies()], [0, `${to}@${digests.second}\n`, before]);
        const actions = world.log().slice(logged);
        assert.deepEqual(
            actions.filter(({ action }) => action === "ecr:PutImage"),
            [],
        );
    });

    const refused: [what: string, declared: () => Promise<void>, args: () => string[], error: () => string][] = [
        [
            "the releases of an environment that its stack does not name",
            () => world.allow(undefined, copy.fromArn),
            () => [],
            () =>
                "An error occurred (AccessDeniedException) when calling the GetParameterHistory operation: " +
                `User: ${session} is not authorized to perform: ` +
                `ssm:GetParameterHistory on resource: ${parameterArn} because no identity-based policy allows the ssm:GetParameterHistory action `,
        ],
        [
            "images of a repository that its stack does not name",
            () => world.allow({ parameterArn, proofs }),
            () => [],
            () =>
                "An error occurred (AccessDeniedException) when calling the DescribeImages operation: " +
                // AWS names the repository as well.
                `User: ${session} is not authorized to perform: ecr:DescribeImages because no identity-based policy allows the ecr:DescribeImages action `,
        ],
        [
            "layers for a repository that it may not push to",
            () => world.allow({ parameterArn, proofs, copy: { ...copy, toArn: arn("ecr", "repository/other") } }),
            () => ["--image", digests.first, "--to", to],
            () => {
                const image = `${world.repositoryUrl}@${digests.first}`;
                return (
                    `${session} may not copy ${image}: it needs ecr:BatchGetImage and ecr:GetDownloadUrlForLayer on ` +
                    `${world.repositoryUrl}, and ecr:BatchCheckLayerAvailability, ecr:InitiateLayerUpload, ` +
                    `ecr:UploadLayerPart, ecr:CompleteLayerUpload and ecr:PutImage on ${to} (ci.promoteFrom of its ` +
                    `stack); copy ${digests.first} from ${image} to ${to}:src-first: unexpected status from HEAD ` +
                    `request to http://${to.replace("/", "/v2/")}/blobs/<digest>: 403 Forbidden`
                );
            },
        ],
    ];
    for (const [what, declare, args, error] of refused) {
        it(`is refused ${what}, in one sentence`, async () => {
            await declare();
            const before = await copies();
            const { code, stdout, stderr } = await promote(...args());
            // Layers are copied side by side; any may be the first to be refused.
            const sentence = stderr.replace(/blobs\/sha256:[0-9a-f]{64}/, "blobs/<digest>");
            assert.deepEqual([code, stdout, sentence], [1, "", `error: ${error()}\n`]);
            assert.deepEqual(await copies(), before);
        });
    }

    it("needs each action that its stack declares for it", async () => {
        const statements = promotionStatements(promotion);
        const needless: string[] = [];
        for (const { Sid, Action } of statements) {
            for (const action of [Action].flat()) {
                await world.emptyCopies();
                const others = statements.map((one) => ({
                    ...one,
                    Effect: "Allow",
                    Action: [one.Action].flat().filter((other) => one.Sid !== Sid || other !== action),
                }));
                await world.put([...declared(), ...others.filter((one) => one.Action.length > 0)]);
                const login = await world.logIn().catch((error: Error) => error);
                const { code } = await promote("--image", digests.first, "--to", to);
                if (code === 0 && login === undefined) needless.push(`${Sid} ${action}`);
            }
        }
        // The gateway takes a layer's upload in one request for its completion; ECR wants both permissions.
        assert.deepEqual(needless, ["CopyLayers ecr:UploadLayerPart"]);
    });
});
