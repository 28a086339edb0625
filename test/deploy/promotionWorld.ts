import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { CreateRepositoryCommand, DeleteRepositoryCommand, DescribeImagesCommand } from "@aws-sdk/client-ecr";
import { PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { PutParameterCommand } from "@aws-sdk/client-ssm";
import { deployPolicy } from "../../infra/ci/deployPolicy";
import type { PromotionScope } from "../../infra/ci/promotionStatements";
import { writeRegistryLogin } from "../../local/world/base-images/registry";
import { toolsDirectory } from "../../local/paths";
import { RegistryClient } from "../local/aws/gateway/registry/registryClient";
import { policy, registryToken } from "../local/aws/gateway/world";
import {
    cacheBucketName,
    type DeployWorld,
    parameterName,
    repositoryName,
    run,
    runWithLibrary,
    startDeployWorld,
} from "./deployWorld";
import { pushRealImage } from "./pushRealImage";

/** Makes the ARN of a resource of the world. */
export const arn = (service: string, resource: string) => `arn:aws:${service}:eu-central-1:000000000000:${resource}`;
/** Environment that receives images. */
export const production = { parameterName: "/shop/prod/config/image-tag", repositoryName: "shop-prod" };
/** Setting of its stack for dev, from which everything may be promoted. */
export const promotion = {
    parameterArn: arn("ssm", `parameter${parameterName}`),
    proofs: { bucketArn: `arn:aws:s3:::${cacheBucketName}` },
    copy: {
        fromArn: arn("ecr", `repository/${repositoryName}`),
        toArn: arn("ecr", `repository/${production.repositoryName}`),
    },
} satisfies PromotionScope;

/** Emulated AWS with images that dev released, and the role of production's deploys. */
export type PromotionWorld = Awaited<ReturnType<typeof startPromotionWorld>>;

/**
 * Starts the world.
 *
 * @param images names of dev's images, in the order of its releases
 * @param unreleased names of further images
 */
export async function startPromotionWorld<Name extends string>(images: Name[], unreleased: Name[] = []) {
    const world = await startDeployWorld();
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "promote-"));
    const host = new URL(world.gateway.origin).host;
    await world.admin.ecr.send(new CreateRepositoryCommand({ repositoryName: production.repositoryName }));
    const registry = new RegistryClient(world.gateway.origin, await registryToken(world.admin.ecr));
    const digests = {} as Record<Name, string>;
    for (const name of [...images, ...unreleased]) digests[name] = await pushRealImage(registry, name);
    // The version that `pulumi up` wrote is no release.
    await world.putParameter(`${world.repositoryUrl}@${digests[images[0]!]}`);
    for (const name of images) await releaseIn(world, digests[name]);
    const Name = production.parameterName;
    await world.admin.ssm.send(new PutParameterCommand({ Name, Type: "String", Value: "none" }));
    const { sts, ecr } = await world.assumeRole("promotion", declared(promotion));
    const { accessKeyId, secretAccessKey, sessionToken = "" } = await sts.config.credentials();
    await writeRegistryLogin(ecr, host, folder);

    const put = async (statements: object[]) => {
        const PolicyDocument = policy(statements);
        await world.admin.iam.send(
            new PutRolePolicyCommand({ RoleName: "promotion", PolicyName: "inline", PolicyDocument }),
        );
    };
    return {
        ...world,
        /** Digests by the names of the images. */
        digests,
        /** Address of production's repository. */
        to: `${host}/${production.repositoryName}`,
        /** Gives the role these statements. */
        put,
        /** Gives the role exactly the permissions that a stack declares for another promotion. */
        allow: (promotion?: PromotionScope, repositoryArn?: string) => put(declared(promotion, repositoryArn)),
        /** Logs in to the registry under the role. */
        logIn: () => writeRegistryLogin(ecr, host, folder),
        /** Runs the script under the role. */
        promote: (...args: string[]) =>
            run(["deploy/promote.sh", "--from", parameterName, ...args], {
                ...world.environment,
                PATH: `${world.environment.PATH}:${path.join(toolsDirectory, "bin")}`,
                DOCKER_CONFIG: folder,
                BUILDX_CONFIG: path.join(folder, "buildx"),
                AWS_ACCESS_KEY_ID: accessKeyId,
                AWS_SECRET_ACCESS_KEY: secretAccessKey,
                AWS_SESSION_TOKEN: sessionToken,
            }),
        /** Lists the content of production's repository: tags by digest. */
        copies: async () => {
            const describe = new DescribeImagesCommand({ repositoryName: production.repositoryName });
            const { imageDetails = [] } = await world.admin.ecr.send(describe);
            return Object.fromEntries(imageDetails.map(({ imageDigest = "", imageTags }) => [imageDigest, imageTags]));
        },
        /** Replaces the repository by an empty one of the same name, without layers either. */
        emptyCopies: async () => {
            const name = { repositoryName: production.repositoryName };
            await world.admin.ecr.send(new DeleteRepositoryCommand({ ...name, force: true }));
            await world.admin.ecr.send(new CreateRepositoryCommand(name));
        },
        stop: async () => {
            fs.rmSync(folder, { recursive: true });
            await world.stop();
        },
    };
}

/** Makes the statements of production's deploy role. */
export function declared(promotion?: PromotionScope, repositoryArn = arn("ecr", "repository/shop-prod")): object[] {
    const release = { parameterArn: arn("ssm", `parameter${production.parameterName}`), repositoryArn };
    return (JSON.parse(deployPolicy({ release, promotion })) as { Statement: object[] }).Statement;
}

/** Records a release in dev, as its deploys do. */
async function releaseIn(world: DeployWorld, digest: string): Promise<void> {
    const record = `use_image ${digest}; require_image; begin_release; record_release`;
    const { code, stderr } = await runWithLibrary(record, world.environment);
    if (code !== 0) throw new Error(stderr);
}
