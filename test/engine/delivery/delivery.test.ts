import assert from "node:assert/strict";
import { RetryStageExecutionCommand, StopPipelineExecutionCommand } from "@aws-sdk/client-codepipeline";
import { waitFor } from "../../../local/machine/waitFor";
import { DeliveryWorld, type Execution } from "./deliveryWorld";
import { unusedActions } from "./usedActions";

/** Actions up to each point of the pipeline. */
const built = { "Source/Source": "Succeeded", "Build/Build": "Succeeded" };
const released = { ...built, "Scan/Scan": "Succeeded", "delivery/Deploy": "Succeeded" };
const compared = { ...released, "delivery-prod/Compare": "Succeeded" };
const approved = { ...compared, "delivery-prod/Approve": "Succeeded" };

/** CodeBuild reads a source by its version where the bucket has versions, which the artifact bucket has not. */
const readingVersions = "s3:GetObjectVersion";
/** CodePipeline ends a build whose action is abandoned; here the gateway does. */
const endingBuilds = "codebuild:StopBuild";
/** A release that takes too long is cancelled; test/deploy/ec2Instances has it. */
const cancelling = "ssm:CancelCommand";

/** Actions that these runs do not use, by role. */
const expectedUnused = {
    // What AWS's page about the role demands, whatever roles the actions have.
    "delivery-role": [
        "s3:GetBucketAcl",
        "s3:GetBucketLocation",
        "s3:GetBucketVersioning",
        "s3:GetObject",
        "s3:PutObject",
    ],
    // The gateway asks the policies whether the connection may be used, and no request is made of it. CodePipeline sets an object's ACL.
    "delivery-source-role": ["codeconnections:UseConnection", "s3:PutObjectAcl"],
    "delivery-build-start-role": [endingBuilds],
    "delivery-scan-start-role": [endingBuilds],
    "delivery-scan-role": [readingVersions],
    "delivery-deploy-start-role": [endingBuilds],
    "delivery-deploy-role": [readingVersions, cancelling],
    "delivery-promote-delivery-prod-start-role": [endingBuilds],
    "cached-image-pipeline-delivery-promote-delivery-prod": [readingVersions],
    "cached-image-pipeline-delivery-prod-delivery": [cancelling],
};

describe("a delivery pipeline from commit to the second environment", function () {
    this.timeout(400_000);
    const world = new DeliveryWorld();
    /** Execution, and log of the promotion's project, at a time when the second environment did not exist. */
    let without: Execution & { log: string };
    before(async () => {
        await world.start();
        const id = await world.begin();
        without = { ...(await world.end(id)), log: (await world.promote(await world.imageOf(id))).log };
        await world.startSecond();
    });
    after(() => world.stop());

    /** Reads the digests of both environments. */
    const live = async () => [await world.live("delivery"), await world.live("delivery-prod")];
    /** Runs the pipeline on a commit that everybody approves. */
    const deliver = async () => {
        const id = await world.begin();
        const shown = await world.answer(id, "Approved");
        return { shown, ...(await world.end(id)) };
    };

    it("ends at the comparison as long as the second environment does not exist, and says what is missing", () => {
        assert.deepEqual(
            [without.status, without.actions],
            ["Failed", { ...released, "delivery-prod/Compare": "Failed" }],
        );
        const [parameter, role] = [
            "/cached-image-pipeline/delivery-prod/config/deploy-env",
            "cached-image-pipeline-delivery-prod-delivery",
        ];
        const sentence = `${parameter} cannot be read as arn:aws:iam::000000000000:role/${role}; that environment's stack makes both: set deliveredBy there and run \`pulumi up\`.`;
        assert.ok(without.log.includes(sentence), without.log);
    });

    it("releases a commit to both environments by one digest, after an approval that shows the change", async () => {
        // GIVEN a commit, WHEN the pipeline runs and somebody approves
        const commit = world.commit();
        const { shown, ...execution } = await deliver();
        // THEN both environments run the same digest, which the approval showed
        const actions = { ...approved, "delivery-prod/Promote": "Succeeded" };
        assert.deepEqual(execution, { status: "Succeeded", actions, errors: "" });
        const [first, second] = await live();
        assert.match(first ?? "", /^sha256:[0-9a-f]{64}$/);
        assert.equal(second, first);
        assert.equal(shown, `nothing to ${first}, commit ${commit}. Findings: passes HIGH; findings: 0, allowed: 0.`);
    });

    it("shows the commit that runs, and leaves everything as it is when the approval is refused", async () => {
        const before = await world.live("delivery-prod");
        const from = world.head();
        const to = world.commit();
        const id = await world.begin();
        const shown = await world.answer(id, "Rejected");
        const { status, actions, errors } = await world.end(id);
        assert.deepEqual([status, actions], ["Failed", { ...compared, "delivery-prod/Approve": "Failed" }]);
        assert.match(errors, /^Rejected by .*:assumed-role\/approver\/person$/);
        const [first, second] = await live();
        assert.notEqual(first, before);
        assert.equal(second, before);
        const change = `${world.outputs.repositoryUrl}@${before} (git-${from}) to ${first}, commit ${to}`;
        assert.equal(shown.split(". Findings")[0], change);
    });

    it("releases nothing whose tests fail", async () => {
        const before = await live();
        world.commit("broken");
        const { status, actions } = await world.end(await world.begin());
        assert.deepEqual([status, actions], ["Failed", { ...built, "Build/Build": "Failed" }]);
        assert.deepEqual(await live(), before);
    });

    it("releases nothing with a finding that is too severe", async () => {
        const before = await live();
        world.commit();
        await world.setFindings({ name: "CVE-2026-0001", severity: "CRITICAL" });
        const { status, actions } = await world.end(await world.begin());
        await world.setFindings();
        assert.deepEqual([status, actions], ["Failed", { ...built, "Scan/Scan": "Failed" }]);
        assert.deepEqual(await live(), before);
    });

    it("promotes no image that the first environment did not release", async () => {
        // GIVEN the image of the execution before, which the gate refused
        const before = await live();
        const image = await world.imageOf(world.lastExecution);
        // WHEN the project that promotes gets it, as from a pipeline that somebody has changed
        const { buildStatus, log } = await world.promote(image);
        // THEN it releases nothing
        assert.equal(buildStatus, "FAILED", log);
        assert.match(log, new RegExp(`never released ${image.split("@")[1]}`));
        assert.deepEqual(await live(), before);
    });

    it("keeps the old release in production when the new one does not become healthy there", async () => {
        const [, before] = await live();
        world.refuseReleases("delivery-prod", true);
        const { status, actions } = await deliver();
        world.refuseReleases("delivery-prod", false);
        assert.deepEqual([status, actions], ["Failed", { ...approved, "delivery-prod/Promote": "Failed" }]);
        const [first, second] = await live();
        assert.notEqual(first, before);
        assert.equal(second, before);
    });

    it("goes on where it failed when the stage is tried again", async () => {
        // GIVEN the execution before, which failed in production, and a host that is well again
        const [first] = await live();
        const id = world.lastExecution;
        const again = new RetryStageExecutionCommand({
            pipelineName: world.outputs.deliveryPipelineName!,
            stageName: "delivery-prod",
            pipelineExecutionId: id,
            retryMode: "FAILED_ACTIONS",
        });
        await world.client.send(again);
        // THEN production gets the digest without another build or approval
        assert.equal((await world.end(id)).status, "Succeeded");
        assert.equal(await world.live("delivery-prod"), first);
    });

    it("lets the newest of several commits take the place of one that waits", async () => {
        world.commit();
        const ids = [await world.begin()];
        // GIVEN an execution that builds, and two more
        for (let count = 0; count < 2; count++) {
            world.commit();
            ids.push(await world.begin());
        }
        // An approval holds its stage, so the first one has to be answered before the last one comes.
        await world.answer(ids[0]!, "Approved");
        await world.answer(ids[2]!, "Approved");
        const executions = await Promise.all(ids.map((id) => world.end(id)));
        // THEN the last one is live everywhere, and none but it was approved
        assert.equal(executions[2]!.status, "Succeeded");
        assert.ok(
            executions.some(({ status }) => status === "Superseded"),
            JSON.stringify(executions),
        );
        const [first, second] = await live();
        assert.equal(second, first);
        assert.deepEqual(await world.commitOf(first!), world.head());
    });

    it("can be stopped in the middle and started again", async () => {
        const before = await live();
        world.commit();
        const id = await world.begin();
        await waitFor(async () => ((await world.isActing(id, "Build")) ? true : undefined), 60_000);
        await world.client.send(
            new StopPipelineExecutionCommand({
                pipelineName: world.outputs.deliveryPipelineName!,
                pipelineExecutionId: id,
                abandon: true,
                reason: "a test",
            }),
        );
        assert.equal((await world.end(id)).status, "Stopped");
        assert.deepEqual(await live(), before);
        const { status } = await deliver();
        assert.equal(status, "Succeeded");
        const [first, second] = await live();
        assert.equal(second, first);
        assert.notEqual(first, before[0]);
    });

    it("has roles of which each allowed action was used in these runs, but for some that AWS alone asks for", async () => {
        const unused = await unusedActions(world.engine, /^delivery-(?!artifacts)|^cached-image-pipeline-delivery/);
        assert.deepEqual(unused, expectedUnused);
    });
});
