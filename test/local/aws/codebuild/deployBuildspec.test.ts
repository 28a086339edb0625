import assert from "node:assert/strict";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { CreateRepositoryCommand, DescribeImagesCommand, ECRClient, PutImageCommand } from "@aws-sdk/client-ecr";
import { GetParameterCommand, PutParameterCommand } from "@aws-sdk/client-ssm";
import { deployPolicy } from "../../../../infra/ci/deployPolicy";
import { projectRoot } from "../../../../local/paths";
import { worldLayout } from "../../../../local/world/services/layout";
import { documentName, instanceTag, targetVariables } from "../../../deploy/ec2World";
import { makeSimpleInstances } from "../../../deploy/simpleInstances";
import { digestOf, manifest, manifestType } from "../gateway/registry/registryClient";
import { accountId, mayWriteLog, outcome, region, useCodeBuildWorld } from "./codebuildWorld";

const [repositoryName, parameter] = ["shop-dev", "/shop/dev/config/image-tag"];
const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${accountId}:${resource}`;

describe("buildspecs/deploy.yml, run as CodeBuild does under a role with the deploy role's policy", function () {
    this.timeout(120_000);
    const world = useCodeBuildWorld();
    const digests = ["one", "two"].map((name) => digestOf(manifest(name)));
    let instances: Awaited<ReturnType<typeof makeSimpleInstances>>;
    let repositoryUrl: string;
    let sourceDirectory: string;
    let project: string;

    before(async () => {
        repositoryUrl = `${world.host.world.registry}/${repositoryName}`;
        const ecr = new ECRClient(world.settings);
        await ecr.send(new CreateRepositoryCommand({ repositoryName }));
        for (const name of ["one", "two"]) {
            const put = { repositoryName, imageManifest: manifest(name), imageManifestMediaType: manifestType };
            await ecr.send(new PutImageCommand({ ...put, imageTag: `src-${name}` }));
        }
        const Value = `${repositoryUrl}@${digests[0]}`;
        await world.ssm.send(new PutParameterCommand({ Name: parameter, Type: "String", Value }));
        const folder = path.join(world.folder, "instances");
        await fs.mkdir(folder);
        const ssmDirectory = path.join(worldLayout(world.host.directory).gatewayState, "ssm");
        const admin = { ssm: world.ssm, iam: world.iam };
        instances = await makeSimpleInstances({ admin, ssmDirectory, folder, count: 2 });
        await instances.reset();
        project = await world.project({ name: "shop-dev-deploy", onlyStatements: roleStatements() });
        sourceDirectory = await world.source({});
        for (const name of ["deploy", "buildspecs"]) {
            await fs.cp(path.join(projectRoot, name), path.join(sourceDirectory, name), { recursive: true });
        }
    });

    /** Runs the buildspec with these variables besides those of deployEnv. */
    const build = (variables: Record<string, string>) => {
        const environment = {
            ...{ REPOSITORY_URL: repositoryUrl, IMAGE_TAG_PARAMETER: parameter, DEPLOYED_TAG: "deployed-dev" },
            ...{ ...targetVariables, TARGET: "ec2", ...variables },
        };
        return world.build(project, {
            sourceDirectory,
            start: {
                buildspecOverride: "buildspecs/deploy.yml",
                environmentVariablesOverride: Object.entries(environment).map(([name, value]) => ({ name, value })),
            },
        });
    };
    const live = async () => {
        const { Parameter } = await world.ssm.send(new GetParameterCommand({ Name: `${parameter}:live` }));
        return Parameter?.Value?.split("@")[1];
    };

    it("releases the image of the variable IMAGE_URI on every instance, and records it", async () => {
        for (const digest of digests) {
            const { build: record, log } = await build({ IMAGE_URI: `${repositoryUrl}@${digest}` });
            assert.equal(record.buildStatus, "SUCCEEDED", log);
            assert.equal(await live(), digest);
        }
        assert.deepEqual(instances.deployed(), [digests, digests]);
        const describe = new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag: "deployed-dev" }] });
        const { imageDetails } = await new ECRClient(world.settings).send(describe);
        assert.equal(imageDetails?.[0]?.imageDigest, digests[1]);
    });

    it("goes back to the release before with ROLLBACK", async () => {
        const { build: record, log } = await build({ ROLLBACK: "true" });
        assert.equal(record.buildStatus, "SUCCEEDED", log);
        assert.equal(await live(), digests[0]);
        assert.deepEqual(
            instances.deployed().map((list) => list.at(-1)),
            [digests[0], digests[0]],
        );
    });

    it("fails when the deploy does, and records nothing", async () => {
        instances.refuse(2, digests[1]!);
        const { build: record, log } = await build({ IMAGE_URI: `${repositoryUrl}@${digests[1]}` });
        const { status, failed } = outcome(record);
        assert.deepEqual([status, failed], ["FAILED", ["BUILD"]], log);
        assert.match(log, new RegExp(`^error: ${digests[1]} was not released; the record was not changed\\.$`, "m"));
        assert.equal(await live(), digests[0]);
    });

    function roleStatements(): object[] {
        const policy = deployPolicy({
            release: {
                parameterArn: arn("ssm", `parameter${parameter}`),
                repositoryArn: arn("ecr", `repository/${repositoryName}`),
            },
            ec2: {
                documentArn: arn("ssm", `document/${documentName}`),
                instanceArn: arn("ec2", "instance/*"),
                instanceTag,
            },
        });
        return [mayWriteLog("shop-dev-deploy"), ...(JSON.parse(policy) as { Statement: object[] }).Statement];
    }
});
