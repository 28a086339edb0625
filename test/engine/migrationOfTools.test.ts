import assert from "node:assert/strict";
import { awsxProgram } from "../support/migration/awsxProgram";
import { guideSection } from "../support/migration/guide";
import { MigrationWorld } from "../support/migration/migrationWorld";
import { pushImages } from "../support/migration/origins";

const taking = guideSection("Repository, project and log group");

describe("docs/guides/migration.md, from other tools that build images,", function () {
    this.timeout(180_000);
    let world: MigrationWorld;

    before(async () => {
        world = await MigrationWorld.open();
    });
    after(() => world?.close());

    it("moves the repository of awsx within its stack", async () => {
        // GIVEN a stack of awsx with an image
        const project = world.open("earlier", { program: awsxProgram });
        await project.run(`pulumi stack init dev\npulumi config set aws:region eu-central-1\npulumi up`);
        const repository = (await project.run("pulumi stack output repositoryName")).trim();
        await pushImages(world.engine, repository, ["latest", "4f2a9c1"]);
        // WHEN the guide's program takes the place of awsx's
        const section = guideSection("awsx");
        project.rename({ "repo-1a2b3c4": repository });
        project.write("index.ts", section.program!);
        const summary = await world.keeping(repository, () => project.run(section.commands!));
        // THEN the repository is updated in place, only awsx's component leaves the state, and the new policy stays
        assert.deepEqual([summary.update, summary.replace, summary.delete], [1, undefined, 1]);
        const policy = `aws ecr get-lifecycle-policy --repository-name ${repository} --query lifecyclePolicyText`;
        assert.match(await project.run(policy), /deployed-\*/);
        await world.release(project, section);
    });

    it("leaves the images of CDK's assets and of SST's alone", async () => {
        // GIVEN the repositories of both bootstraps, which all applications share
        const shared = ["cdk-hnb659fds-container-assets-000000000000-us-east-1", "sst-asset"];
        for (const repository of shared) await world.createRepository(repository, "IMMUTABLE");
        // WHEN the program of five lines is added
        const program = taking.program!.replace(/^.*(repositoryName|existingCacheBucketName|project):.*\n/gm, "");
        const project = world.open("assets", { program });
        const commands = taking.commands!.replace(/^pulumi import .*\n/m, "");
        const summary = await world.keeping(shared[0]!, async () => {
            let output = "";
            await world.keeping(shared[1]!, async () => (output = await project.run(commands)));
            return output;
        });
        // THEN it only creates
        assert.deepEqual([summary.update, summary.replace, summary.delete], [undefined, undefined, undefined]);
    });

    it("uses the repository of docker/build-push-action as it is", async () => {
        await world.createRepository("action");
        const section = guideSection("docker/build-push-action");
        const project = world.open("action", section, { "shop-images": "action" });
        let tags = "";
        const summary = await world.keeping("action", async () => {
            const output = await project.run(
                "pulumi stack init dev\npulumi config set aws:region eu-central-1\npulumi up",
            );
            tags = await project.run(section.commands!);
            return output;
        });
        assert.deepEqual([summary.update, summary.replace, summary.delete], [undefined, undefined, undefined]);
        assert.match(tags, /"latest"/);
        assert.match(tags, /"src-[0-9a-f]{40}"/);
    });
});
